import { gzipSync } from 'node:zlib';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

/** What HTTP and RFC 7644, section 3, ask of every service, whatever it stores. */
describe('the protocol of the SCIM service', () => {
  let world: ScimWorld;
  let user = '';
  let group = '';
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
    [user = ''] = await world.pushUsers(['ada']);
    group = (await world.ask('POST', '/Groups', { displayName: 'A' })).id;
  });
  afterAll(() => world.close());

  const at = (path: string) => path.replace('{user}', user).replace('{group}', group);
  const send = (
    method: string,
    path: string,
    {
      headers = {},
      ...more
    }: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
  ) =>
    fetch(world.url(at(path)), {
      method,
      ...more,
      headers: { authorization: `Bearer ${world.token}`, ...headers },
    });

  const list = 'GET, HEAD, OPTIONS, POST';
  const one = 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT';
  const read = 'GET, HEAD, OPTIONS';
  const post = 'OPTIONS, POST';
  const paths: readonly (readonly [path: string, allow: string])[] = [
    ['/Users', list],
    ['/Groups', list],
    ['/Users/{user}', one],
    ['/Users/nobody', one],
    ['/Groups/{group}', one],
    ['/.search', post],
    ['/Bulk', post],
    ['/ServiceProviderConfig', read],
    ['/ResourceTypes', read],
    ['/ResourceTypes/User', read],
    ['/Schemas', read],
    ['/Schemas/urn:ietf:params:scim:schemas:core:2.0:User', read],
  ];

  it.each(paths)('allows on %s what the path has', async (path, allow) => {
    const options = await send('OPTIONS', path);
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    expect(await options.text()).toBe('');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (allow.split(', ').includes(method)) continue;
      const answer = await send(method, path);
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allow]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
      expect(await answer.json()).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '405',
      });
    }
  });

  it('changes nothing by a method that a path has not', async () => {
    const body = JSON.stringify(aUser('eve'));
    const headers = { 'content-type': 'application/scim+json' };
    expect((await send('PUT', '/Users', { body, headers })).status).toBe(405);
    expect((await send('POST', '/Users/{user}', { body, headers })).status).toBe(405);
    expect((await send('DELETE', '/Groups')).status).toBe(405);
    expect((await world.ask('GET', '/Users')).body['totalResults']).toBe(1);
    expect((await world.ask('GET', '/Groups')).body['totalResults']).toBe(1);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('answers %s /Me with 501', async (method) => {
    const before = world.logged.length;
    const answer = await send(method, '/Me');
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({ status: '501', detail: expect.any(String) });
    // It is no failure of ours.
    expect(world.logged.slice(before).join('')).not.toContain('A request failed.');
  });

  it.each(['GET', 'OPTIONS', 'PATCH'])(
    'answers %s of a path that is not there with 404',
    async (method) => {
      for (const path of ['/Nothing', '/Users/a/b', '/users', '/Bulk/1', '/Me/1']) {
        expect([path, (await send(method, path)).status]).toEqual([path, 404]);
      }
    },
  );

  it('has the headers of a GET for a HEAD', async () => {
    const head = await send('HEAD', '/Users/{user}');
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe('W/"1"');
    expect(await head.text()).toBe('');
  });

  describe.each([
    ['the base URL with a slash', (path: string) => world.url(`/${path}`)],
    ['the base URL with two', (path: string) => world.url(`//${path}`)],
    ['a slash at the end', (path: string) => world.url(path).replace(/(?=\?|$)/, '/')],
    [
      'doubled slashes all over',
      (path: string) => {
        const { origin, pathname, search } = new URL(world.url(path));
        return `${origin}${pathname.replaceAll('/', '//')}//${search}`;
      },
    ],
  ])('understands %s', (_what, url) => {
    const ask = (method: string, path: string, body?: object) =>
      fetch(url(at(path)), {
        method,
        headers: {
          authorization: `Bearer ${world.token}`,
          'content-type': 'application/scim+json',
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });

    it('in a provisioner’s day', async () => {
      const made = await ask('POST', '/Users', aUser('eve'));
      expect(made.status).toBe(201);
      const { id } = (await made.json()) as { readonly id: string };
      expect(made.headers.get('location')).toBe(
        `https://rollcall.test/scim/v2/${world.store.id}/Users/${id}`,
      );
      const found = await ask('GET', '/Users?filter=userName eq "eve"&count=1');
      expect(await found.json()).toMatchObject({ totalResults: 1, Resources: [{ id }] });
      expect((await ask('PUT', `/Users/${id}`, aUser('eve'))).status).toBe(200);
      const Operations = [{ op: 'add', path: 'title', value: 'Chief' }];
      expect((await ask('PATCH', `/Users/${id}`, { Operations })).status).toBe(200);
      expect((await ask('POST', '/Users/.search', {})).status).toBe(200);
      expect((await ask('DELETE', `/Users/${id}`)).status).toBe(204);
      expect((await ask('GET', '/ServiceProviderConfig')).status).toBe(200);
      expect((await ask('POST', '/ServiceProviderConfig', {})).status).toBe(405);
      expect((await ask('GET', '/Me')).status).toBe(501);
    });

    it('in the paths of a bulk, and asks for the token', async () => {
      const path = new URL(url('/Users')).pathname.split(world.store.id).at(-1) ?? '';
      const bulk = await ask('POST', '/Bulk', {
        Operations: [
          { method: 'POST', path, bulkId: '1', data: aUser('fay') },
          { method: 'DELETE', path: `${path}/bulkId:1` },
        ],
      });
      expect(await bulk.json()).toMatchObject({
        Operations: [{ status: '201' }, { status: '204' }],
      });
      expect((await fetch(url('/Users'))).status).toBe(401);
    });
  });

  it('leaves a doubled slash in a query alone', async () => {
    const profileUrl = 'https://acme.test//ada/';
    await world.ask('PUT', `/Users/${user}`, aUser('ada', { profileUrl }));
    const answer = await send('GET', `/Users/?filter=profileUrl eq "${profileUrl}"`);
    expect(await answer.json()).toMatchObject({ totalResults: 1 });
  });

  it.each(['gzip', 'GZIP', 'deflate', 'br', 'gzip, gzip', 'nonsense'])(
    'refuses a body in %s',
    async (coding) => {
      const body = gzipSync(JSON.stringify(aUser('zip')));
      const headers = { 'content-type': 'application/scim+json', 'content-encoding': coding };
      for (const [method, path] of [
        ['POST', '/Users'],
        ['PATCH', '/Users/{user}'],
        ['POST', '/Bulk'],
      ] as const) {
        const answer = await send(method, path, { body: new Uint8Array(body), headers });
        expect(answer.status).toBe(415);
        expect(answer.headers.get('accept-encoding')).toBe('identity');
        expect(await answer.json()).toMatchObject({ status: '415' });
      }
    },
  );

  it('accepts a body whose coding is said to be none', async () => {
    for (const coding of ['identity', '']) {
      const headers = { 'content-type': 'application/scim+json', 'content-encoding': coding };
      const body = JSON.stringify(aUser('ada'));
      expect((await send('PUT', '/Users/{user}', { body, headers })).status).toBe(200);
    }
  });
});
