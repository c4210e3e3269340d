import fc from 'fast-check';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

/*
 * Any request is understood or refused: never a 500. The number of cases is fixed, so that all runs
 * take equally long.
 */

const attribute = fc.oneof(
  fc.constantFrom(
    'userName',
    'emails',
    'emails.value',
    'name.givenName',
    'active',
    'id',
    'meta.created',
    'meta.lastModified',
    'groups.value',
    'members',
    'displayName',
    'addresses.locality',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
    '$where',
    '__proto__',
    'constructor.prototype',
  ),
  fc.stringMatching(/^[A-Za-z$][\w$.:-]{0,12}$/),
);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('true', 'null', '1', '-1.5e3', '"2026-01-01T00:00:00Z"', '"\\u0000"', '"*("'),
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ');
const { filter } = fc.letrec<{ filter: string; term: string }>((tie) => ({
  term: fc.oneof(
    fc.tuple(attribute, operator, value).map((parts) => parts.join(' ')),
    attribute.map((name) => `${name} pr`),
  ),
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('term'),
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map((all) => all.join(' ')),
    tie('filter').map((inner) => `not (${inner})`),
    tie('filter').map((inner) => `(${inner})`),
    fc.tuple(attribute, tie('filter')).map(([name, inner]) => `${name}[${inner}]`),
    fc
      .tuple(attribute, tie('filter'), fc.constantFrom('.value', '.type'), operator, value)
      .map(([name, inner, sub, op, wanted]) => `${name}[${inner}]${sub} ${op} ${wanted}`),
  ),
}));
const anyFilter = fc.oneof(
  { arbitrary: filter, weight: 4 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 1 },
);

const keys = fc.oneof(
  fc.constantFrom(
    'userName',
    'name',
    'givenName',
    'emails',
    'value',
    'type',
    'primary',
    'active',
    'displayName',
    'members',
    'externalId',
    'manager',
    'Operations',
    'op',
    'path',
    'schemas',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    'urn:acme:2.0:Extension',
  ),
  fc.string({ maxLength: 6 }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -1, 'True', 'false', '', 'ada', 'ada@acme.test'),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(keys, tie('json'), { maxKeys: 4 }),
  ),
}));
const path = fc.oneof(
  fc.constantFrom('title', 'active', 'name.givenName', 'emails', 'members', 'displayName'),
  attribute,
  fc.tuple(attribute, anyFilter).map(([name, inner]) => `${name}[${inner}]`),
  fc
    .tuple(attribute, anyFilter, fc.constantFrom('value', 'type', 'primary', 'x'))
    .map(([name, inner, sub]) => `${name}[${inner}].${sub}`),
  fc.string({ maxLength: 12 }),
);
const patch = fc.record(
  {
    Operations: fc.array(
      fc.record(
        {
          op: fc.constantFrom('add', 'Replace', 'REMOVE', 'replace', 'remove', 'Add', 'move'),
          path: fc.oneof({ arbitrary: path, weight: 5 }, json),
          value: fc.oneof(fc.constantFrom('True', 'ada@acme.test'), json),
        },
        { requiredKeys: ['op'] },
      ),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ['Operations'] },
);

describe('any request', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
    await world.pushUsers(['ada', 'bob']);
  });
  afterAll(() => world.close());

  /** How often each status was answered. */
  let statuses = new Map<number, number>();
  beforeEach(() => {
    statuses = new Map();
  });
  const ask = async (method: string, at: string, body: unknown): Promise<boolean> => {
    const { status } = await world.ask(method, at, body);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    return status < 500;
  };
  /** A test shows something only if some requests are understood and some refused. */
  const seen = () => ({
    understood: (statuses.get(200) ?? 0) + (statuses.get(204) ?? 0) > 10,
    refused: (statuses.get(400) ?? 0) > 10,
  });
  const both = { understood: true, refused: true };
  const runs = (numRuns: number) => ({ numRuns, seed: 20260201, endOnFailure: true });

  it('filters are understood or refused', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, fc.constantFrom('Users', 'Groups'), (text, kind) =>
        ask('POST', `/${kind}/.search`, { filter: text }),
      ),
      runs(1500),
    );
    expect(seen()).toEqual(both);
  });

  it('patches are understood or refused', async () => {
    const { id } = await world.ask('POST', '/Users', aUser('cyd'));
    const { id: group } = await world.ask('POST', '/Groups', { displayName: 'A' });
    await fc.assert(
      fc.asyncProperty(patch, fc.boolean(), (body, isUser) =>
        ask('PATCH', isUser ? `/Users/${id}` : `/Groups/${group}`, body),
      ),
      runs(1000),
    );
    expect(seen()).toEqual(both);
    expect({}).not.toHaveProperty('a');
  });

  it('bodies are understood or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        json,
        fc.constantFrom('/Users', '/Groups', '/Bulk', '/Users/.search', '/Groups/.search'),
        (body, at) => ask('POST', at, JSON.stringify(body)),
      ),
      runs(1000),
    );
    expect(seen()).toEqual(both);
  });

  it('queries are understood or refused', async () => {
    const query = fc.dictionary(
      fc.constantFrom('filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes'),
      fc.oneof(attribute, fc.string({ maxLength: 10 }), fc.integer().map(String)),
    );
    await fc.assert(
      fc.asyncProperty(query, (asked) =>
        ask('GET', `/Users?${new URLSearchParams(asked).toString()}`, undefined),
      ),
      runs(500),
    );
    expect(seen()).toEqual(both);
  });
});
