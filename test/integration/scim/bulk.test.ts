import { aUser, type Json, openScimWorld, type ScimWorld, valuesOf } from './scim-world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

type Outcome = Json & { readonly status: string; readonly location?: string };

describe('a bulk', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const bulk = async (Operations: readonly object[], more: object = {}) => {
    const { status, body } = await world.ask('POST', '/Bulk', { ...more, Operations });
    expect(status).toBe(200);
    return body['Operations'] as readonly Outcome[];
  };
  const user = (bulkId: string, parts: Json = {}) => ({
    method: 'POST',
    path: '/Users',
    bulkId,
    data: aUser(bulkId, parts),
  });
  const managed = (bulkId: string, manager: string) =>
    user(bulkId, { [enterprise]: { department: 'A', manager: { value: `bulkId:${manager}` } } });
  const group = (bulkId: string, ...members: readonly string[]) => ({
    method: 'POST',
    path: '/Groups',
    bulkId,
    data: { displayName: bulkId, members: members.map((value) => ({ value, type: 'User' })) },
  });
  const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);
  const pathOf = ({ location = '' }: Outcome) =>
    new URL(location).pathname.split(world.store.id)[1] ?? '';
  const idOf = (outcome: Outcome | undefined) => outcome?.location?.split('/').at(-1);
  const bad = (bulkId: string) => ({ ...user(bulkId), data: { userName: '' } });

  it.each([
    ['the first fails', 1, ['bad', 'ok', 'ok'], ['400']],
    ['one within fails', 1, ['ok', 'bad', 'ok', 'bad', 'ok'], ['201', '400']],
    ['two fail', 2, ['bad', 'ok', 'bad', 'ok'], ['400', '201', '400']],
    ['fewer fail', 3, ['bad', 'ok', 'bad', 'ok'], ['400', '201', '400', '201']],
    ['no number is given', undefined, ['bad', 'bad', 'ok'], ['400', '400', '201']],
    ['the last fails', 1, ['ok', 'ok', 'bad'], ['201', '201', '400']],
  ])('ends within a run of new users when %s', async (_what, failOnErrors, kinds, expected) => {
    const run = kinds.map((kind, at) => (kind === 'ok' ? user(`u${at}`) : bad(`u${at}`)));
    expect(statuses(await bulk(run, { failOnErrors }))).toEqual(expected);
    const { body } = await world.ask('GET', '/Users');
    expect(body['totalResults']).toBe(expected.filter((status) => status === '201').length);
  });

  it('understands references to what is made later', async () => {
    const outcomes = await bulk([
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: { Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:c' }] }] },
      },
      group('g', 'bulkId:a', 'bulkId:b'),
      managed('a', 'b'),
      user('b'),
      user('c'),
    ]);
    expect(statuses(outcomes)).toEqual(['200', '201', '201', '201', '201']);
    const [, made, a, b, c] = outcomes;
    if (made === undefined || a === undefined) throw new Error('there are too few outcomes');
    const { body } = await world.ask('GET', pathOf(made));
    expect(new Set(valuesOf(body['members']))).toEqual(new Set([idOf(a), idOf(b), idOf(c)]));
    expect((await world.ask('GET', pathOf(a))).body[enterprise]).toMatchObject({
      manager: { value: idOf(b) },
    });
  });

  it.each([
    ['themselves', [['a', 'a']]],
    [
      'each other',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
    [
      'one another in a circle',
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
      ],
    ],
    [
      'a circle',
      [
        ['x', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ],
    ],
  ] as const)('understands users who refer to %s', async (_what, pairs) => {
    const outcomes = await bulk([
      group('g', ...pairs.map(([name]) => `bulkId:${name}`)),
      ...pairs.map(([name, manager]) => managed(name, manager)),
    ]);
    expect(new Set(statuses(outcomes))).toEqual(new Set(['201']));
    const ids = new Map<string, string | undefined>(
      pairs.map(([name], at) => [name, idOf(outcomes[at + 1])]),
    );
    for (const [at, [, manager]] of pairs.entries()) {
      const outcome = outcomes[at + 1];
      if (outcome === undefined) throw new Error('there are too few outcomes');
      const { body } = await world.ask('GET', pathOf(outcome));
      expect(body[enterprise]).toEqual({ department: 'A', manager: { value: ids.get(manager) } });
      expect(body['meta']).toMatchObject({ version: outcome['version'] });
    }
    const [made] = outcomes;
    if (made === undefined) throw new Error('there are too few outcomes');
    const { body } = await world.ask('GET', pathOf(made));
    expect(new Set(valuesOf(body['members']))).toEqual(new Set(ids.values()));
  });

  it('says so when a reference can’t be kept', async () => {
    const outcomes = await bulk([
      managed('a', 'b'),
      { ...managed('b', 'a'), data: { ...managed('b', 'a').data, userName: '' } },
      group('g', 'bulkId:b'),
      { method: 'DELETE', path: '/Users/bulkId:nobody' },
      user('c'),
    ]);
    expect(statuses(outcomes)).toEqual(['409', '400', '409', '409', '201']);
    // It was created, and lacks its manager.
    expect(outcomes[0]).toMatchObject({ bulkId: 'a', location: expect.any(String) });
  });

  it('answers in the order of the request, whatever waited', async () => {
    const outcomes = await bulk([group('g', 'bulkId:b'), managed('b', 'c'), user('c')]);
    expect(outcomes.map(({ bulkId }) => bulkId)).toEqual(['g', 'b', 'c']);
    expect(outcomes[0]).toEqual({
      method: 'POST',
      bulkId: 'g',
      location: expect.stringMatching(/\/Groups\/\w+$/),
      version: 'W/"1"',
      status: '201',
    });
  });

  it('makes a circle of 60 users', async () => {
    const circle = Array.from({ length: 60 }, (_, at) => managed(`u${at}`, `u${(at + 1) % 60}`));
    const outcomes = await bulk(circle);
    expect(new Set(statuses(outcomes))).toEqual(new Set(['201']));
    const { body } = await world.ask('GET', `/Users?filter=${enterprise}:manager pr`);
    expect(body['totalResults']).toBe(60);
  });
});
