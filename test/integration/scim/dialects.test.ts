import { aUser, type Json, openScimWorld, type ScimWorld, valuesOf } from './scim-world.ts';

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Exchange {
  readonly what: string;
  readonly operations: readonly object[];
  /** The member's fields afterwards; null for blank. */
  readonly fields?: Json;
  readonly status?: 'active' | 'inactive';
}

/** Recorded single requests, each on a user of its own. docs/scim.md names their sources. */
const exchanges: Readonly<Record<string, readonly Exchange[]>> = {
  JumpCloud: [
    {
      what: 'one operation an attribute',
      operations: [
        { op: 'replace', path: 'name.givenName', value: 'Augusta' },
        { op: 'replace', path: 'name.familyName', value: 'King' },
      ],
      fields: { firstName: 'Augusta', lastName: 'King' },
    },
    {
      what: 'active as a boolean',
      operations: [{ op: 'replace', path: 'active', value: false }],
      status: 'inactive',
    },
    {
      what: 'active as a text',
      operations: [{ op: 'replace', path: 'active', value: 'false' }],
      status: 'inactive',
    },
  ],
  Okta: [
    {
      what: 'a deactivation without a path',
      operations: [{ op: 'replace', value: { active: false } }],
      status: 'inactive',
    },
    {
      what: 'attributes without a path, with the id among them',
      operations: [
        { op: 'replace', value: { id: 'theirs', title: 'Chief', name: { givenName: 'Augusta' } } },
      ],
      fields: { jobTitle: 'Chief', firstName: 'Augusta', lastName: 'Test' },
    },
    {
      what: 'an extension as one value',
      operations: [{ op: 'replace', value: { [enterprise]: { department: 'Engines' } } }],
      fields: { department: 'Engines', costCenter: 'C1' },
    },
  ],
  Entra: [
    {
      what: 'operations with capitals, and booleans as texts',
      operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      status: 'inactive',
    },
    {
      what: 'an add of active',
      operations: [{ op: 'Add', path: 'active', value: 'False' }],
      status: 'inactive',
    },
    {
      what: 'a chosen e-mail that is there',
      operations: [{ op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@acme.test' }],
      fields: { email: 'new@acme.test' },
    },
    {
      what: 'a chosen value that is not there',
      operations: [{ op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1' }],
      fields: { mobile: '+1' },
    },
    {
      what: 'dotted names without a path',
      operations: [
        {
          op: 'Add',
          value: {
            'name.familyName': 'King',
            [`${enterprise}:department`]: 'Engines',
            'addresses[type eq "work"].locality': 'London',
          },
        },
      ],
      fields: { lastName: 'King', department: 'Engines', city: 'London' },
    },
    {
      what: 'the path of an extension, whose name has dots',
      operations: [
        { op: 'Replace', path: `${enterprise}:department`, value: 'Engines' },
        { op: 'Add', path: `${enterprise}:manager`, value: 'boss' },
      ],
      fields: { department: 'Engines', manager: 'boss' },
    },
    {
      what: 'a removal of what is not there',
      operations: [
        { op: 'Remove', path: 'title' },
        { op: 'Remove', path: 'phoneNumbers[type eq "fax"].value' },
      ],
      fields: { firstName: 'ada' },
    },
    {
      what: 'names in other letters, and the core schema in the path',
      operations: [
        { op: 'replace', path: 'TITLE', value: 'Chief' },
        {
          op: 'replace',
          path: 'urn:ietf:params:scim:schemas:core:2.0:User:Name.GivenName',
          value: 'Augusta',
        },
      ],
      fields: { jobTitle: 'Chief', firstName: 'Augusta' },
    },
  ],
};

describe('the dialects of SCIM', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const all = Object.entries(exchanges).flatMap(([client, each]) =>
    each.map((exchange) => [client, exchange.what, exchange] as const),
  );

  it.each(all)('%s: %s', async (_client, _what, { operations, fields = {}, status }) => {
    const made = await world.ask(
      'POST',
      '/Users',
      aUser('ada', { [enterprise]: { costCenter: 'C1' } }),
    );
    const body = { schemas: [patchOp], Operations: operations };
    // Twice: a repeated request changes nothing.
    for (let times = 0; times < 2; times += 1) {
      const answer = await world.ask('PATCH', `/Users/${made.id}`, body);
      expect(answer).toMatchObject({ status: 200 });
    }
    const member = await world.member(made.id);
    expect(member).toMatchObject({ status: status ?? 'active' });
    expect(member?.fields).toMatchObject(fields);
  });

  it('Entra: an extension of its own, whose attributes are custom ones', async () => {
    const custom = 'urn:ietf:params:scim:schemas:extension:custom:2.0:User';
    const mapping = { ...world.store.config.mapping, 'custom.site': { custom: 'worksiteId' } };
    await world.addStore({ mapping });
    const { id } = await world.ask(
      'POST',
      '/Users',
      aUser('ada', { [custom]: { worksiteId: 180 } }),
    );
    expect((await world.member(id))?.custom).toEqual({ site: '180' });
    const Operations = [{ op: 'Add', path: `${custom}:worksiteId`, value: '181' }];
    await world.ask('PATCH', `/Users/${id}`, { schemas: [patchOp], Operations });
    expect((await world.member(id))?.custom).toEqual({ site: '181' });
    const { body } = await world.ask('GET', `/Users/${id}`);
    expect(body[custom]).toEqual({ worksiteId: '181' });
    expect(body['schemas']).toContain(custom);
  });

  const groupForms: readonly (readonly [string, (id: string) => object, readonly number[]])[] = [
    [
      'JumpCloud: a list',
      (value) => ({ op: 'remove', path: 'members', value: [{ value }] }),
      [0, 2],
    ],
    ['Okta: a filter', (value) => ({ op: 'remove', path: `members[value eq "${value}"]` }), [0, 2]],
    [
      'Entra: capitals and a list',
      (value) => ({ op: 'Remove', path: 'members', value: [{ value, $ref: null }] }),
      [0, 2],
    ],
    ['bare ids', (value) => ({ op: 'remove', path: 'members', value: [value] }), [0, 2]],
    ['all', () => ({ op: 'remove', path: 'members' }), []],
    ['an unrelated replace', () => ({ op: 'replace', value: { displayName: 'B' } }), [0, 1, 2]],
    ['a new list', (value) => ({ op: 'replace', path: 'members', value: [{ value }] }), [1]],
    [
      'a new list without a path',
      (value) => ({ op: 'replace', value: { members: [{ value }], displayName: 'B' } }),
      [1],
    ],
  ];

  it.each(groupForms)('removes members of a group by %s', async (_form, operation, left) => {
    const ids = await world.pushUsers(['ada', 'bob', 'cyd']);
    const members = ids.map((value) => ({ value }));
    const group = await world.ask('POST', '/Groups', { displayName: 'A', members });
    const body = { schemas: [patchOp], Operations: [operation(ids[1] ?? '')] };
    for (let times = 0; times < 2; times += 1) {
      expect((await world.ask('PATCH', `/Groups/${group.id}`, body)).status).toBe(204);
    }
    const { body: after } = await world.ask('GET', `/Groups/${group.id}`);
    expect(valuesOf(after['members'])).toEqual(left.map((at) => ids[at]));
  });

  it('replaces a user whole, keeps its status where the request has none, and removes old values', async () => {
    const made = await world.ask('POST', '/Users', aUser('ada', { title: 'Chief', active: false }));
    const { active: _left, ...body } = aUser('ada', { displayName: 'Ada' });
    const answer = await world.ask('PUT', `/Users/${made.id}`, body);
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Ada', active: false } });
    const member = await world.member(made.id);
    expect(member?.fields).toMatchObject({ displayName: 'Ada' });
    expect(member?.fields).not.toHaveProperty('jobTitle');
    expect(member?.status).toBe('inactive');
  });

  it('replaces a group without members in the request, and leaves them', async () => {
    const [id = ''] = await world.pushUsers(['ada']);
    const group = await world.ask('POST', '/Groups', {
      displayName: 'A',
      members: [{ value: id }],
    });
    const answer = await world.ask('PUT', `/Groups/${group.id}`, { displayName: 'B' });
    expect(answer.body).toMatchObject({ displayName: 'B', members: [{ value: id }] });
  });

  it('ignores unknown members instead of refusing the request', async () => {
    const [id = ''] = await world.pushUsers(['ada']);
    const group = await world.ask('POST', '/Groups', { displayName: 'A' });
    const value = [{ value: 'nobody' }, { value: id }];
    const body = { schemas: [patchOp], Operations: [{ op: 'add', path: 'members', value }] };
    expect((await world.ask('PATCH', `/Groups/${group.id}`, body)).status).toBe(204);
    const { body: after } = await world.ask('GET', `/Groups/${group.id}`);
    expect(valuesOf(after['members'])).toEqual([id]);
  });
});
