import type { SyncRecord } from '../../../core/model/record.ts';
import type { Run } from '../../../core/model/run.ts';
import { undoneRecordId } from '../../../core/plan/plan-undo.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';

/** The ids of the run that this run undoes, of the run which that one undid, and so on. */
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

/** Marks the original records `undone`. When an undo itself is undone, its originals are `applied` again. */
export async function markTakenBack(
  records: Pick<RecordStore, 'markUndone'>,
  { undoes, done }: { readonly undoes: readonly string[]; readonly done: readonly SyncRecord[] },
): Promise<void> {
  for (const [step, runId] of undoes.entries()) {
    const ids = done.map((record) => undoneRecordId(runId, record));
    if (ids.length > 0) await records.markUndone(ids, step % 2 === 0);
  }
}
