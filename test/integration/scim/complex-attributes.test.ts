import { aUser, type Json, openScimWorld, type ScimWorld } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:custom:2.0:User';

const whole = aUser('ada', {
  phoneNumbers: [{ value: '+1', type: 'work' }],
  addresses: [{ locality: 'London', type: 'work' }],
  roles: [{ value: 'admin' }],
  [enterprise]: { department: 'Engines', manager: { value: 'm1', displayName: 'Boss' } },
  [custom]: { site: 'A' },
});

/** Attributes, with values of another type than they have. */
const wrong: readonly (readonly [attribute: string, values: readonly unknown[]])[] = [
  ['name', ['Ada', '', ' ', 1, true, ['Ada'], { first: 'Ada' }]],
  ['emails', ['a@x.test', '', ['a@x.test'], 1, [{ address: 'a@x.test' }], [['a@x.test']]]],
  ['phoneNumbers', ['+1', '', ['+1'], 1, [{ number: '+1' }]]],
  ['addresses', ['London', '', ['London'], [{ city: 'London' }]]],
  ['roles', ['admin', ['admin'], [true]]],
  [enterprise, ['Engines', '', 1, ['Engines']]],
  [`${enterprise}:manager`, [true, ['m1'], { id: 'm1' }]],
  [custom, ['A', '', 1, ['A']]],
  ['userName', [{ value: 'ada' }, ['ada']]],
];

describe('a value of another type than its attribute', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
  });
  afterAll(() => world.close());

  const shown = async (path: string): Promise<Json> => {
    const { body } = await world.ask('GET', path);
    const { meta: _meta, ...rest } = body;
    return rest;
  };
  const refused = { status: 400, body: { scimType: 'invalidValue', status: '400' } };

  it.each(wrong)(
    'is refused for %s, and nothing of the user changes',
    async (attribute, values) => {
      const made = await world.ask('POST', '/Users', { ...whole, userName: attribute });
      expect(made.status).toBe(201);
      const path = `/Users/${made.id}`;
      const before = await shown(path);
      for (const value of values) {
        const requests = [
          ['PATCH', { op: 'replace', path: attribute, value }],
          ['PATCH', { op: 'Add', path: attribute, value }],
          ['PATCH', { op: 'replace', value: { [attribute]: value, title: 'Chief' } }],
          ['PUT', { ...whole, userName: attribute, [attribute]: value }],
        ] as const;
        for (const [method, body] of requests) {
          const sent = method === 'PUT' ? body : { Operations: [body] };
          expect([attribute, value, await world.ask(method, path, sent)]).toMatchObject([
            attribute,
            value,
            refused,
          ]);
        }
        const another = await world.ask('POST', '/Users', {
          ...whole,
          userName: `${attribute} 2`,
          [attribute]: value,
        });
        expect(another).toMatchObject(refused);
      }
      expect(await shown(path)).toEqual(before);
    },
  );

  it.each([
    ['a filter and a text', { op: 'replace', path: 'emails[type eq "work"]', value: 'a@x.test' }],
    ['a filter and an empty text', { op: 'replace', path: 'emails[type eq "work"]', value: '' }],
    ['a removal of a text', { op: 'remove', path: 'emails', value: 'ada@acme.test' }],
    ['a part that is an object', { op: 'replace', path: 'name.givenName', value: { a: 1 } }],
    ['the extension without a path', { op: 'add', value: { [enterprise]: 'Engines' } }],
  ])('is refused for %s', async (what, operation) => {
    const made = await world.ask('POST', '/Users', { ...whole, userName: what });
    const before = await shown(`/Users/${made.id}`);
    const answer = await world.ask('PATCH', `/Users/${made.id}`, { Operations: [operation] });
    expect(answer).toMatchObject(refused);
    expect(await shown(`/Users/${made.id}`)).toEqual(before);
  });

  it('is refused for the members of a group, which keeps them', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['g-ada', 'g-bob']);
    const group = await world.ask('POST', '/Groups', {
      displayName: 'A',
      members: [{ value: ada }],
    });
    const path = `/Groups/${group.id}`;
    const before = await shown(path);
    for (const members of [bob, 'nobody', '', [bob], 1, true, [1], {}, [{}], [{ id: bob }]]) {
      const requests = [
        ['PUT', path, { displayName: 'A', members }],
        ['POST', '/Groups', { displayName: 'B', members }],
        ['PATCH', path, { Operations: [{ op: 'replace', path: 'members', value: members }] }],
        ['PATCH', path, { Operations: [{ op: 'add', path: 'members', value: members }] }],
        ['PATCH', path, { Operations: [{ op: 'replace', value: { members } }] }],
      ] as const;
      for (const [method, at, body] of requests) {
        expect([members, await world.ask(method, at, body)]).toMatchObject([members, refused]);
      }
    }
    for (const value of ['', 1, {}, [{}]]) {
      const Operations = [{ op: 'remove', path: 'members', value }];
      expect(await world.ask('PATCH', path, { Operations })).toMatchObject(refused);
    }
    expect(await shown(path)).toEqual(before);
  });

  it('is ignored for the groups of a user, which only the server sets', async () => {
    const body = { ...whole, userName: 'with groups', groups: 'admins' };
    const made = await world.ask('POST', '/Users', body);
    expect(made.status).toBe(201);
    expect(made.body).not.toHaveProperty('groups');
    const put = await world.ask('PUT', `/Users/${made.id}`, body);
    expect(put.status).toBe(200);
    expect(put.body).not.toHaveProperty('groups');
    const Operations = [{ op: 'add', path: 'groups', value: 'admins' }];
    expect(await world.ask('PATCH', `/Users/${made.id}`, { Operations })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
  });

  it('is understood as a manager’s id, as Microsoft Entra ID sends it', async () => {
    const made = await world.ask('POST', '/Users', { ...whole, userName: 'with manager' });
    const path = `/Users/${made.id}`;
    const manager = async (value: unknown) => {
      const Operations = [{ op: 'Replace', path: `${enterprise}:manager`, value }];
      const { body } = await world.ask('PATCH', path, { Operations });
      return (body[enterprise] as Json)['manager'];
    };
    expect(await manager('m2')).toEqual({ value: 'm2' });
    expect(await manager({ value: 'm3' })).toEqual({ value: 'm3' });
    expect(await manager('')).toBeUndefined();
  });
});

