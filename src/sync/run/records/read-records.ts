import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import type { MemberStore } from '../../../ports/members.ts';
import type { RecordFilter, RecordStore } from '../../../ports/records.ts';

const pageSize = 500;

type Which = Pick<RecordFilter, 'kind' | 'statuses' | 'only'>;

/** The records of a run by `seq`, all or only some, read in pages. */
export async function* recordsOf(
  records: Pick<RecordStore, 'page'>,
  runId: string,
  which: Which = {},
): AsyncGenerator<SyncRecord> {
  for await (const page of recordPagesOf(records, runId, which)) yield* page;
}

export async function* recordPagesOf(
  records: Pick<RecordStore, 'page'>,
  runId: string,
  which: Which = {},
): AsyncGenerator<readonly SyncRecord[]> {
  for (let afterSeq = -1; ; ) {
    const page = await records.page({ ...which, runId, afterSeq, limit: pageSize });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageSize) return;
    afterSeq = last.seq;
  }
}

export async function membersOf(
  { members }: { readonly members: Pick<MemberStore, 'byIds'> },
  records: readonly SyncRecord[],
): Promise<ReadonlyMap<string, Member>> {
  const found = await members.byIds(records.map(({ memberId }) => memberId ?? ''));
  return new Map(found.map((member) => [member.id, member]));
}
