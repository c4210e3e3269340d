import type { SyncRecord } from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { noLongerTrue } from '../../../core/plan/open-decisions.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { Planning, SyncPorts } from '../run-ports.ts';
import { severalAtATime } from './several-at-a-time.ts';

/** What became of an approved record of a group: planned anew, no longer true, or why that is unknown. */
export type GroupConfirmation =
  | { readonly draft: Draft }
  | { readonly draft: null; readonly unknown: string | null };
export type ConfirmGroup = (record: SyncRecord) => Promise<GroupConfirmation>;

/** Confirms each approved record of a group afresh. Returns how many could not be confirmed: these stay held. */
export async function confirmGroups(
  { records }: Pick<SyncPorts, 'records'>,
  confirm: ConfirmGroup,
  { run, lease }: Pick<Planning, 'run' | 'lease'>,
): Promise<number> {
  let unconfirmed = 0;
  const approved = { kind: 'group', statuses: ['planned'], only: 'unconfirmed' } as const;
  for await (const page of recordPagesOf(records, run.id, approved)) {
    const confirming = severalAtATime(page, async (record) => ({
      record,
      confirmation: await confirm(record),
    }));
    for await (const { record, confirmation } of confirming) {
      lease.signal.throwIfAborted();
      await records.replaceMany([confirmed(record, confirmation)]);
      if (confirmation.draft === null && confirmation.unknown !== null) unconfirmed += 1;
    }
  }
  return unconfirmed;
}

function confirmed(record: SyncRecord, confirmation: GroupConfirmation): SyncRecord {
  if (confirmation.draft !== null) {
    const { seq, decidedBy, decidedAt, blocksInStore } = record;
    const { draft } = confirmation;
    return {
      ...draft,
      seq,
      decidedBy,
      decidedAt,
      blocksInStore,
      status: 'planned',
      confirmed: true,
    };
  }
  if (confirmation.unknown === null) {
    return { ...record, status: 'rejected', reason: noLongerTrue, blocksInStore: null };
  }
  return {
    ...record,
    status: 'held',
    decidedBy: null,
    decidedAt: null,
    error: confirmation.unknown,
  };
}
