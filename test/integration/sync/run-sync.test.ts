import { randomBytes } from 'node:crypto';
import type { Member } from '../../../src/core/model/member.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { defaultStoreConfig } from '../../../src/core/store-file/default-config.ts';
import { createConnectDirectory, createConnectPushed } from '../../../src/directories/index.ts';
import { defaultMapping } from '../../../src/directories/jumpcloud/default-mapping.ts';
import { connectDatabase, type Database } from '../../../src/mongo/connection.ts';
import { createStores } from '../../../src/mongo/index.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import type { KeptPorts } from '../../../src/ports/index.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import { expectedFields } from '../../builders/expected-member.ts';
import { expressions } from '../../fakes/expressions.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

const users = 1000;

let simulator: Simulator;
let database: Database;
let stores: KeptPorts;
let store: DirectoryStore;

beforeAll(async () => {
  simulator = await startSimulator({ users, groups: 8, seed: 7 });
  const clock = { now: () => new Date() };
  database = await connectDatabase({
    uri: testServices().mongodbUri,
    database: uniqueName('run_sync'),
  });
  await migrate(database);
  const secretBox = createSecretBox([{ id: 'k1', key: randomBytes(32) }]);
  stores = createStores({ database, secretBox, clock });
  store = await stores.stores.create({
    name: 'acme',
    directory: 'jumpcloud',
    connection: { region: 'us' },
    orgId: simulator.organization.id,
    sendOrgId: false,
    owner: 'cli:ada',
    config: defaultStoreConfig(defaultMapping),
    credential: { type: 'api-key', apiKey: simulator.apiKey },
  });
});

afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
  await simulator.close();
});

async function sync() {
  const { run } = await stores.runs.enqueue({
    storeId: store.id,
    mode: 'full',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: 'cli:ada',
  });
  const ports = {
    ...stores,
    clock: { now: () => new Date() },
    random: Math.random,
    connectPushed: createConnectPushed(stores.scim),
    expressions,
    connectDirectory: createConnectDirectory(
      { origins: { JUMPCLOUD_CONSOLE_URL: simulator.url }, retryBudgetMs: 10_000 },
      { now: () => performance.now(), random: Math.random },
    ),
  };
  const outcome = await executeRun(ports, run.id, {
    holder: 'worker',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  if (outcome.outcome !== 'ended') throw new Error(`the run was ${outcome.outcome}`);
  return outcome.run;
}

async function members(): Promise<ReadonlyMap<string, Member>> {
  const all = new Map<string, Member>();
  for await (const member of stores.members.list({ storeId: store.id })) {
    all.set(member.externalId ?? '', member);
  }
  return all;
}

/** Every member, and the expected fields of all users of the directory, computed apart. */
async function expectTrueToSource(): Promise<void> {
  const found = await members();
  const listed = simulator.people.all();
  const described = listed.map((user) => {
    const member = found.get(user._id);
    const status = user.state === 'ACTIVATED' ? 'active' : 'inactive';
    return {
      expected: { id: user._id, status, fields: expectedFields(user) },
      found: member && { id: user._id, status: member.status, fields: member.fields },
      isStaged: user.state === 'STAGED',
    };
  });
  const synced = described.filter(({ isStaged }) => !isStaged);
  expect(synced.map((each) => each.found)).toEqual(synced.map((each) => each.expected));
  const ids = new Set(listed.map(({ _id }) => _id));
  const left = [...found.values()].filter(({ externalId }) => !ids.has(externalId ?? ''));
  expect(left.filter(({ status }) => status === 'active')).toEqual([]);
}

describe('runs over a directory of a thousand, on a real database', () => {
  it('creates all members with the directory’s fields, in twelve listing requests', async () => {
    simulator.clearRequests();
    const run = await sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      certificate: { complete: true, distinct: users },
    });
    const { listed, create, skipped, applied } = run.counts;
    expect({ listed, decided: create + skipped }).toEqual({ listed: users, decided: users });
    expect(applied).toBe(create);
    const listing = simulator.requests.filter(({ path }) => path === '/api/systemusers');
    expect(listing).toHaveLength(12);
    await expectTrueToSource();
  });

  it('writes no member and no record when nothing changed', async () => {
    const before = await members();
    const run = await sync();
    expect(run.counts).toMatchObject({ unchanged: before.size, create: 0, update: 0, applied: 0 });
    expect(await stores.records.page({ runId: run.id, limit: 10 })).toEqual([]);
    expect(await members()).toEqual(before);
  });

  it('follows new users, renames, suspensions, swaps, departures and returns', async () => {
    const active = simulator.people.all().filter(({ state }) => state === 'ACTIVATED');
    const [renamed, left, suspended, first, second, transferred] = active.map(({ _id }) => _id);
    simulator.people.hireMany(25);
    simulator.people.update(renamed ?? '', { firstname: 'Ada', email: 'ada.lovelace@example.org' });
    simulator.people.update(transferred ?? '', { department: 'Überseehandel', jobTitle: '' });
    simulator.people.remove(left ?? '');
    simulator.people.suspend(suspended ?? '');
    simulator.people.swapEmails(first ?? '', second ?? '');
    const run = await sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { create: 25, update: 4, deactivate: 2, gone: 1, conflict: 0, failed: 0 },
    });
    await expectTrueToSource();
    simulator.people.activate(suspended ?? '');
    expect((await sync()).counts).toMatchObject({ reactivate: 1, update: 0, gone: 1 });
    await expectTrueToSource();
  });
});
