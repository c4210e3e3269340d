import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import { blankDraft, type Draft } from './draft.ts';
import type { PlanContext } from './plan-user.ts';
import { reasonFor } from './reasons.ts';
import { withRisks } from './risks.ts';

/** The conflict record of a claim that another user of the source won: the one with the lower id. */
export function claimWonBy(record: SyncRecord, winner: string): SyncRecord {
  return asConflict(record, reasonFor.conflict.newcomer(winner));
}

/** The conflict record of a claim on an address that its owner keeps: nothing of the record is applied. */
export function conflictOf(record: SyncRecord, owner: Member): SyncRecord {
  return asConflict(record, reasonFor.conflict.owned(owner));
}

/** An undo leaves out an address that another member has meanwhile; a member can't be restored without one. */
export function undoConflictOf(record: SyncRecord, owner: Member): SyncRecord {
  const reason = reasonFor.conflict.taken(owner);
  const rest = withoutAddress(record, reason);
  const isWhole = record.action === 'create' || rest.changes.length === 0;
  return isWhole ? asConflict({ ...record, cause: null }, reason) : rest;
}

/**
 * An approved claim on an address that its owner still has stays held: the owner's move may be held
 * too, or be approved later. A removal is applied without the address. A member that is gone gives
 * its address up in the next run.
 */
export function reservedFor(record: SyncRecord, owner: Member): SyncRecord {
  const isRemoval = record.cause !== null && record.action !== 'adopt';
  if (isRemoval || givesUpAddress(owner, null)) return conflictOf(record, owner);
  const error = reasonFor.conflict.taken(owner);
  return { ...record, status: 'held', confirmed: false, decidedBy: null, decidedAt: null, error };
}

/** Whether the owner's own record gives its address up: the record deletes the member or changes its address. */
export function isOwnMove(plan: SyncRecord, owner: Member): boolean {
  if (plan.status !== 'planned') return false;
  if (plan.action === 'delete') return true;
  const moves = plan.claim !== null && plan.claim !== owner.emailKey;
  return moves || plan.changes.some(({ field, to }) => field === 'emailKey' && to === null);
}

/** Whether the owner is inactive and proven gone, before this run or by it. */
export function givesUpAddress(owner: Member, plan: SyncRecord | null): boolean {
  if (plan?.status === 'planned') {
    const marks = new Map(plan.changes.map(({ field, to }) => [field, to]));
    const status = marks.get('status') ?? owner.status;
    const cause = marks.has('inactiveCause') ? marks.get('inactiveCause') : owner.inactiveCause;
    return status === 'inactive' && cause === 'gone';
  }
  return plan === null && owner.status === 'inactive' && owner.inactiveCause === 'gone';
}

/** The owner's record with the release of its address, added to what is planned for it already. */
export function releaseAddressOf(
  context: Pick<PlanContext, 'runId'>,
  holding: {
    readonly owner: Member;
    readonly plan: SyncRecord | null;
    readonly winner: string;
  },
): Draft {
  const { owner, plan, winner } = holding;
  const base: Draft = plan ?? {
    ...blankDraft(context, owner.externalId ?? '', owner.fields.email ?? null),
    memberId: owner.id,
    fromRevision: owner.revision,
  };
  const reason = reasonFor.released(winner);
  return {
    ...base,
    fingerprint: null,
    changes: [...base.changes, { field: 'emailKey', from: owner.emailKey, to: null }],
    reason: base.reason === '' ? reason : `${base.reason}; ${reason}`,
  };
}

/**
 * A conflict changes neither member. A removal is still applied: a member who left must not stay
 * active because of an address.
 */
function asConflict(record: SyncRecord, reason: string): SyncRecord {
  if (record.cause !== null && record.action !== 'adopt') return withoutAddress(record, reason);
  return {
    ...record,
    action: 'conflict',
    status: 'reported',
    changes: [],
    claim: null,
    fingerprint: null,
    cause: null,
    risks: [],
    reason,
  };
}

function withoutAddress(record: SyncRecord, reason: string): SyncRecord {
  const changes = record.changes.filter(({ field }) => field !== 'email' && field !== 'emailKey');
  return withRisks({
    ...record,
    changes,
    claim: null,
    fingerprint: null,
    reason: `${record.reason}; ${reason}`,
  });
}
