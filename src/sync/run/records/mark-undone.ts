import type { SyncRecord } from '../../../core/model/record.ts';
import type { Run } from '../../../core/model/run.ts';
import { undoneRecordId } from '../../../core/plan/plan-undo.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';

/** The run that this one takes back, the one which that took back, and so on. */
export async function undoneBy(
  { runs }: { readonly runs: Pick<RunStore, 'get'> },
  run: Pick<Run, 'undoOf'>,
): Promise<readonly string[]> {
  const undoes: string[] = [];
  for (let next = run.undoOf; next !== null; ) {
    undoes.push(next);
    next = (await runs.get(next))?.undoOf ?? null;
  }
  return undoes;
}

/** Marks the records that an undo run's records have taken back. To take back an undo is to do it again. */
export async function markTakenBack(
  records: Pick<RecordStore, 'markUndone'>,
  { undoes, done }: { readonly undoes: readonly string[]; readonly done: readonly SyncRecord[] },
): Promise<void> {
  for (const [step, runId] of undoes.entries()) {
    const ids = done.map((record) => undoneRecordId(runId, record));
    if (ids.length > 0) await records.markUndone(ids, step % 2 === 0);
  }
}
