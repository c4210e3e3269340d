import type { Run } from '../../../core/model/run.ts';
import type { RecordStore } from '../../../ports/records.ts';

/** Rejects records again that were rejected before an approval which could not be carried out. */
export async function rejectAgain(
  records: Pick<RecordStore, 'decide'>,
  { id, decision }: Pick<Run, 'id' | 'decision'>,
): Promise<void> {
  if (decision === null || decision.rejected.length === 0) return;
  const { rejected: people, by, finishedAt: at } = decision;
  await records.decide({ runId: id, people, from: ['held'], to: 'rejected', by, at });
}
