import type { Counts, Run } from '../../../core/model/run.ts';
import type { RecordStore } from '../../../ports/records.ts';

/** Counts a run's records by outcome. An undone record counts as applied. */
export async function countOutcomes(
  records: Pick<RecordStore, 'countByStatus'>,
  runId: string,
): Promise<Pick<Counts, 'applied' | 'failed' | 'held'>> {
  const { applied = 0, undone = 0, failed = 0, held = 0 } = await records.countByStatus(runId);
  return { applied: applied + undone, failed, held };
}

/** Counts a run's records by action and outcome. Problems are left out: the listing counts them. */
export async function countPlan(
  { records }: { readonly records: Pick<RecordStore, 'countByAction' | 'countByStatus'> },
  runId: string,
): Promise<Partial<Run['counts']>> {
  const { problem: _listed, ...actions } = await records.countByAction(runId);
  return { ...actions, ...(await countOutcomes(records, runId)) };
}
