import { randomBytes } from 'node:crypto';
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
import { explainPerson, type PersonExplanation } from '../../../src/why/explain-person.ts';
import { expressions } from '../../fakes/expressions.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

const clock = { now: () => new Date() };

let simulator: Simulator;
let database: Database;
let stores: KeptPorts;
let store: DirectoryStore;
let group: { readonly id: string; readonly name: string };

beforeAll(async () => {
  simulator = await startSimulator({ users: 250, groups: 4, seed: 5 });
  database = await connectDatabase({
    uri: testServices().mongodbUri,
    database: uniqueName('explain'),
  });
  await migrate(database);
  const secretBox = createSecretBox([{ id: 'k1', key: randomBytes(32) }]);
  stores = createStores({ database, secretBox, clock });
  const [first] = simulator.people.groups.all();
  if (first === undefined) throw new Error('the simulator has no group');
  group = first;
  store = await stores.stores.create({
    name: 'acme',
    directory: 'jumpcloud',
    connection: { region: 'us' },
    orgId: simulator.organization.id,
    sendOrgId: false,
    owner: 'cli:ada',
    config: {
      ...defaultStoreConfig(defaultMapping),
      criteria: { users: { conditions: [{ memberOf: group.name }] } },
    },
    credential: { type: 'api-key', apiKey: simulator.apiKey },
  });
});

afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
  await simulator.close();
});

function ports() {
  return {
    ...stores,
    clock,
    random: Math.random,
    connectPushed: createConnectPushed(stores.scim),
    expressions,
    connectDirectory: createConnectDirectory(
      { origins: { JUMPCLOUD_CONSOLE_URL: simulator.url }, retryBudgetMs: 10_000 },
      { now: () => performance.now(), random: Math.random },
    ),
  };
}

async function sync(): Promise<string> {
  const { run } = await stores.runs.enqueue({
    storeId: store.id,
    mode: 'full',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: 'cli:ada',
  });
  await executeRun(ports(), run.id, {
    holder: 'worker',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return run.id;
}

/** All documents of the database. */
async function everything(): Promise<string> {
  const collections = await database.connection.db?.collections();
  const all = await Promise.all(
    (collections ?? []).map((each) => each.find().sort({ _id: 1 }).toArray()),
  );
  return JSON.stringify(all);
}

async function why(email: string, field: 'department' | 'status'): Promise<PersonExplanation> {
  const before = await everything();
  const explained = await explainPerson(ports(), { email, store: null, field });
  expect(await everything()).toBe(before);
  return explained;
}

const insiders = () => simulator.people.groups.membersOf(group.id);
const activeOf = (isIn: boolean) => {
  const ids = simulator.people.all().filter(({ _id, state }) => {
    return state === 'ACTIVATED' && insiders().includes(_id) === isIn;
  });
  const [first] = ids;
  if (first === undefined) throw new Error('no user fits');
  return first;
};

describe('explaining people, over JumpCloud and a real database', () => {
  it('finds the run that changed a member’s field', async () => {
    const { email, _id: id } = activeOf(true);
    await sync();
    simulator.people.update(id, { department: 'Lighthouse' });
    const changed = await sync();
    await sync();
    expect(await why(email, 'department')).toMatchObject({
      kind: 'member',
      criteria: { verdict: 'in' },
      history: { changed: { run: { id: changed }, record: { action: 'update' } }, refused: null },
      next: null,
    });
  });

  it('asks for an unknown person by address with few requests, and for the person’s own groups', async () => {
    const { email, _id: id } = activeOf(false);
    simulator.clearRequests();
    expect(await why(email, 'status')).toMatchObject({
      kind: 'absent',
      stores: [
        {
          reason: { code: 'out-of-scope' },
          criteria: { firstFailing: 1, conditions: [{ holds: false, actual: null }] },
        },
      ],
    });
    expect(simulator.requests.length).toBeLessThan(8);
    simulator.people.groups.addMember(group.id, id);
    expect(await why(email.toUpperCase(), 'status')).toMatchObject({
      stores: [{ reason: { code: 'not-yet' } }],
    });
  });

  it('leaves the store as it is when the credential is refused', async () => {
    await sync();
    const { email } = activeOf(true);
    simulator.setFaults(['forbidden']);
    expect(await why(email, 'status')).toMatchObject({ source: { is: 'unreachable' } });
    simulator.setFaults([]);
    expect((await stores.stores.get(store.id))?.status).toBe('active');
  });
});
