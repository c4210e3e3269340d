import fc from 'fast-check';
import { createExpressions } from '../../../src/expressions/index.ts';
import { type ApiWorld, apiKey, openApiWorld } from '../../fakes/api-world.ts';
import { openTestDatabase, type TestDatabase } from '../store/test-database.ts';

/** Keys and texts that have broken other servers. */
const nasty = [
  '$gt',
  '$where',
  '$ne',
  '__proto__',
  'constructor',
  'toString',
  'length',
  'a.b',
  '',
  ' ',
  '\u0000',
  '\ud800',
  '𝕏',
  '../../etc/passwd',
  '%00',
  "' or 1=1 --",
  '-1',
  '1e999',
  'NaN',
  'null',
  '[object Object]',
  '*',
  '"',
  '\r\nset-cookie: a=b',
  'u1@acme.test',
  'x'.repeat(3000),
] as const;

const key = fc.oneof(fc.constantFrom(...nasty), fc.string({ maxLength: 8 }));
const leaf = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4 }),
  ),
}));

/** A valid body for each operation that takes one, to be made wrong in one place. */
const rightBodies: Readonly<Record<string, unknown>> = {
  signIn: { token: 'rc_viewer' },
  createToken: { name: 'screen', role: 'viewer' },
  addStore: {
    name: 'other',
    directory: 'jumpcloud',
    region: 'us',
    credential: apiKey,
  },
  changeStore: { name: 'acme', owner: 'admin' },
  reauthorizeStore: { credential: apiKey },
  testConnection: { directory: 'jumpcloud', credential: apiKey },
  previewMapping: { mapping: { department: { attribute: 'department' } }, limit: 2 },
  countCriteria: {
    criteria: {
      users: {
        conditions: [
          { attribute: 'department', operator: 'in', value: ['a', 1, true] },
          { custom: 'shirtSize', operator: 'exists' },
          { memberOf: 'Engineers' },
        ],
        pattern: '1 and (2 or not 3)',
      },
    },
  },
  previewSchedule: {
    schedule: { frequency: 'weekly', days: ['mon'], time: '02:00', timezone: 'UTC' },
    count: 3,
  },
  configureStore: {
    mapping: {
      displayName: { expression: "firstname & ' ' & lastname", transform: ['trim'] },
      'custom.size': { custom: 'shirtSize', default: 'M', apply: 'on-create' },
    },
    settings: { statusSync: { mode: 'reflect', staged: 'skip' } },
    schedule: { frequency: 'cron', cron: '*/15 * * * *', timezone: 'UTC', enabled: true },
    safeguards: { removals: { percent: 1, floor: 2 }, window: '24h', absence: { over: '1h' } },
  },
  syncStore: { mode: 'plan' },
  approveRun: { records: ['u1'] },
  rejectRun: { records: ['u1'] },
  undoRun: { plan: true },
  addMember: { email: 'ada@acme.test', firstName: 'Ada', lastName: 'L' },
  explainMember: { email: 'u1@acme.test', field: 'department', store: 'store1' },
  eraseMember: { email: 'u1@acme.test', confirm: false },
};

/** Replaces the `nth` value within a value by `wrong`, or adds it under a key. */
function breakAt(value: unknown, nth: number, wrong: unknown): unknown {
  let at = -1;
  const walk = (each: unknown): unknown => {
    at += 1;
    if (at === nth) return wrong;
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value);
}

const names = [
  'limit',
  'cursor',
  'store',
  'status',
  'mode',
  'action',
  'email',
  'name',
  'by',
  'count',
];
const query = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom(...names, 'members'),
      fc.constantFrom(...names.map((name) => `${name}[$gt]`), ...names.map((name) => `${name}[]`)),
      key,
    ),
    fc.oneof(leaf.map(String), fc.constantFrom('active', 'keep', '10', 'planned', 'store1')),
  ),
  { maxLength: 4 },
);

/** Thousands in all. */
const casesEach = 60;

describe('any request to the API', () => {
  let database: TestDatabase;
  let api: ApiWorld;
  let store: string;
  let run: string;
  beforeAll(async () => {
    database = await openTestDatabase();
    const { stores, members, records, runs, leases, audit } = database;
    api = await openApiWorld({
      stores,
      members,
      records,
      runs,
      leases,
      audit,
      expressions: createExpressions(),
    });
    for (const id of ['u1', 'u2']) api.world.directory.set({ id, email: `${id}@acme.test` });
    store = await api.addStore();
    ({ id: run } = (await api.ask('POST', `/stores/${store}/runs`)).json);
    await api.work();
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  /** Paths of existing things, and of things that can't exist. */
  const pathOf = (pattern: string, isThere: boolean, nonsense: string) =>
    pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(
        isThere
          ? ({ storeId: store, runId: run, memberId: `${store}.u1` }[name] ?? nonsense)
          : nonsense,
      ),
    );

  it('is answered according to the contract and never as a bug', async () => {
    let cases = 0;
    // Following a run lasts until it ends, which it never does here; watching the lists lasts until the client leaves.
    const operations = api.contract.operations.filter(
      ({ id }) => id !== 'watchRun' && id !== 'watchLists',
    );
    for (const { id, method, path } of operations) {
      const right = rightBodies[id];
      const bodies =
        right === undefined
          ? json
          : fc.oneof(
              json,
              fc.tuple(fc.nat(24), json).map(([nth, wrong]) => breakAt(right, nth, wrong)),
            );
      const asked = fc.record({
        body: method === 'GET' ? fc.constant(undefined) : bodies,
        query,
        isThere: fc.boolean(),
        nonsense: fc.constantFrom(...nasty.filter((text) => text !== '' && text !== '\ud800')),
        ifMatch: fc.constantFrom('*', '"1"', 'W/"x"', '1', '""'),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ body, query: given, isThere, nonsense, ifMatch }) => {
          cases += 1;
          // A token of its own for each, so that none exceeds its limit.
          const secret = api.world.tokens.add(`fuzz${cases}`, 'owner');
          const search = new URLSearchParams(given);
          const text = body === undefined ? undefined : JSON.stringify(body);
          const url = `${pathOf(path, isThere, nonsense)}?${search.toString()}`;
          const { status, text: answer } = await api.ask(method, url, {
            as: 'none',
            headers: { authorization: `Bearer ${secret}`, 'if-match': ifMatch },
            ...(text !== undefined && { body: text }),
          });
          if (status === 500 || answer.includes('node_modules')) {
            throw new Error(`${id} answered ${status}: ${answer}; log: ${api.http.logged.at(-2)}`);
          }
        }),
        { numRuns: casesEach },
      );
    }
    expect(cases).toBe(operations.length * casesEach);
  }, 180_000);
});
