import { type Answer, aUser, openScimWorld, type ScimWorld, valuesOf } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('the SCIM service', () => {
  let world: ScimWorld;
  const ids: Record<string, string> = {};
  let group = '';
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
    const people = [
      aUser('Ada', {
        title: 'Chief "Engine" Officer',
        emails: [
          { value: 'Ada@acme.test', type: 'work', primary: true },
          { value: 'ada@home.test', type: 'home' },
        ],
        [enterprise]: { department: 'Engines' },
        externalId: 'X1',
      }),
      aUser('bob', { active: false, externalId: 'x1', displayName: 'Bob\\Back' }),
      aUser('cyd', { [enterprise]: { department: 'engines' }, nickName: '.*' }),
    ];
    for (const person of people) {
      const answer = await world.ask('POST', '/Users', person);
      ids[String(person['userName']).toLowerCase()] = answer.id;
    }
    const made = await world.ask('POST', '/Groups', {
      displayName: 'Engineers',
      members: [{ value: ids['ada'] }],
    });
    group = made.id;
    await world.ask('POST', '/Groups', { displayName: 'Empty' });
  });
  afterAll(() => world.close());

  const find = (filter: string, more = ''): Promise<Answer> =>
    world.ask('GET', `/Users?filter=${encodeURIComponent(filter)}${more}`);
  const namesOf = ({ body }: Answer): unknown[] =>
    (body['Resources'] as { readonly userName: string }[]).map(({ userName }) => userName);

  it.each([
    ['userName eq "ADA"', ['Ada']],
    ['USERNAME Eq "ada"', ['Ada']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada"', ['Ada']],
    ['userName ne "ada"', ['bob', 'cyd']],
    ['externalId eq "x1"', ['bob']],
    ['externalId pr', ['Ada', 'bob']],
    ['title eq "chief \\"engine\\" officer"', ['Ada']],
    ['title co "\\"engine\\""', ['Ada']],
    ['displayName eq "Bob\\\\Back"', ['bob']],
    ['displayName ew "\\\\back"', ['bob']],
    ['nickName eq ".*"', ['cyd']],
    ['nickName sw ".*"', ['cyd']],
    ['userName sw "A"', ['Ada']],
    ['userName ew "B"', ['bob']],
    ['userName gt "b"', ['bob', 'cyd']],
    ['userName le "bob"', ['Ada', 'bob']],
    ['active eq false', ['bob']],
    ['active eq "True"', ['Ada', 'cyd']],
    ['active ne true', ['bob']],
    ['emails eq "ada@home.test"', ['Ada']],
    ['emails.value co "HOME"', ['Ada']],
    ['emails[type eq "home" and value sw "ada"]', ['Ada']],
    ['emails[type eq "work"].value eq "ada@acme.test"', ['Ada']],
    ['emails[type eq "work"].value eq "ada@home.test"', []],
    ['emails[type eq "home" or type eq "none"].value ew "home.test"', ['Ada']],
    ['emails[not (type eq "work")]', ['Ada']],
    ['name.givenName eq "cyd"', ['cyd']],
    ['name[givenName eq "cyd"]', ['cyd']],
    [`${enterprise}:department eq "ENGINES"`, ['Ada', 'cyd']],
    ['(userName eq "ada" or userName eq "bob") and active eq true', ['Ada']],
    ['not (userName eq "ada") and not (userName eq "bob")', ['cyd']],
    ['title pr and emails pr', ['Ada']],
    ['title eq null', ['bob', 'cyd']],
    ['meta.lastModified ge "2020-01-01T00:00:00Z"', ['Ada', 'bob', 'cyd']],
    ['meta.created lt "2020-01-01T00:00:00Z"', []],
    ['meta.resourceType eq "User"', ['Ada', 'bob', 'cyd']],
    ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"', []],
    ['id pr', ['Ada', 'bob', 'cyd']],
  ])('finds users by %s', async (filter, expected) => {
    const answer = await find(filter);
    expect(answer.status).toBe(200);
    expect(namesOf(answer)).toEqual(expected);
  });

  it.each([
    'userName eq',
    'userName xx "a"',
    'userName',
    'unknown eq "a"',
    'active gt true',
    'active eq "maybe"',
    'userName eq true',
    'groups.$ref eq "a"',
    'emails[type eq "work"',
    'emails[unknown eq "work"]',
    'meta.created co "2020"',
    'addresses eq "a"',
    "userName eq 'ada'",
    `${'('.repeat(5000)}a pr`,
    `${'not '.repeat(50)}(userName pr)`,
    Array.from({ length: 200 }, () => 'userName pr').join(' and '),
  ])('refuses %s', async (filter) => {
    const answer = await world.ask('POST', '/Users/.search', { filter });
    expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
    expect(JSON.stringify(answer.body)).not.toContain('maybe');
  });

  it('finds groups by name and by member', async () => {
    const groups = async (filter: string) => {
      const { body } = await world.ask('GET', `/Groups?filter=${encodeURIComponent(filter)}`);
      return body['totalResults'];
    };
    expect(await groups('displayName eq "engineers"')).toBe(1);
    expect(await groups(`members eq "${ids['ada']}"`)).toBe(1);
    expect(await groups(`members.value eq "${ids['bob']}"`)).toBe(0);
    expect(await groups(`members[value eq "${ids['ada']}"]`)).toBe(1);
    expect(await groups(`id eq "${group}" and members eq "${ids['ada']}"`)).toBe(1);
    expect(await groups(`not (members eq "${ids['ada']}")`)).toBe(1);
  });

  it('searches users and groups together, page by page', async () => {
    const all = async (search: object) => {
      const { body } = await world.ask('POST', '/.search', search);
      const found = body['Resources'] as { id: string; meta: { resourceType: string } }[];
      return { total: body['totalResults'], ids: found.map(({ id }) => id), found };
    };
    const whole = await all({ attributes: ['id', 'meta'] });
    expect(whole.ids).toContain(ids['ada']);
    expect(whole.ids).toContain(group);
    expect(whole.total).toBe(whole.ids.length);
    const pages = await Promise.all(
      whole.ids.map((_, at) => all({ startIndex: at + 1, count: 1 })),
    );
    expect(pages.map(({ total }) => total)).toEqual(whole.ids.map(() => whole.total));
    expect(new Set(pages.flatMap((page) => page.ids))).toEqual(new Set(whole.ids));
    expect((await all({ filter: 'displayName eq "engineers"' })).ids).toEqual([group]);
    expect((await all({ filter: 'userName eq "ada"' })).ids).toEqual([ids['ada']]);
    const refused = await world.ask('POST', '/.search', { filter: 'nothing eq "x"' });
    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });

  it('pages without gaps and overlaps, in the requested order', async () => {
    const seen: unknown[] = [];
    for (const startIndex of [1, 2, 3]) {
      const page = await world.ask('GET', `/Users?startIndex=${startIndex}&count=1`);
      expect(page.body).toMatchObject({ totalResults: 3, startIndex, itemsPerPage: 1 });
      seen.push(...namesOf(page));
    }
    expect(seen).toEqual(['Ada', 'bob', 'cyd']);
    const sorted = await world.ask('GET', '/Users?sortBy=userName&sortOrder=descending');
    expect(namesOf(sorted)).toEqual(['cyd', 'bob', 'Ada']);
    const none = await world.ask('GET', '/Users?count=0');
    expect(none.body).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    expect((await world.ask('GET', '/Users?startIndex=-5')).body['startIndex']).toBe(1);
    expect((await world.ask('GET', '/Users?startIndex=a')).status).toBe(400);
    expect((await world.ask('GET', '/Users?sortBy=nothing')).status).toBe(400);
    const search = await world.ask('POST', '/Users/.search', { startIndex: 4, count: 10 });
    expect(search.body).toMatchObject({ totalResults: 3, itemsPerPage: 0 });
  });

  it('returns the requested attributes', async () => {
    const at = `/Users/${ids['ada']}`;
    const only = await world.ask('GET', `${at}?attributes=userName,name.givenName,emails.value`);
    expect(only.body).toEqual({
      schemas: expect.any(Array),
      id: ids['ada'],
      userName: 'Ada',
      name: { givenName: 'Ada' },
      emails: [{ value: 'Ada@acme.test' }, { value: 'ada@home.test' }],
    });
    const without = await world.ask('GET', `${at}?excludedAttributes=emails,groups,meta`);
    expect(without.body).not.toHaveProperty('emails');
    expect(without.body).not.toHaveProperty('groups');
    expect(without.body).toHaveProperty('userName');
    const bare = await world.ask('GET', `/Groups/${group}?excludedAttributes=members`);
    expect(bare.body).not.toHaveProperty('members');
    const department = await world.ask('GET', `${at}?attributes=${enterprise}:department`);
    expect(department.body[enterprise]).toEqual({ department: 'Engines' });
  });

  it('changes only the given version', async () => {
    const at = `/Users/${ids['cyd']}`;
    const before = await world.ask('GET', at);
    const etag = before.headers.get('etag') ?? '';
    expect(before.body['meta']).toMatchObject({ version: etag, resourceType: 'User' });
    expect((await world.ask('GET', at, undefined, { 'if-none-match': etag })).status).toBe(304);
    const title = (value: string) => ({
      Operations: [{ op: 'replace', path: 'title', value }],
    });
    const first = await world.ask('PATCH', at, title('A'), { 'if-match': etag });
    expect(first.status).toBe(200);
    const second = await world.ask('PATCH', at, title('B'), { 'if-match': etag });
    expect(second).toMatchObject({ status: 412, body: { status: '412' } });
    expect((await world.ask('DELETE', at, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await world.ask('PATCH', at, title('B'), { 'if-match': '*' })).status).toBe(200);
    const groupAt = `/Groups/${group}`;
    const members = {
      Operations: [{ op: 'add', path: 'members', value: [{ value: ids['bob'] }] }],
    };
    const stale = await world.ask('PATCH', groupAt, members, { 'if-match': 'W/"99"' });
    expect(stale.status).toBe(412);
    expect(valuesOf((await world.ask('GET', groupAt)).body['members'])).toEqual([ids['ada']]);
  });

  it.each([
    ['POST', '/Users', 'not json', 400],
    ['POST', '/Users', '[]', 400],
    ['POST', '/Users', '', 400],
    ['POST', '/Users', '{"userName":" "}', 400],
    ['POST', '/Users', '{"userName":"x","active":"maybe"}', 400],
    ['POST', '/Users', '{"userName":{"a":1}}', 400],
    ['POST', '/Users', '{"userName":"x","__proto__":{"a":1}}', 400],
    ['POST', '/Users', '{"userName":"x","constructor":{"prototype":{"a":1}}}', 400],
    ['POST', '/Groups', '{"members":[]}', 400],
    ['POST', '/Groups', '{"displayName":"x","members":[{}]}', 400],
    ['PATCH', '/Users/{ada}', '{}', 400],
    ['PATCH', '/Users/{ada}', '{"Operations":[{"op":"move","path":"title"}]}', 400],
    ['PATCH', '/Users/{ada}', '{"Operations":[{"op":"remove"}]}', 400],
    ['PATCH', '/Users/{ada}', '{"Operations":[{"op":"replace","path":"id","value":"x"}]}', 400],
    ['PATCH', '/Users/{ada}', '{"Operations":[{"op":"replace","path":"a b","value":"x"}]}', 400],
    ['PATCH', '/Users/{ada}', '{"Operations":[{"op":"remove","path":"userName"}]}', 400],
    [
      'PATCH',
      '/Users/{ada}',
      '{"Operations":[{"op":"replace","path":"emails[value co \\"x\\"].value","value":"x"}]}',
      400,
    ],
    ['POST', '/Users', `{"userName":"x","d":${'['.repeat(5000)}1${']'.repeat(5000)}}`, 400],
    ['PATCH', '/Users/{ada}', `{"Operations":${'['.repeat(40)}1${']'.repeat(40)}}`, 400],
    ['PUT', '/Users/nobody', '{"userName":"x"}', 404],
    ['GET', '/Users/nobody', undefined, 404],
    ['GET', '/Nothing', undefined, 404],
  ])('answers %s %s with %s and a SCIM error', async (method, path, body, status) => {
    const answer = await world.ask(method, path.replace('{ada}', ids['ada'] ?? ''), body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    });
  });

  it('accepts both content types, no other, and nothing that is too large', async () => {
    const as = (type: string, body: string) =>
      world.ask('POST', '/Users', body, { 'content-type': type });
    const json = JSON.stringify(aUser('dee'));
    expect((await as('application/json; charset=utf-8', json)).status).toBe(201);
    expect((await as('text/plain', json)).status).toBe(415);
    const { body: config } = await world.ask('GET', '/ServiceProviderConfig');
    const { maxPayloadSize } = config['bulk'] as { readonly maxPayloadSize: number };
    const large = JSON.stringify({ ...aUser('eve'), title: 'x'.repeat(maxPayloadSize) });
    const refused = await as('application/json', large);
    expect(refused).toMatchObject({ status: 413, body: { status: '413' } });
  });

  it('describes itself correctly', async () => {
    const types = await world.ask('GET', '/ResourceTypes');
    expect(types.body['totalResults']).toBe(2);
    const schemas = await world.ask('GET', '/Schemas');
    const list = schemas.body['Resources'] as {
      readonly id: string;
      readonly attributes: { readonly name: string }[];
    }[];
    for (const { id } of list) {
      expect((await world.ask('GET', `/Schemas/${id}`)).body['id']).toBe(id);
    }
    const { body: ada } = await world.ask('GET', `/Users/${ids['ada']}`);
    const shown = ada['schemas'] as string[];
    expect(list.map(({ id }) => id)).toEqual(expect.arrayContaining(shown));
    expect((await world.ask('GET', '/ResourceTypes/User')).body['endpoint']).toBe('/Users');
    expect((await world.ask('GET', '/Schemas?filter=id eq "x"')).status).toBe(403);
  });

  it('carries out a bulk, each operation alone', async () => {
    const answer = await world.ask('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'u1', data: aUser('fay') },
        { method: 'POST', path: '/Users', bulkId: 'u2', data: aUser('fay') },
        {
          method: 'POST',
          path: '/Groups',
          bulkId: 'g1',
          data: { displayName: 'Bulk', members: [{ value: 'bulkId:u1' }] },
        },
        { method: 'PATCH', path: '/Groups/bulkId:none', data: { Operations: [] } },
        { method: 'DELETE', path: '/Users/bulkId:u1' },
        { method: 'BREW', path: '/Users/1' },
      ],
    });
    expect(answer.status).toBe(200);
    const outcomes = answer.body['Operations'] as { readonly status: string }[];
    expect(outcomes.map(({ status }) => status)).toEqual([
      '201',
      '409',
      '201',
      '409',
      '204',
      '400',
    ]);
    const stopped = await world.ask('POST', '/Bulk', {
      failOnErrors: 1,
      Operations: [
        { method: 'DELETE', path: '/Users/nobody' },
        { method: 'POST', path: '/Users', bulkId: 'u3', data: aUser('gus') },
      ],
    });
    expect(stopped.body['Operations']).toHaveLength(1);
  });
});
