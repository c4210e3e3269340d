import { openApiWorld } from '../../fakes/api-world.ts';
import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';

describe('an access token that expired', () => {
  let world: HttpWorld;
  let secret: string;
  const expiresAt = new Date(Date.now() + 20 * 60_000);
  beforeEach(async () => {
    world = await openHttpWorld([]);
    secret = world.tokens.add('ada', 'admin', { expiresAt });
  });
  afterEach(() => world.close());

  const expire = () => {
    world.clock.time = new Date(expiresAt);
  };
  const why = `The access token "ada" expired at ${expiresAt.toISOString()}.`;

  it('is a clear 401, however often it is used', async () => {
    const ask = () => world.ask('/ops/queues', { headers: { authorization: `Bearer ${secret}` } });
    expect((await ask()).status).toBe(200);
    expire();
    for (let n = 0; n < 20; n += 1) expect((await ask()).status).toBe(401);
    expect(JSON.stringify(await (await ask()).json())).toContain(JSON.stringify(why).slice(1, -1));
  });

  it('ends its sessions', async () => {
    const cookie = await world.signIn(secret);
    expire();
    const asked = await world.ask('/ops/queues', { headers: { cookie } });
    expect(asked.status).toBe(401);
    expect(await asked.json()).toMatchObject({ detail: expect.stringContaining(why) });
    const page = await world.ask('/ops/queues', { headers: { cookie, accept: 'text/html' } });
    expect(page.headers.get('location')).toContain('/sign-in#next=');
  });

  it('begins no session', async () => {
    const api = await openApiWorld();
    try {
      api.world.tokens.add('old', 'viewer', { expiresAt: new Date(0) });
      const body = { token: 'rc_old' };
      const again = await api.ask('POST', '/session', { as: 'none', body });
      expect(again.status).toBe(401);
      expect(again.headers.getSetCookie()).toEqual([]);
      expect(again.text).toContain('expired at');
    } finally {
      await api.close();
    }
  });
});

describe('a request of another site', () => {
  it('is audited like what a token is not allowed to do, when it has a token', async () => {
    const world = await openHttpWorld([]);
    try {
      const cookie = await world.signIn(world.tokens.add('ada', 'admin'));
      const origin = 'https://evil.test';
      const ask = (headers: Record<string, string>) =>
        world.ask('/ops/sign-out', { method: 'POST', headers: { origin, ...headers } });
      world.audit.all.length = 0;
      expect((await ask({})).status).toBe(403);
      expect(world.audit.all).toEqual([]);
      expect((await ask({ cookie })).status).toBe(403);
      expect(world.audit.all).toMatchObject([
        {
          action: 'access-refused',
          outcome: 'refused',
          by: 'token:ada',
          byTokenId: 'ada',
          changes: [
            { path: 'request', from: null, to: 'POST /ops/sign-out' },
            { path: 'origin', from: null, to: origin },
          ],
        },
      ]);
    } finally {
      await world.close();
    }
  });
});
