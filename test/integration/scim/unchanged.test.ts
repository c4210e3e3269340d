import { reportingCommands, watchCommands } from '../../fakes/watch-commands.ts';
import { testServices } from '../../setup/services.ts';
import { aUser, type Json, openScimWorld, type ScimWorld, valuesOf } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

const ada = aUser('ada', {
  externalId: 'x1',
  title: 'Chief',
  emails: [
    { value: 'ada@acme.test', type: 'work', primary: true },
    { value: 'ada@home.test', type: 'home' },
  ],
  phoneNumbers: [{ value: '+1', type: 'work' }],
  [enterprise]: { department: 'Engines', manager: { value: 'm1' } },
});

/** Operations that leave the user as it is. */
const idle: readonly (readonly [what: string, ...operations: object[]])[] = [
  ['a replacement by the same', { op: 'replace', path: 'title', value: 'Chief' }],
  ['an addition of the same', { op: 'Add', path: 'title', value: 'Chief' }],
  ['no path', { op: 'replace', value: { title: 'Chief', active: true } }],
  ['a boolean as text', { op: 'Replace', path: 'active', value: 'True' }],
  ['the path of the schema', { op: 'replace', path: `${core}:title`, value: 'Chief' }],
  [
    'parts in another order',
    { op: 'replace', path: 'name', value: { familyName: 'Test', givenName: 'ada' } },
  ],
  ['one part', { op: 'replace', path: 'name', value: { givenName: 'ada' } }],
  ['no part', { op: 'replace', path: 'name', value: {} }],
  ['an e-mail that is there', { op: 'add', path: 'emails', value: [{ value: 'ada@home.test' }] }],
  [
    'a list in another order of its parts',
    {
      op: 'replace',
      path: 'emails',
      value: [
        { primary: true, type: 'work', value: 'ada@acme.test' },
        { type: 'home', value: 'ada@home.test' },
      ],
    },
  ],
  [
    'a chosen value',
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'ada@acme.test' },
  ],
  ['the extension', { op: 'add', value: { [enterprise]: { department: 'Engines' } } }],
  ['the extension’s path', { op: 'replace', path: `${enterprise}:department`, value: 'Engines' }],
  ['a removal of what is not there', { op: 'remove', path: 'nickName' }],
  ['a removal of a value that is not there', { op: 'remove', path: 'emails[type eq "other"]' }],
  ['a blank for what is not there', { op: 'replace', path: 'nickName', value: null }],
  [
    'a change and its opposite',
    { op: 'replace', path: 'title', value: 'X' },
    { op: 'replace', path: 'title', value: 'Chief' },
  ],
  ['what only the server sets', { op: 'replace', value: { id: 'x', meta: {}, schemas: [core] } }],
  ['a password', { op: 'replace', path: 'password', value: 'secret' }],
];

describe('a request that changes nothing', () => {
  let world: ScimWorld;
  const ids: string[] = [];
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
    ids.push((await world.ask('POST', '/Users', ada)).id);
    ids.push(...(await world.pushUsers(['bob', 'cyd'])));
  });
  afterAll(() => world.close());
  // What is written from now on has another time.
  beforeEach(() => world.clock.advance(1000));

  const metaOf = async (path: string): Promise<unknown> =>
    (await world.ask('GET', path)).body['meta'];

  it.each(idle)('leaves version and time of a user: %s', async (_what, ...Operations) => {
    const path = `/Users/${ids[0]}`;
    const before = await metaOf(path);
    expect((await world.ask('PATCH', path, { Operations })).status).toBe(200);
    expect(await metaOf(path)).toEqual(before);
  });

  it('leaves them for a PUT of what is there, in any order', async () => {
    const path = `/Users/${ids[0]}`;
    const before = await world.ask('GET', path);
    const reversed = Object.fromEntries(Object.entries(ada).reverse());
    for (const body of [ada, reversed, before.body]) {
      expect((await world.ask('PUT', path, body)).status).toBe(200);
    }
    expect((await world.ask('GET', path)).body).toEqual(before.body);
  });

  it('leaves version and time of a group', async () => {
    const members = [{ value: ids[0] }, { value: ids[1] }];
    const made = await world.ask('POST', '/Groups', { displayName: 'A', externalId: 'g', members });
    const path = `/Groups/${made.id}`;
    const before = await world.ask('GET', path);
    world.clock.advance(1000);
    const patches: readonly object[] = [
      { op: 'add', path: 'members', value: [{ value: ids[0] }] },
      { op: 'Add', path: 'members', value: members },
      { op: 'add', path: 'members', value: [{ value: 'never pushed' }] },
      { op: 'add', value: { members, displayName: 'A' } },
      { op: 'replace', path: 'members', value: [members[1], members[0], members[1]] },
      { op: 'remove', path: 'members', value: [{ value: ids[2] }] },
      { op: 'remove', path: `members[value eq "${ids[2]}"]` },
      { op: 'replace', path: 'displayName', value: 'A' },
      { op: 'add', path: 'members', value: [] },
    ];
    for (const operation of patches) {
      const answer = await world.ask('PATCH', path, { Operations: [operation] });
      expect([operation, answer.status]).toEqual([operation, 204]);
    }
    const away = { op: 'remove', path: 'members', value: [{ value: ids[0] }] };
    const back = { op: 'add', path: 'members', value: [{ value: ids[0] }] };
    expect((await world.ask('PATCH', path, { Operations: [away, back] })).status).toBe(204);
    const same = { members: members.toReversed(), externalId: 'g', displayName: 'A' };
    expect((await world.ask('PUT', path, same)).status).toBe(200);
    expect((await world.ask('POST', '/Groups', same)).id).toBe(made.id);
    expect((await world.ask('GET', path)).body).toEqual(before.body);
    // A real change counts once.
    await world.ask('PATCH', path, { Operations: [away] });
    expect((await world.ask('GET', path)).headers.get('etag')).toBe('W/"2"');
    expect(await metaOf(path)).not.toEqual(before.body['meta']);
  });
});

