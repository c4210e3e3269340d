import { customPrefix } from '../model/fields.ts';
import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import { recordId } from '../model/record.ts';
import { emptied } from '../names-address.ts';
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
    name: null,
    department: null,
    location: null,
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

type Names = (text: string) => boolean;

/** An address of their own that others had is their history: undoing a change of it must still be possible. */
const ownFields: readonly string[] = ['email', 'emailKey'];

/** The record of another person without what it has of the erased one. A value becomes none: an undo must not write it. */
export function eraseMentions(record: SyncRecord, names: Names): SyncRecord {
  const empty = (text: string | null) => (text !== null && names(text) ? emptied : text);
  return {
    ...record,
    reason: names(record.reason) ? emptied : record.reason,
    error: empty(record.error),
    changes: record.changes.map((change) => {
      const { field, from, to } = change;
      if (ownFields.includes(field)) return change;
      const left = (value: string | null) => (value !== null && names(value) ? null : value);
      return { field, from: left(from), to: left(to) };
    }),
  };
}

/** The fields of a member that have the address of another person, such as the manager. */
export function mentionsIn({ fields, custom }: Member, names: Names): readonly string[] {
  const values = [
    ...Object.entries(fields),
    ...Object.entries(custom).map(([name, value]) => [customPrefix + name, value] as const),
  ];
  return values.flatMap(([field, value]) =>
    value !== undefined && !ownFields.includes(field) && names(value) ? [field] : [],
  );
}

/** Plans to empty those fields, in a record without the values. */
export function planEmptying(runId: string, member: Member, names: Names): Draft {
  return {
    ...blankDraft({ runId }, member.externalId, null),
    id: recordId(runId, member.externalId ?? member.id),
    memberId: member.id,
    fromRevision: member.revision,
    reason: 'a person was erased whose address this member had',
    changes: mentionsIn(member, names).map((field) => ({ field, from: null, to: null })),
  };
}
