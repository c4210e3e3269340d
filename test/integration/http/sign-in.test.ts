import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';

describe('signing in', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await openHttpWorld([]);
  });
  afterEach(() => world.close());

  const html = { accept: 'text/html,application/xhtml+xml' };

  it('is required of a browser, which returns to its page afterwards', async () => {
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
    const answer = await world.ask('/ops/sign-in', {
      method: 'POST',
      body: new URLSearchParams({ token: world.tokens.add('ada', 'viewer') }),
    });
    const cookie = answer.headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('rc_ada');
  });

  it('gives a cookie for TLS alone where the browser uses TLS', async () => {
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

  it.each([
    ['application/json', '"x"'],
    ['application/json', '[1]'],
    ['application/json', 'null'],
    ['text/plain', 'token=x'],
  ])('takes %s %s as an empty form', async (type, body) => {
    const answer = await world.ask('/ops/sign-in', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('Enter an access token.');
    expect(world.logged.join('')).not.toContain('"level":"error"');
  });

  const tryToken = (token: string, headers: Record<string, string> = {}, at = world) =>
    at.ask('/ops/sign-in', { method: 'POST', headers, body: new URLSearchParams({ token }) });

  it('limits failures and says so, and always accepts a right token', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await tryToken('x')).status).toBe(401);
    }
    const refused = await tryToken('x');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toMatch(
      /role="alert">Too many wrong tokens came from your address\. Try again in \d+ seconds/,
    );
    expect((await tryToken(world.tokens.add('ada', 'viewer'))).status).toBe(303);
  });

  it('does not count successful sign-ins', async () => {
    const secret = world.tokens.add('ada', 'viewer');
    for (let attempt = 0; attempt < 11; attempt += 1) await tryToken(secret);
    expect((await tryToken('x')).status).toBe(401);
  });

  it.each([
    [['127.0.0.0/8'], 401],
    [['10.0.0.1'], 429],
    [[], 429],
  ])('distinguishes clients behind the proxies %j: %i', async (trustedProxies, status) => {
    const other = await openHttpWorld([], { trustedProxies });
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
      cookie = await world.signIn(world.tokens.add('ada', 'viewer', { name: "ada's" }));
    });
    const status = async (sent = cookie) =>
      (await world.ask('/ops/queues/api/queues', { headers: { cookie: sent } })).status;

    it('lets the user in', async () => {
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

    it('refuses an altered cookie', async () => {
      const [name, value = ''] = cookie.split('=');
      const [, signature] = decodeURIComponent(value).split('.');
      const forged = Buffer.from(
        JSON.stringify({ id: 'x', tokenId: 'root', until: 9e15 }),
      ).toString('base64url');
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
      expect(await status()).toBe(401);
    });

    it('continues elsewhere when one session is signed out', async () => {
      const elsewhere = await world.signIn('rc_ada');
      await world.ask('/ops/sign-out', { method: 'POST', headers: { cookie } });
      expect(await status(elsewhere)).toBe(200);
    });

    it('shows a browser why it was refused', async () => {
      const answer = await world.ask('/ops/sign-out', {
        method: 'POST',
        headers: { cookie, origin: 'https://evil.test', ...html },
      });
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
      const answer = await world.ask('/ops/sign-out', {
        method: 'POST',
        headers: { cookie, origin },
      });
      expect(answer.status).toBe(expected);
    });

    it('carries out requests from the address that the browser used', async () => {
      const answer = await world.ask('/ops/sign-out', {
        method: 'POST',
        headers: { cookie, origin: world.url },
      });
      expect(answer.status).toBe(303);
    });
  });

  it('is in the audit, and so is signing out', async () => {
    const cookie = await world.signIn(world.tokens.add('ada', 'viewer', { name: "ada's" }));
    await world.signIn('wrong');
    await world.ask('/ops/sign-out', { method: 'POST', headers: { cookie } });
    const who = { by: "token:ada's", from: '127.0.0.1', tokenId: 'ada', outcome: 'done' };
    expect(world.audit.all).toMatchObject([
      { ...who, action: 'signed-in' },
      { ...who, action: 'signed-out' },
    ]);
  });

  it('redirects to no other site', async () => {
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
