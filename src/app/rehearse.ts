import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from '../../config/load.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { StoreConfig } from '../core/model/store-config.ts';
import { defaultStoreConfig } from '../core/store-file/default-config.ts';
import { createConnectDirectory, createConnectPushed } from '../directories/index.ts';
import { jumpcloud } from '../directories/jumpcloud/index.ts';
import { createExpressions } from '../expressions/index.ts';
import { connectDatabase, type Database } from '../mongo/connection.ts';
import { createStores } from '../mongo/index.ts';
import { migrate } from '../mongo/migrations/migrate.ts';
import { createSecretBox } from '../mongo/secret-box.ts';
import type { KeptPorts } from '../ports/index.ts';
import { type Rehearsed, rehearse, type Stage } from '../rehearsal/rehearse-fault.ts';
import { FAULTS } from '../simulator/faults/faults.ts';
import { type Simulator, startSimulator } from '../simulator/simulator.ts';
import { executeRun } from '../sync/run/execute-run.ts';
import { recordsOf } from '../sync/run/records/read-records.ts';

/** Enough for two pages, so that there is a seam. */
const people = 120;
/** A faulty directory is given up soon: the administrator is waiting. */
const faultyBudgetMs = 1_000;
/** On a slow machine the sound directory takes longer than that. */
const soundBudgetMs = 30_000;
/** A listing without end is given up soon too. */
const mostUsers = 2_000;
const lanes = 3;

/**
 * Rehearses every fault of the simulator, each on a store of its own in a temporary database on the
 * real database server. `onRehearsed` is called after each.
 */
export async function rehearseAll(
  { mongodbUri }: Pick<Config, 'mongodbUri'>,
  onRehearsed: (done: Rehearsed) => void,
): Promise<readonly Rehearsed[]> {
  const waiting = FAULTS.map(({ name }) => name);
  const done = await Promise.all(
    Array.from({ length: lanes }, () => rehearseLane(mongodbUri, waiting, onRehearsed)),
  );
  const order = new Map(FAULTS.map(({ name }, index) => [name, index]));
  const placeOf = ({ faults: [name = ''] }: Rehearsed) => order.get(name) ?? 0;
  return done.flat().toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** E-mail addresses are unique over all stores of a database, so each lane has one of its own. */
async function rehearseLane(
  uri: string,
  waiting: string[],
  onRehearsed: (done: Rehearsed) => void,
): Promise<readonly Rehearsed[]> {
  const name = `rollcall_rehearsal_${randomBytes(6).toString('hex')}`;
  const database = await connectDatabase({ uri, database: name });
  const all: Rehearsed[] = [];
  try {
    await migrate(database);
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const rehearsed = await rehearseOne(database, fault);
      all.push(rehearsed);
      onRehearsed(rehearsed);
    }
    return all;
  } finally {
    await database.connection.dropDatabase();
    await database.close();
  }
}

async function rehearseOne(database: Database, fault: string): Promise<Rehearsed> {
  const simulator = await startSimulator({ users: people, groups: 3 });
  const group = fault.startsWith('group') ? groupOfMost(simulator) : null;
  const clock = { now: () => new Date() };
  const secretBox = createSecretBox([{ id: 'rehearsal', key: randomBytes(32) }]);
  const stores = createStores({ database, secretBox, clock });
  try {
    const store = await stores.stores.create({
      name: fault,
      directory: jumpcloud.kind,
      connection: { region: 'us' },
      orgId: simulator.organization.id,
      sendOrgId: false,
      owner: 'rehearsal',
      config: { ...defaultStoreConfig(jumpcloud.defaultMapping), criteria: criteriaOf(group) },
      credential: { type: 'api-key', apiKey: simulator.apiKey },
    });
    const rehearsed = await rehearse(stageOf({ stores, store, simulator, group, clock }), [fault]);
    await stores.stores.remove(store, 'delete');
    return rehearsed;
  } finally {
    await simulator.close();
  }
}

/** Nearly all users, and more than one page of them. */
function groupOfMost({ people }: Simulator): string {
  const { id } = people.groups.create('Most of us');
  for (const user of people.ids.slice(5)) people.groups.addMember(id, user);
  return id;
}

function criteriaOf(group: string | null): StoreConfig['criteria'] {
  return { users: group === null ? 'all' : { conditions: [{ memberOf: group }] } };
}

function stageOf(parts: {
  readonly stores: KeptPorts;
  readonly store: DirectoryStore;
  readonly simulator: Simulator;
  readonly group: string | null;
  readonly clock: { readonly now: () => Date };
}): Stage {
  const { stores, store, simulator, group, clock } = parts;
  const ports = {
    ...stores,
    clock,
    random: Math.random,
    connectPushed: createConnectPushed(stores.scim),
    expressions: createExpressions(),
  };
  const connectTo = (directory?: 'faulty') =>
    createConnectDirectory(
      {
        origins: { JUMPCLOUD_CONSOLE_URL: simulator.url },
        retryBudgetMs: directory === 'faulty' ? faultyBudgetMs : soundBudgetMs,
        mostUsers,
      },
      { now: () => performance.now(), random: Math.random },
    );
  return {
    simulator,
    group,
    async sync(directory) {
      const { run } = await stores.runs.enqueue({
        storeId: store.id,
        mode: 'full',
        trigger: 'manual',
        configRevision: store.configRevision,
        requestedBy: 'rehearsal',
      });
      const outcome = await executeRun(
        { ...ports, connectDirectory: connectTo(directory) },
        run.id,
        {
          holder: randomUUID(),
          signal: new AbortController().signal,
          onProgress: () => undefined,
        },
      );
      if (outcome.outcome !== 'ended') throw new Error(`a rehearsed run was ${outcome.outcome}`);
      return outcome.run;
    },
    async reauthorize() {
      const credential = { type: 'api-key', apiKey: simulator.apiKey } as const;
      await stores.stores.reauthorize(store.id, { credential, owner: 'rehearsal' });
    },
    async members() {
      return gather(stores.members.list({ storeId: store.id }));
    },
    async records(runId) {
      return gather(recordsOf(stores.records, runId));
    },
  };
}

async function gather<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
