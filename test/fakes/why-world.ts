import type { RunMode } from '../../src/core/model/run.ts';
import type { StoreConfig } from '../../src/core/model/store-config.ts';
import { executeRun } from '../../src/sync/run/execute-run.ts';
import { aConfig, aStore } from '../builders/models.ts';
import { CliWorld } from './cli-world.ts';

export const ada = {
  id: 'u1',
  email: 'ada@x.test',
  record: { department: 'Sales', firstname: 'Ada' },
};
export const bob = { id: 'u2', email: 'bob@x.test', record: { department: 'IT' } };

export const salesOnly: StoreConfig['criteria'] = {
  users: {
    conditions: [
      { attribute: 'department', operator: 'equals', value: 'Sales' },
      { memberOf: 'Engineers' },
      { custom: 'left', operator: 'exists' },
    ],
    pattern: '(1 or 2) and not 3',
  },
};

/** A store with two users in its directory, nothing synced yet. */
export function worldOf(config: Partial<StoreConfig> = {}): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore({ config: aConfig(config) }));
  world.directory.set(ada, bob);
  world.directory.groups.set('g1', { name: 'Engineers', members: new Set(['u9']) });
  return world;
}

/** Runs a sync to its end, an hour before the following events; returns the run’s id. */
export async function sync(world: CliWorld, mode: RunMode = 'full'): Promise<string> {
  const { run } = await world.runs.enqueue({
    storeId: 'store1',
    mode,
    trigger: 'manual',
    configRevision: 1,
    requestedBy: 'cli:ada',
  });
  const worker = {
    holder: 'worker1',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  await executeRun(world.ports, run.id, worker);
  world.clock.nowMs += 3_600_000;
  return run.id;
}

export function configure(world: CliWorld, config: Partial<StoreConfig>): void {
  const store = world.stores.all.get('store1') ?? aStore();
  world.stores.all.set('store1', { ...store, config: { ...store.config, ...config } });
}

/** All stored data. */
function everything(world: CliWorld): string {
  const { members, records, runs, stores, leases } = world;
  const maps = [members.all, records.all, runs.all, stores.all, leases.holders];
  return JSON.stringify([maps.map((map) => [...map]), world.enqueued, world.reconciled]);
}

/** The answer of `members why … --json`, which must write nothing. */
export async function why(world: CliWorld, ...args: readonly string[]) {
  const before = everything(world);
  const outcome = await world.run(['members', 'why', ...args, '--json']);
  expect(everything(world)).toBe(before);
  expect(outcome.exitCode).toBe(0);
  return outcome.json() as Record<string, unknown>;
}

/** The output of `members why` for people. */
export async function text(world: CliWorld, ...args: readonly string[]): Promise<string> {
  return (await world.run(['members', 'why', ...args])).stdout;
}
