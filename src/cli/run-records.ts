import type { SyncRecord } from '../core/model/record.ts';
import type { RecordStore } from '../sync/ports.ts';

const recordsAtOnce = 500;

/** All records of a run by `seq`, read in pages. */
export async function* recordsOf(
  records: Pick<RecordStore, 'page'>,
  runId: string,
): AsyncGenerator<SyncRecord> {
  let afterSeq = -1;
  for (;;) {
    const page = await records.page({ runId, afterSeq, limit: recordsAtOnce });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < recordsAtOnce) return;
    afterSeq = last.seq;
  }
}
