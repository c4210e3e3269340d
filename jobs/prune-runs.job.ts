import { parseDurationMs } from '../src/core/duration.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { DirectoryStores } from '../src/ports/directory-stores.ts';
import type { RunStore } from '../src/ports/runs.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface PruneRunsDependencies {
  readonly runs: Pick<RunStore, 'prunable' | 'removeMany'>;
  readonly stores: Pick<DirectoryStores, 'list'>;
  readonly clock: Clock;
  readonly retentionMs: number;
}

const dayMs = 24 * 60 * 60_000;
const batch = 100;

/**
 * Removes runs that ended longer ago than the retention, with their records. Runs with held records
 * stay, and so do runs that a safeguard's window still counts.
 */
export function pruneRunsJob(dependencies: PruneRunsDependencies): JobDefinition {
  const { runs } = dependencies;
  return defineRecurring('prune-runs', dayMs, async ({ signal }) => {
    const before = await oldestKept(dependencies);
    let removed = 0;
    while (!signal.aborted) {
      const ids = await runs.prunable(before, batch);
      if (ids.length > 0) await runs.removeMany(ids);
      removed += ids.length;
      if (ids.length < batch) break;
    }
    return { end: 'done', result: { removed } };
  });
}

async function oldestKept({ stores, clock, retentionMs }: PruneRunsDependencies): Promise<Date> {
  const windowsMs = (await stores.list()).map(({ config }) =>
    parseDurationMs(config.safeguards.window),
  );
  return new Date(clock.now().getTime() - Math.max(retentionMs, ...windowsMs));
}
