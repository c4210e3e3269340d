import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';
import type { HttpWorld } from '../../fakes/http-world.ts';
import { openHttpWorld } from '../../fakes/http-world.ts';

describe('signing in', () => {
  let api: ApiWorld;
  let world: HttpWorld;
  beforeEach(async () => {
    api = await openApiWorld();
    world = api.http;
    api.world.tokens.add('ada', 'viewer', { name: "ada's" });
  });
  afterEach(() => api.close());

  const html = { accept: 'text/html,application/xhtml+xml' };
  const minuteMs = 60_000;
  const tryToken = (token: string, headers: Record<string, string> = {}, at = world) =>
    at.ask('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    });
  const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';

  it('is asked for by the console, which returns to the page afterwards', async () => {
    const page = await world.ask('/ops/queues/queue/runs?status=failed', { headers: html });
    expect(page.status).toBe(302);
    const there = page.headers.get('location');
    expect(there).toBe('/sign-in#next=%2Fops%2Fqueues%2Fqueue%2Fruns%3Fstatus%3Dfailed');
    const former = await world.ask('/ops/sign-in', { headers: html });
    expect(former.headers.get('location')).toBe('/sign-in#next=/ops/queues');
  });

  it('is required of all other clients by a 401', async () => {
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
    const cookie = (await tryToken('rc_ada')).headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('rc_ada');
  });

  it('gives a cookie for TLS and this host alone where the browser uses TLS', async () => {
    const { ports } = api.world;
    const other = await openHttpWorld([], { ...ports, ports, publicUrl: 'https://rollcall.test' });
    try {
      const answer = await tryToken('rc_ada', {}, other);
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-rollcall_session=.*; Secure/);
      const cookie = cookieOf(answer);
      const ask = (sent: string) => other.ask('/api/v1/session', { headers: { cookie: sent } });
      expect((await ask(cookie)).status).toBe(200);
      expect((await ask(cookie.replace('__Host-', ''))).status).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('says so when the token is wrong, and logs it nowhere', async () => {
    const answer = await tryToken('rc_wrong');
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(world.logged.join('')).not.toContain('rc_wrong');
  });

  it('limits failures and says so, and always accepts a right token', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await tryToken('x')).status).toBe(401);
    }
    const refused = await tryToken('x');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toMatch(
      /Too many wrong tokens came from your address\. Try again in \d+ seconds/,
    );
    expect((await tryToken('rc_ada')).status).toBe(200);
  });

  it('does not count successful sign-ins', async () => {
    for (let attempt = 0; attempt < 11; attempt += 1) await tryToken('rc_ada');
    expect((await tryToken('x')).status).toBe(401);
  });

  it.each([
    [['127.0.0.0/8'], 401],
    [['10.0.0.1'], 429],
    [[], 429],
  ])('distinguishes clients behind the proxies %j: %i', async (trustedProxies, status) => {
    const { ports } = api.world;
    const other = await openHttpWorld([], { ...ports, ports, trustedProxies });
    try {
      for (let attempt = 0; attempt < 11; attempt += 1) {
        await tryToken('x', { 'x-forwarded-for': '203.0.113.1' }, other);
      }
      const neighbour = await tryToken('x', { 'x-forwarded-for': '203.0.113.2' }, other);
      expect(neighbour.status).toBe(status);
    } finally {
      await other.close();
    }
  });

  describe('with a session', () => {
    let cookie: string;
    beforeEach(async () => {
      cookie = cookieOf(await tryToken('rc_ada'));
    });
    const ask = (headers: Record<string, string> = {}) =>
      world.ask('/api/v1/session', { headers: { cookie, ...headers } });
    const status = async () => (await ask()).status;
    const wait = (ms: number) => {
      api.world.clock.nowMs += ms;
    };
    const signOut = (headers: Record<string, string> = {}) =>
      world.ask('/ops/sign-out', { method: 'POST', headers: { cookie, ...headers } });

    it('lets the user in, and says until when', async () => {
      const session = (await (await ask()).json()) as Record<string, string>;
      const inMs = (time: string) => Date.parse(time) - api.world.clock.nowMs;
      expect(session).toMatchObject({ kind: 'token', name: "ada's", actor: "token:ada's" });
      expect(inMs(session['expiresAt'] ?? '')).toBe(12 * 60 * minuteMs);
      expect(inMs(session['idleExpiresAt'] ?? '')).toBe(30 * minuteMs);
    });

    it('ends when the token is revoked', async () => {
      api.world.tokens.all.delete('ada');
      expect(await status()).toBe(401);
    });

    it('ends after 30 minutes in which its user did nothing, whatever polls ask', async () => {
      for (let asked = 0; asked < 29; asked += 1) {
        wait(minuteMs);
        expect((await ask({ 'rollcall-active': 'no' })).status).toBe(200);
      }
      wait(minuteMs);
      expect(await status()).toBe(401);
    });

    it('goes on while its user does something, for twelve hours', async () => {
      for (let passed = 20; passed < 12 * 60; passed += 20) {
        wait(20 * minuteMs);
        expect((await ask({ 'rollcall-active': 'yes' })).status).toBe(200);
      }
      wait(20 * minuteMs);
      expect(await status()).toBe(401);
    });

    it('refuses another secret', async () => {
      cookie = `${cookie}x`;
      expect(await status()).toBe(401);
    });

    it('ends by signing out, also for a copy of the cookie', async () => {
      const page = await world.ask('/ops/sign-out', { headers: { cookie } });
      expect(await page.text()).toContain('ada&#39;s');
      const answer = await signOut();
      expect(answer.headers.get('location')).toBe('/sign-in');
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^rollcall_session=; .*Expires=Thu, 01 Jan 1970/,
      );
      expect(await status()).toBe(401);
    });

    it('continues elsewhere when one session is signed out', async () => {
      const elsewhere = cookieOf(await tryToken('rc_ada'));
      await signOut();
      cookie = elsewhere;
      expect(await status()).toBe(200);
    });

    it('shows a browser why it was refused', async () => {
      const answer = await signOut({ origin: 'https://evil.test', ...html });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain(
        'role="alert">A request from another site (https://evil.test) is not carried out.',
      );
      expect(await status()).toBe(200);
    });

    it.each([
      ['https://evil.test', 403],
      ['null', 403],
      ['http://rollcall.test', 303],
    ])('carries out requests from the origin %s: %i', async (origin, expected) => {
      expect((await signOut({ origin })).status).toBe(expected);
    });

    it('carries out requests from the address that the browser used', async () => {
      expect((await signOut({ origin: world.url })).status).toBe(303);
    });

    it.each([
      ['cross-site', 403],
      ['same-site', 403],
      ['same-origin', 200],
      ['none', 200],
    ])('answers to requests that a site caused, %s: %i', async (site, expected) => {
      expect((await ask({ 'sec-fetch-site': site })).status).toBe(expected);
    });
  });

  it('is in the audit, and so is signing out', async () => {
    const cookie = cookieOf(await tryToken('rc_ada'));
    await tryToken('wrong');
    await world.ask('/ops/sign-out', { method: 'POST', headers: { cookie } });
    const who = { by: "token:ada's", from: '127.0.0.1', tokenId: 'ada', outcome: 'done' };
    expect(api.world.audit.all).toMatchObject([
      { ...who, action: 'signed-in' },
      { ...who, action: 'signed-out' },
    ]);
  });
});
