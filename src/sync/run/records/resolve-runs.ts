import { heldIn } from '../../../core/model/run.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';
import { recountGroups } from './count-groups.ts';
import { countOutcomes } from './count-outcomes.ts';

interface ResolvePorts {
  readonly records: Pick<RecordStore, 'countByStatus' | 'countByAction'>;
  readonly runs: Pick<RunStore, 'get' | 'amend'>;
  readonly clock: Clock;
}

/** Counts again what ended runs still hold; a run without held records is resolved. */
export async function resolveRuns(ports: ResolvePorts, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    const run = await ports.runs.get(runId);
    if (run === null || run.finishedAt === null) continue;
    const counts = { ...run.counts, ...(await countOutcomes(ports.records, runId)) };
    const groups = await recountGroups(ports.records, run);
    const isResolved = heldIn({ counts, groups }) === 0 && run.resolvedAt === null;
    await ports.runs.amend(runId, {
      counts,
      ...(groups !== null && { groups }),
      ...(isResolved && { resolvedAt: ports.clock.now() }),
      ...(isResolved && run.status === 'held' && { status: 'succeeded' }),
    });
  }
}
