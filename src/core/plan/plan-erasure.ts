import type { SyncRecord } from '../model/record.ts';
import { recordId } from '../model/record.ts';
import { blankDraft, type Draft } from './draft.ts';

/** A person to be erased, by ids alone. */
export interface ErasedPerson {
  readonly storeId: string | null;
  readonly externalId: string | null;
  readonly memberId: string;
  /** The revision of the member; 0 when there is none (any more). */
  readonly revision: number;
}

const erasedReason = 'emptied: the person was erased';

/**
 * The emptied record about an erased person: only its existence and its action stay. A record that
 * was still to be applied, or waited for a decision, is rejected.
 */
export function eraseRecord(
  record: SyncRecord,
  { by, at }: { readonly by: string; readonly at: Date },
): SyncRecord {
  const isOpen = record.status === 'planned' || record.status === 'held';
  return {
    ...record,
    email: null,
    reason: erasedReason,
    changes: [],
    risks: [],
    blocksInStore: null,
    claim: null,
    fingerprint: null,
    error: null,
    ...(isOpen && { status: 'rejected', decidedBy: by, decidedAt: at }),
  };
}

/** A deletion without the deleted values: it says that a person was erased, and it can't be undone. */
export function isErasure({ action, changes }: Pick<SyncRecord, 'action' | 'changes'>): boolean {
  return action === 'delete' && changes.length === 0;
}

/** Plans to delete a person's member, in a record that contains no data of the person. */
export function planErasure(runId: string, person: ErasedPerson): Draft {
  const { externalId, memberId, revision } = person;
  return {
    ...blankDraft({ runId }, externalId, null),
    id: recordId(runId, externalId ?? memberId),
    memberId,
    action: 'delete',
    fromRevision: revision,
    reason: 'erased by hand, records included',
  };
}
