import { recordId, type SyncRecord } from '../../../core/model/record.ts';
import { type Run, type Undecided, undecidedOf } from '../../../core/model/run.ts';
import type { RecordStore } from '../../../ports/records.ts';
import type { RunStore } from '../../../ports/runs.ts';
import { recordPagesOf } from '../records/read-records.ts';

/** A run that failed before it had a certificate neither continues nor ends a row of runs. */
const runsLookedAt = 10;

interface CountPorts {
  readonly runs: Pick<RunStore, 'list'>;
  readonly records: Pick<RecordStore, 'page' | 'byIds' | 'replaceMany'>;
}

/**
 * Counts for how many runs in a row the listing has been incomplete and users undecided, and notes it on their records.
 * A preview is not in the row.
 */
export async function countUndecided(
  { runs, records }: CountPorts,
  run: Run,
  isIncomplete: boolean,
): Promise<Undecided | null> {
  if (run.mode !== 'full' || run.storeId === null) return null;
  const earlier = await runs.list({
    storeId: run.storeId,
    modes: ['full'],
    statuses: ['succeeded', 'held', 'failed'],
    before: run.id,
    limit: runsLookedAt,
  });
  const before = earlier.find(({ certificate }) => certificate !== null) ?? null;
  const lengths: number[] = [];
  const undecided = { statuses: ['reported'], only: 'undecided' } as const;
  for await (const page of recordPagesOf(records, run.id, undecided)) {
    const lengthened = await lengthen(records, page, before);
    await records.replaceMany(lengthened.filter(({ undecidedRuns }) => undecidedRuns !== 1));
    lengths.push(...lengthened.map(({ undecidedRuns }) => undecidedRuns ?? 0));
  }
  return undecidedOf(before?.undecided ?? null, { isIncomplete, lengths });
}

/** The records, each with one run more than the record of its user in the run before. */
async function lengthen(
  records: Pick<RecordStore, 'byIds'>,
  page: readonly SyncRecord[],
  before: Run | null,
): Promise<readonly SyncRecord[]> {
  if (before === null) return page;
  const ids = page.map(({ externalId }) => recordId(before.id, externalId ?? ''));
  const earlier = new Map((await records.byIds(ids)).map((record) => [record.externalId, record]));
  return page.map((record) => ({
    ...record,
    undecidedRuns: (earlier.get(record.externalId)?.undecidedRuns ?? 0) + 1,
  }));
}