describe('adding a thousand members of a group again', () => {
  it('asks the database no more than adding them, and writes none', async () => {
    const world = await openScimWorld({ uri: reportingCommands(testServices().mongodbUri) });
    try {
      const watch = watchCommands(world.connection);
      await world.addStore();
      const now = new Date(0);
      const users = Array.from({ length: 1000 }, (_, at) => ({
        _id: at.toString(16).padStart(24, '0'),
        storeId: world.store.id,
        version: 1,
        resource: JSON.stringify({ userName: `u${at}`, active: true }),
        search: { userName: `u${at}`, active: true },
        createdAt: now,
        updatedAt: now,
      }));
      await world.raw('scimUsers').insertMany(users as never);
      const value = users.map(({ _id }) => ({ value: _id }));
      const add = { Operations: [{ op: 'add', path: 'members', value }] };
      const { id } = await world.ask('POST', '/Groups', { displayName: 'Large' });
      const patch = async () => {
        expect((await world.ask('PATCH', `/Groups/${id}`, add)).status).toBe(204);
      };
      const adding = (await watch.stepsOf(patch)).flat();
      const again = (await watch.stepsOf(patch)).flat();
      expect(again.length).toBeLessThanOrEqual(adding.length);
      expect(again.filter((command) => /\.(?:insert|update|delete)$/.test(command))).toEqual([]);
      const { body } = await world.ask('GET', `/Groups/${id}`);
      expect(valuesOf(body['members'])).toHaveLength(1000);
    } finally {
      await world.close();
    }
  });
});

describe('parallel requests about one resource', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const parallel = async (path: string, operation: (at: number) => object, headers = {}) => {
    const answers = await Promise.all(
      Array.from({ length: 96 }, (_, at) =>
        world.ask('PATCH', path, { Operations: [operation(at)] }, headers),
      ),
    );
    return [...new Set(answers.map(({ status }) => status))];
  };

  it.each([
    ['without a condition', {}],
    ['if there is any version', { 'if-match': '*' }],
  ])('all succeed for 96 patches of a user %s', async (_what, headers) => {
    const [id] = await world.pushUsers(['ada']);
    const add = (at: number) => ({ op: 'add', path: 'ims', value: [{ value: `n${at}` }] });
    expect(await parallel(`/Users/${id}`, add, headers)).toEqual([200]);
    const { body, headers: after } = await world.ask('GET', `/Users/${id}`);
    expect(new Set(valuesOf(body['ims'])).size).toBe(96);
    expect(after.get('etag')).toBe('W/"97"');
  });

  it.each([
    ['without a condition', {}],
    ['if there is any version', { 'if-match': '*' }],
  ])('all succeed for 96 patches of a group %s', async (_what, headers) => {
    const { id } = await world.ask('POST', '/Groups', { displayName: 'A' });
    const rename = (at: number) => ({ op: 'replace', path: 'displayName', value: `A${at}` });
    expect(await parallel(`/Groups/${id}`, rename, headers)).toEqual([204]);
    expect((await world.ask('GET', `/Groups/${id}`)).headers.get('etag')).toBe('W/"97"');
  });

  it('make one group of 40 that have one name', async () => {
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        world.ask('POST', '/Groups', { displayName: 'A', externalId: 'g', custom: at }),
      ),
    );
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it('change one version once', async () => {
    const [id] = await world.pushUsers(['ada']);
    const rename = (at: number) => ({ op: 'replace', path: 'title', value: `T${at}` });
    const statuses = await parallel(`/Users/${id}`, rename, { 'if-match': 'W/"1"' });
    expect(new Set(statuses)).toEqual(new Set([200, 412]));
    expect((await world.ask('GET', `/Users/${id}`)).headers.get('etag')).toBe('W/"2"');
  });

  it('fail on * only where the resource is not there', async () => {
    const [id] = await world.pushUsers(['ada']);
    const any = { 'if-match': ' * ' };
    const Operations = [{ op: 'replace', path: 'title', value: 'T' }];
    expect((await world.ask('PUT', `/Users/${id}`, aUser('ada'), any)).status).toBe(200);
    expect((await world.ask('PATCH', '/Users/nobody', { Operations }, any)).status).toBe(404);
    const data: Json = { Operations };
    const path = `/Users/${id}`;
    const { body } = await world.ask('POST', '/Bulk', {
      Operations: [
        { method: 'PATCH', path, version: '*', data },
        { method: 'PATCH', path, version: 'W/"9"', data },
      ],
    });
    expect(body['Operations']).toMatchObject([{ status: '200' }, { status: '412' }]);
    expect((await world.ask('DELETE', path, undefined, any)).status).toBe(204);
  });
});
