import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';

describe('signing in', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await openHttpWorld([]);
  });
  afterEach(() => world.close());

  const html = { accept: 'text/html,application/xhtml+xml' };

  it('is asked of a browser, which comes back afterwards', async () => {
    const page = await world.ask('/ops/queues/queue/runs?status=failed', { headers: html });
    expect(page.status).toBe(302);
    const there = page.headers.get('location') ?? '';
    expect(there).toBe('/ops/sign-in?next=%2Fops%2Fqueues%2Fqueue%2Fruns%3Fstatus%3Dfailed');
    const form = await (await world.ask(there)).text();
    expect(form).toContain('value="/ops/queues/queue/runs?status=failed"');
    const secret = world.tokens.add('ada', 'viewer');
    const answer = await world.ask('/ops/sign-in', {
      method: 'POST',
      body: new URLSearchParams({
        token: ` ${secret}\n`,
        next: '/ops/queues/queue/runs?status=failed',
      }),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/ops/queues/queue/runs?status=failed');
  });

  it('is told to everything that is no browser', async () => {
    const answer = await world.ask('/ops/queues/api/queues');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Sign in first',
      status: 401,
      detail: expect.any(String),
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('gives a cookie that no script and no other site can use', async () => {
    const answer = await world.ask('/ops/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ token: world.tokens.add('ada', 'viewer') }),
    });
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('secret-of');
  });

  it('gives a cookie for TLS alone where people come by TLS', async () => {
    const other = await openHttpWorld([], { publicUrl: 'https://rollcall.test' });
    try {
      const answer = await other.ask('/ops/sign-in', {
        method: 'POST',
        body: new URLSearchParams({ token: other.tokens.add('ada', 'viewer') }),
      });
      expect(answer.headers.getSetCookie()[0]).toContain('; Secure');
    } finally {
      await other.close();
    }
  });

  it.each(['wrong', ''])('says so when the token is %p', async (token) => {
    const answer = await world.ask('/ops/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).toContain('role="alert"');
    expect(world.logged.join('')).not.toContain('"wrong"');
  });

  it('is limited, so that tokens can not be guessed', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const { status } = await world.ask('/ops/sign-in', {
        method: 'POST',
        body: new URLSearchParams({ token: 'x' }),
      });
      statuses.push(status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses[10]).toBe(429);
  });

  describe('once it is done', () => {
    let cookie: string;
    beforeEach(async () => {
      cookie = await world.signIn(world.tokens.add('ada', 'viewer'));
    });
    const status = async (sent = cookie) =>
      (await world.ask('/ops/queues/api/queues', { headers: { cookie: sent } })).status;

    it('lets people in', async () => {
      expect(await status()).toBe(200);
    });

    it('ends when the token is revoked', async () => {
      world.tokens.all.delete('ada');
      expect(await status()).toBe(401);
    });

    it('ends after twelve hours', async () => {
      world.clock.time = new Date(world.clock.time.getTime() + 12 * 3_600_000 + 1);
      expect(await status()).toBe(401);
    });

    it('does not believe a cookie that somebody changed', async () => {
      const [name, value = ''] = cookie.split('=');
      const [, signature] = decodeURIComponent(value).split('.');
      const forged = Buffer.from(JSON.stringify({ token: 'root', until: 9e15 })).toString(
        'base64url',
      );
      world.tokens.add('root', 'owner');
      expect(await status(`${name}=${encodeURIComponent(`${forged}.${signature}`)}`)).toBe(401);
    });

    it('ends by signing out', async () => {
      const page = await (await world.ask('/ops/sign-out', { headers: { cookie } })).text();
      expect(page).toContain('ada&#39;s');
      const answer = await world.ask('/ops/sign-out', { method: 'POST', headers: { cookie } });
      expect(answer.headers.get('location')).toBe('/ops/sign-in');
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^rollcall_session=; .*Expires=Thu, 01 Jan 1970/,
      );
    });

    it.each([
      ['https://evil.test', 403],
      ['null', 403],
      ['http://rollcall.test', 303],
    ])('carries out what comes from %s: %i', async (origin, expected) => {
      const answer = await world.ask('/ops/sign-out', {
        method: 'POST',
        headers: { cookie, origin },
      });
      expect(answer.status).toBe(expected);
    });

    it('carries out what comes from the address it was asked at', async () => {
      const answer = await world.ask('/ops/sign-out', {
        method: 'POST',
        headers: { cookie, origin: world.url },
      });
      expect(answer.status).toBe(303);
    });
  });

  it('leads to no other site', async () => {
    const secret = world.tokens.add('ada', 'viewer');
    for (const next of [
      '//evil.test',
      'https://evil.test',
      '/ops//evil.test',
      '/ops/..\\evil',
      'javascript:1',
    ]) {
      const answer = await world.ask('/ops/sign-in', {
        method: 'POST',
        body: new URLSearchParams({ token: secret, next }),
      });
      expect(answer.headers.get('location')).toBe('/ops/queues');
    }
  });
});
