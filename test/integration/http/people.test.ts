import { createIdentityProvider } from '../../../src/oidc/identity-provider.ts';
import { createWays } from '../../../src/outgoing/ways.ts';
import { CliWorld } from '../../fakes/cli-world.ts';
import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';
import {
  clientId,
  clientSecret,
  startProvider,
  type TestProvider,
} from '../../fakes/identity-provider.ts';

const start = '/api/v1/session/oidc';
const publicUrl = 'http://rollcall.test';
const minuteMs = 60_000;
const ada = { email: 'ada@acme.test', email_verified: true, name: 'Ada', groups: ['it'] };
const bob = { email: 'bob@acme.test', email_verified: true, name: 'Bob', groups: [] };

describe('signing in as oneself', () => {
  let idp: TestProvider;
  let world: CliWorld;
  let http: HttpWorld;
  beforeAll(async () => {
    idp = await startProvider(`${publicUrl}${start}/callback`);
  });
  afterAll(() => idp.stop());
  beforeEach(async () => {
    await idp.tamper(null);
    await idp.setAccounts({ ada, bob });
    world = new CliWorld();
    world.people.roles = {
      owner: [{ kind: 'group', group: 'it' }],
      admin: [],
      viewer: [{ kind: 'address', address: 'bob@acme.test' }],
    };
    http = await open(idp.issuer);
  });
  afterEach(() => http.close());

  function open(issuer: string): Promise<HttpWorld> {
    const ways = createWays({ https: undefined, http: undefined, except: '' }, {});
    const settings = { issuer, clientId, clientSecret, groupsClaim: 'groups' };
    const provider = createIdentityProvider(settings, ways);
    return openHttpWorld([], { ...world.ports, ports: world.ports, provider });
  }

  interface Begun {
    readonly url: string;
    readonly cookie: string;
  }
  const pairOf = (answer: Response, name: string) =>
    answer.headers
      .getSetCookie()
      .find((set) => set.startsWith(`${name}=`))
      ?.split(';')[0] ?? '';
  async function begin(): Promise<Begun> {
    const answer = await http.ask(start);
    expect(answer.status).toBe(302);
    return { url: answer.headers.get('location') ?? '', cookie: pairOf(answer, 'rollcall_login') };
  }
  const comeBack = (url: string, cookie: string, headers: Record<string, string> = {}) =>
    http.ask(url.replace(publicUrl, ''), { headers: { cookie, ...headers } });
  async function signIn(account: string, headers: Record<string, string> = {}): Promise<Response> {
    const { url, cookie } = await begin();
    return comeBack(await idp.signIn(url, account), cookie, headers);
  }
  const sessionOf = async (account: string) => pairOf(await signIn(account), 'rollcall_session');
  const whoIs = async (cookie: string) => {
    const headers = { cookie, 'rollcall-active': 'yes' };
    const answer = await http.ask('/api/v1/session', { headers });
    return { status: answer.status, ...((await answer.json()) as { role?: string }) };
  };
  const wait = (ms: number) => {
    world.clock.nowMs += ms;
  };
  /** Why an answer refuses a sign-in, which begins no session. */
  async function refusalOf(answer: Response): Promise<string> {
    const { detail = '' } = (await answer.json()) as { detail?: string };
    const isSignedIn = pairOf(answer, 'rollcall_session') !== '' || world.sessions.all.size > 0;
    return answer.status === 403 && !isSignedIn
      ? detail
      : `${answer.status}, signed in: ${isSignedIn}`;
  }

  it('gives a session with the highest role that fits, and names the person by an id', async () => {
    const answer = await signIn('ada', { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/signed-in');
    expect(answer.headers.getSetCookie().join()).toMatch(/rollcall_login=;.*SameSite=Lax/);
    const who = await whoIs(pairOf(answer, 'rollcall_session'));
    expect(who).toMatchObject({ kind: 'user', role: 'owner', name: 'Ada', address: ada.email });
    const [entry] = world.audit.all;
    expect(entry).toMatchObject({ action: 'signed-in', by: 'user:person1', outcome: 'done' });
    expect(JSON.stringify(world.audit.all) + http.logged.join('')).not.toMatch(/acme\.test|Ada/);
  });

  it('evaluates the lists at each request', async () => {
    const cookie = await sessionOf('bob');
    expect(await whoIs(cookie)).toMatchObject({ role: 'viewer' });
    const [viewer] = [world.people.roles.viewer];
    world.people.roles = { owner: [], admin: viewer, viewer: [] };
    expect(await whoIs(cookie)).toMatchObject({ role: 'admin' });
    world.people.roles = { owner: [], admin: [], viewer: [] };
    expect(await whoIs(cookie)).toMatchObject({ status: 401 });
  });

  it('asks again who a person is every 15 minutes, and ends the session of one who is refused', async () => {
    const cookie = await sessionOf('bob');
    await idp.setAccounts({ bob: { ...bob, groups: ['it'] } });
    wait(14 * minuteMs);
    expect(await whoIs(cookie)).toMatchObject({ role: 'viewer' });
    wait(minuteMs);
    expect(await whoIs(cookie)).toMatchObject({ role: 'owner' });
    await idp.setAccounts({});
    wait(14 * minuteMs);
    expect(await whoIs(cookie)).toMatchObject({ role: 'owner' });
    wait(minuteMs);
    expect(await whoIs(cookie)).toMatchObject({ status: 401 });
    expect(world.sessions.all.size).toBe(0);
  });

  it.each<readonly [string, NonNullable<Parameters<TestProvider['tamper']>[0]>]>([
    ['another issuer', { claims: { iss: 'https://evil.test' } }],
    ['another audience', { claims: { aud: 'other' } }],
    ['another nonce', { claims: { nonce: 'other' } }],
    ['no nonce', { claims: { nonce: null } }],
    ['an end that has passed', { claims: { exp: 1 } }],
    ['no signature', { signedBy: 'none' }],
    ['the signature of another key', { signedBy: 'stranger' }],
  ])('refuses a token with %s', async (_what, how) => {
    await idp.tamper(how);
    expect(await refusalOf(await signIn('ada'))).toMatch(/could not be completed/);
  });

  it('refuses another state, another browser, and what was done before', async () => {
    const { url, cookie } = await begin();
    const back = await idp.signIn(url, 'ada');
    const [other] = [await begin()];
    expect(await refusalOf(await comeBack(back, ''))).toMatch(/has begun no sign-in/);
    expect(await refusalOf(await comeBack(back, other.cookie))).toMatch(/state is not that/);
    expect(await refusalOf(await comeBack(back, `${cookie}x`))).toMatch(/has begun no sign-in/);
    const forged = back.replace(/state=[^&]+/, 'state=other');
    expect(await refusalOf(await comeBack(forged, cookie))).toMatch(/state is not that/);
    expect((await comeBack(back, cookie)).status).toBe(303);
    world.sessions.all.clear();
    expect(await refusalOf(await comeBack(back, cookie))).toMatch(/completed before/);
  });

  it('refuses a code that was redeemed before', async () => {
    const first = await begin();
    const used = new URL(await idp.signIn(first.url, 'ada'));
    await comeBack(used.href, first.cookie);
    world.sessions.all.clear();
    const second = await begin();
    const back = new URL(await idp.signIn(second.url, 'ada'));
    back.searchParams.set('code', used.searchParams.get('code') ?? '');
    expect(await refusalOf(await comeBack(back.href, second.cookie))).toMatch(/invalid_grant/);
  });

  it.each([
    ['an address that is not verified', { ...bob, email_verified: false }, /not verified/],
    ['a verification that is no boolean', { ...bob, email_verified: 'true' }, /not verified/],
    ['nobody of the lists', { ...bob, email: 'eve@acme.test' }, /may not use this Rollcall/],
    [
      'groups left out',
      { ...ada, groups: undefined, _claim_names: { groups: 'src1' } },
      /left the groups/,
    ],
  ])('refuses %s, and keeps nothing of them', async (_what, account, words) => {
    await idp.setAccounts({ eve: account });
    expect(await refusalOf(await signIn('eve'))).toMatch(words);
    expect(world.people.all.size).toBe(0);
  });

  it('tells a browser by a code why it is not signed in', async () => {
    await idp.setAccounts({ eve: { email: 'eve@acme.test' } });
    const answer = await signIn('eve', { accept: 'text/html' });
    expect(answer.headers.get('location')).toBe('/sign-in#problem=not-allowed');
  });

  it('needs the provider for nothing else: without it tokens sign in, and the server is ready', async () => {
    await http.close();
    http = await open('http://127.0.0.1:9');
    expect((await http.ask(start)).status).toBe(503);
    const html = await http.ask(start, { headers: { accept: 'text/html' } });
    expect(html.headers.get('location')).toBe('/sign-in#problem=away');
    expect((await http.ask('/readyz')).status).toBe(200);
    world.tokens.add('ops', 'viewer');
    expect(await whoIs(await http.signIn('rc_ops'))).toMatchObject({ role: 'viewer' });
  });

  describe('by back-channel', () => {
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const now = () => Math.floor(Date.now() / 1000);
    const right = () => ({
      iss: idp.issuer,
      aud: clientId,
      iat: now(),
      exp: now() + 120,
      jti: `j${Math.random()}`,
      sub: 'ada',
      events: event,
    });
    const logout = async (token: string) =>
      (
        await http.ask(`${start}/logout`, {
          method: 'POST',
          body: new URLSearchParams({ logout_token: token }),
        })
      ).status;

    it('ends the sessions of a person, once a token', async () => {
      const cookie = await sessionOf('ada');
      const token = await idp.sign(right());
      expect(await logout(token)).toBe(204);
      expect(await whoIs(cookie)).toMatchObject({ status: 401 });
      expect(await logout(token)).toBe(403);
    });

    it.each([
      ['another issuer', { iss: 'https://evil.test' }],
      ['another audience', { aud: 'other' }],
      ['an end that has passed', { exp: 1 }],
      ['no time', { iat: undefined }],
      ['no end', { exp: undefined }],
      ['no id', { jti: undefined }],
      ['a nonce', { nonce: 'n' }],
      ['no event', { events: {} }],
      ['neither person nor session', { sub: undefined }],
    ])('refuses a token with %s', async (_what, claims) => {
      const cookie = await sessionOf('ada');
      expect(await logout(await idp.sign({ ...right(), ...claims }))).toBe(403);
      expect(await whoIs(cookie)).toMatchObject({ status: 200 });
    });

    it.each(['none', 'stranger'] as const)('refuses a token signed by %s', async (signedBy) => {
      await sessionOf('ada');
      expect(await logout(await idp.sign(right(), signedBy))).toBe(403);
      expect(world.sessions.all.size).toBe(1);
    });
  });

  it('makes a person who may own stores, whose sessions an owner ends, and whom an erasure forgets', async () => {
    const cookie = await sessionOf('ada');
    const headers = { cookie, 'content-type': 'application/json' };
    const people = (await (await http.ask('/api/v1/people', { headers })).json()) as object;
    expect(people).toMatchObject({
      items: [{ actor: 'user:person1', role: 'owner', sessions: 1 }],
    });
    const erase = { method: 'POST', headers, body: '{"email":"ADA@acme.test","confirm":true}' };
    expect((await http.ask('/api/v1/members/erase', erase)).status).toBe(200);
    expect(world.people.all.size).toBe(0);
    expect(await whoIs(cookie)).toMatchObject({ status: 401 });
    const again = await sessionOf('ada');
    const ended = await http.ask('/api/v1/people/person1/sessions', {
      method: 'DELETE',
      headers: { cookie: again },
    });
    expect(await ended.json()).toEqual({ ended: 1 });
    expect(await whoIs(again)).toMatchObject({ status: 401 });
  });
});
