import { emailKeyOf } from '../email.ts';
import type { NewNotice } from '../model/notice.ts';
import { noticeId } from '../model/notice.ts';
import type { SyncRecord } from '../model/record.ts';

/** What records that were written tell about notices. */
export interface News {
  /** Members that were created active. */
  readonly arrived: readonly NewNotice[];
  /** Members that were created inactive. */
  readonly staged: readonly NewNotice[];
  /** Members that a run made active again, and members that became active in another way. */
  readonly reactivated: readonly string[];
  readonly activatedOtherwise: readonly string[];
  readonly moved: readonly NewNotice[];
  readonly deleted: readonly string[];
}

export function newsOf(records: readonly SyncRecord[], storeId: string): News {
  const creates = records.filter(({ action }) => action === 'create');
  const others = records.filter(({ action }) => action !== 'create' && action !== 'delete');
  const activated = others.filter(({ changes }) => statusIn(changes) === 'active');
  const newcomer = (record: SyncRecord, awaits: NewNotice['awaits']) =>
    noticeOf(record, { kind: 'newcomer', storeId, awaits });
  return {
    arrived: creates.filter(isActive).flatMap((record) => newcomer(record, null)),
    staged: creates
      .filter((record) => !isActive(record))
      .flatMap((record) => newcomer(record, 'activation')),
    reactivated: idsOf(activated.filter(({ action }) => action === 'reactivate')),
    activatedOtherwise: idsOf(activated.filter(({ action }) => action !== 'reactivate')),
    moved: others
      .filter(hasMoved)
      .flatMap((record) => noticeOf(record, { kind: 'address-changed', storeId, awaits: null })),
    deleted: idsOf(records.filter(({ action }) => action === 'delete')),
  };
}

/** The record of an erased member has no changes. */
const isActive = ({ changes }: SyncRecord): boolean => statusIn(changes) === 'active';

function statusIn(changes: SyncRecord['changes']): string | null {
  return changes.find(({ field }) => field === 'status')?.to ?? null;
}

function hasMoved({ changes }: SyncRecord): boolean {
  const address = changes.find(({ field }) => field === 'email');
  if (address === undefined || address.from === null || address.to === null) return false;
  return emailKeyOf(address.from) !== emailKeyOf(address.to);
}

function idsOf(records: readonly SyncRecord[]): readonly string[] {
  return records.flatMap(({ memberId }) => memberId ?? []);
}

function noticeOf(
  { id, runId, memberId, changes }: SyncRecord,
  notice: Pick<NewNotice, 'kind' | 'storeId' | 'awaits'>,
): readonly NewNotice[] {
  if (memberId === null || changes.length === 0) return [];
  return [{ ...notice, id: noticeId(notice.kind, memberId, runId), memberId, recordId: id }];
}
