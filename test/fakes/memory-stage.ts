import { jumpcloud } from '../../src/directories/jumpcloud/index.ts';
import type { Stage } from '../../src/rehearsal/rehearse-fault.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { MemoryWorld } from './memory-world.ts';

/**
 * A store in memory that follows a simulated directory over HTTP. Pauses between retries take no
 * time, and move the clock of the retry budget.
 */
export function memoryStage(
  simulator: Simulator,
  {
    group = null,
    pattern = '1',
    random,
  }: {
    readonly group?: string | null;
    /** Which of the group's members, condition 1, are in scope. */
    readonly pattern?: string;
    readonly random: () => number;
  },
): { readonly stage: Stage; readonly world: MemoryWorld } {
  const criteria =
    group === null ? ('all' as const) : { conditions: [{ memberOf: group }], pattern };
  const world = new MemoryWorld(
    { criteria: { users: criteria } },
    { orgId: simulator.organization.id },
  );
  world.random = random;
  let skippedMs = 0;
  const context = {
    settings: {
      origins: { JUMPCLOUD_CONSOLE_URL: simulator.url },
      retryBudgetMs: 5_000,
      mostUsers: 10_000,
    },
    now: () => performance.now() + skippedMs,
    random,
    pause: async (ms: number) => {
      skippedMs += ms;
    },
  };
  world.connect = (options) => ({ ...jumpcloud.connect(options, context), profile: jumpcloud });
  const store = world.stores.all.get('store1');
  world.stores.credential = async () => ({ type: 'api-key', apiKey: simulator.apiKey });
  const stage: Stage = {
    simulator,
    group,
    sync: async () => (await world.sync()).run,
    reauthorize: async () => {
      if (store !== undefined) world.stores.all.set('store1', store);
    },
    members: async () => [...world.members.all.values()],
    records: async (runId) => world.records.ofRun(runId),
  };
  return { stage, world };
}