describe('what a PATCH may not change', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
  });
  afterAll(() => world.close());

  const standing = 'urn:scim:schemas:extension:rollcall:2.0:User';
  const rows: readonly (readonly [type: string, operation: object])[] = [
    ...['id', 'ID', 'meta', 'meta.created', 'schemas', standing, `${standing}:standing`].flatMap(
      (path) => [
        ['Users', { op: 'replace', path, value: 'x' }] as const,
        ['Users', { op: 'remove', path }] as const,
      ],
    ),
    ['Users', { op: 'add', path: 'groups', value: [{ value: 'x' }] }],
    ['Users', { op: 'remove', path: 'groups[value eq "x"]' }],
    ['Users', { op: 'remove', path: 'userName' }],
    ['Users', { op: 'replace', path: 'userName', value: '' }],
    ['Users', { op: 'replace', value: { userName: null } }],
    ['Groups', { op: 'remove', path: 'displayName' }],
    ['Groups', { op: 'replace', value: { displayName: ' ' } }],
    ['Groups', { op: 'replace', path: 'members[value eq "x"].value', value: 'y' }],
    ['Groups', { op: 'replace', path: 'members[value eq "x"]', value: { value: 'y' } }],
    ['Groups', { op: 'add', path: 'members.type', value: 'User' }],
  ];

  it.each(rows.map((row, at) => [...row, at] as const))(
    '%s: %j is answered with mutability',
    async (type, operation, at) => {
      const body = type === 'Users' ? aUser(`mutability-${at}`) : { displayName: 'A' };
      const { id } = await world.ask('POST', `/${type}`, body);
      const answer = await world.ask('PATCH', `/${type}/${id}`, { Operations: [operation] });
      expect(answer).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    },
  );

  it('is left out of a value without a path: some clients send back what they were answered', async () => {
    const { id, body } = await world.ask('POST', '/Users', aUser('ada'));
    const Operations = [{ op: 'replace', value: { ...body, title: 'Chief' } }];
    expect(await world.ask('PATCH', `/Users/${id}`, { Operations })).toMatchObject({
      status: 200,
      body: { id, title: 'Chief', [standing]: { standing: 'active' } },
    });
  });
});
