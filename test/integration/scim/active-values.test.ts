import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A request about one user, and its status. */
type Case = readonly [what: string, body: unknown, status: number];

const patch = (...Operations: readonly object[]) => ({ Operations });
const replace = (value: unknown) => patch({ op: 'replace', path: 'active', value });
const { active: _active, ...unsaid } = aUser('ada');

/** Values that say nothing of `active`: the user keeps it. */
const blanks: readonly unknown[] = [null, '', []];

const patches: readonly Case[] = [
  ...blanks.flatMap((value): Case[] => [
    [`replace with ${JSON.stringify(value)}`, replace(value), 200],
    ['add', patch({ op: 'add', path: 'active', value }), 200],
    ['Replace without a path', patch({ op: 'Replace', value: { active: value } }), 200],
    ['other letters', patch({ op: 'replace', value: { ACTIVE: value } }), 200],
    ['the path of the schema', patch({ op: 'replace', path: `${core}:active`, value }), 200],
    ['a key with the schema', patch({ op: 'replace', value: { [`${core}:active`]: value } }), 200],
    ['the schema as key', patch({ op: 'add', value: { [core]: { active: value } } }), 200],
    ['the schema as path', patch({ op: 'add', path: core, value: { active: value } }), 200],
  ]),
  ['remove', patch({ op: 'remove', path: 'active' }), 200],
  ['remove with a value', patch({ op: 'Remove', path: 'Active', value: true }), 200],
  ['a filter on it', patch({ op: 'remove', path: 'active[value eq "False"]' }), 400],
  ['a part of it', patch({ op: 'remove', path: 'active.value' }), 400],
  [
    'false, then blank',
    patch(replace('False').Operations[0] ?? {}, { op: 'remove', path: 'active' }),
    200,
  ],
  ['a blank text', replace(' '), 400],
  ['another text', replace('yes'), 400],
  ['a number', replace(1), 400],
  ['an object', replace({ value: true }), 400],
  ['a list', replace([true]), 400],
];

const puts: readonly Case[] = [
  ...blanks.flatMap((value): Case[] => [
    [`active ${JSON.stringify(value)}`, { ...unsaid, active: value }, 200],
    ['other letters', { ...unsaid, ACTIVE: value }, 200],
    ['a key with the schema', { ...unsaid, [`${core}:active`]: value }, 200],
    ['the schema as key', { ...unsaid, [core]: { active: value } }, 200],
  ]),
  ['no active', unsaid, 200],
  ['a number', { ...unsaid, active: 0 }, 400],
  ['an object', { ...unsaid, active: {} }, 400],
];

/** Each form of a value that says something. */
const said: readonly (readonly [value: unknown, isActive: boolean])[] = [
  [true, true],
  ['True', true],
  ['true', true],
  [false, false],
  ['False', false],
  ['FALSE', false],
];

describe('the active of a pushed user', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const inactive = async (): Promise<string> => {
    // A second user, so that the brake on the last active member is not in the way.
    await world.pushUsers(['eve', 'fay']);
    const [id = ''] = await world.pushUsers(['ada']);
    expect((await world.ask('PATCH', `/Users/${id}`, replace(false))).status).toBe(200);
    expect(await world.member(id)).toMatchObject({ status: 'inactive' });
    return id;
  };
  const staysInactive = async (id: string): Promise<void> => {
    expect((await world.ask('GET', `/Users/${id}`)).body['active']).toBe(false);
    expect(await world.member(id)).toMatchObject({ status: 'inactive' });
  };

  it('is left by each request that says nothing of it', async () => {
    const id = await inactive();
    const seen: unknown[] = [];
    const requests = [
      ...patches.map(([what, body]) => ['PATCH', what, body] as const),
      ...puts.map(([what, body]) => ['PUT', what, body] as const),
    ];
    for (const [method, what, body] of requests) {
      const { status } = await world.ask(method, `/Users/${id}`, body);
      const { body: after } = await world.ask('GET', `/Users/${id}`);
      seen.push([method, what, status, after['active']]);
    }
    const expected = [
      ...patches.map(([what, , status]) => ['PATCH', what, status, false]),
      ...puts.map(([what, , status]) => ['PUT', what, status, false]),
    ];
    expect(seen).toEqual(expected);
    await staysInactive(id);
  });

  it('is left by a bulk too', async () => {
    const id = await inactive();
    const path = `/Users/${id}`;
    const Operations = [
      { method: 'PATCH', path, data: replace(null) },
      { method: 'PATCH', path, data: patch({ op: 'remove', path: 'active' }) },
      { method: 'PUT', path, data: { ...unsaid, active: '' } },
    ];
    const { body } = await world.ask('POST', '/Bulk', { Operations });
    expect(body['Operations']).toMatchObject(Operations.map(() => ({ status: '200' })));
    await staysInactive(id);
  });

  it.each(said)('is read from %j', async (value, isActive) => {
    const id = await inactive();
    const forms = [
      ['PATCH', replace(value)],
      ['PATCH', patch({ op: 'Add', value: { active: value } })],
      ['PATCH', patch({ op: 'replace', value: { [`${core}:active`]: value } })],
      ['PATCH', patch({ op: 'replace', path: core, value: { active: value } })],
      ['PUT', { ...unsaid, active: value }],
      ['PUT', { ...unsaid, [core]: { active: value } }],
      ['PUT', { ...unsaid, [`${core}:active`]: value }],
    ] as const;
    for (const [method, body] of forms) {
      await world.ask('PATCH', `/Users/${id}`, replace(!isActive));
      expect(await world.ask(method, `/Users/${id}`, body)).toMatchObject({
        status: 200,
        body: { active: isActive },
      });
    }
  });

  it('is true for a new user that says nothing of it, and as said for any other', async () => {
    const made = [undefined, null, '', [], 'False', false, 'True'].map((active, at) =>
      world.ask('POST', '/Users', { ...aUser(`new${at}`), active }),
    );
    const answers = await Promise.all(made);
    expect(answers.map(({ body }) => body['active'])).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
