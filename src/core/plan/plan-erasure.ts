import type { SyncRecord } from '../model/record.ts';
import { recordId } from '../model/record.ts';
import { blankDraft, type Draft } from './draft.ts';

/** Somebody who is to be forgotten, by ids alone. */
export interface ErasedPerson {
  readonly storeId: string | null;
  readonly externalId: string | null;
  readonly memberId: string;
  /** The revision of the member; 0 when they are none (any more). */
  readonly revision: number;
}

const erasedWords = 'erased: it was about somebody who is forgotten';

/**
 * A record about somebody who is forgotten: that there was one, of which action, is all that stays. What was still
 * to be applied, or waited for a person, is closed.
 */
export function eraseRecord(
  record: SyncRecord,
  { by, at }: { readonly by: string; readonly at: Date },
): SyncRecord {
  const isOpen = record.status === 'planned' || record.status === 'held';
  return {
    ...record,
    email: null,
    reason: erasedWords,
    changes: [],
    risks: [],
    blocksInStore: null,
    claim: null,
    fingerprint: null,
    error: null,
    ...(isOpen && { status: 'rejected', decidedBy: by, decidedAt: at }),
  };
}

/** A deletion that doesn't say what it took away: somebody was erased, and it can't be taken back. */
export function isErasure({ action, changes }: Pick<SyncRecord, 'action' | 'changes'>): boolean {
  return action === 'delete' && changes.length === 0;
}

/** Plans to delete somebody's member, in a record that remembers nothing of them. */
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
