import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import { blankDraft, type Draft, type PlanContext } from './plan-person.ts';
import { wordsFor } from './reasons.ts';

/** Of planned records that claim the same addresses, those that lose: all but the lowest source id of each. */
export function contested(rivals: readonly SyncRecord[]): readonly SyncRecord[] {
  const winners = new Map<string, SyncRecord>();
  const losers: SyncRecord[] = [];
  const byId = [...rivals].sort((a, b) => ((a.externalId ?? '') < (b.externalId ?? '') ? -1 : 1));
  for (const record of byId) {
    const winner = winners.get(record.claim ?? '');
    if (winner === undefined) winners.set(record.claim ?? '', record);
    else losers.push(asConflict(record, wordsFor.conflict.newcomer(winner.externalId ?? '')));
  }
  return losers;
}

/** A claim on an address that somebody keeps: nothing of the record is applied. */
export function conflictOf(record: SyncRecord, owner: Member): SyncRecord {
  return asConflict(record, wordsFor.conflict.owned(owner));
}

/** Whether the owner gives its present address up by its own plan: it is deleted, or moves to another one. */
export function isOwnMove(plan: SyncRecord, owner: Member): boolean {
  if (plan.status !== 'planned') return false;
  if (plan.action === 'delete') return true;
  const moves = plan.claim !== null && plan.claim !== owner.emailKey;
  return moves || plan.changes.some(({ field, to }) => field === 'emailKey' && to === null);
}

/** Whether the owner is inactive and proven gone, before this run or by it. */
export function releaseBy(owner: Member, plan: SyncRecord | null): boolean {
  if (plan?.status === 'planned') {
    const marks = new Map(plan.changes.map(({ field, to }) => [field, to]));
    const status = marks.get('status') ?? owner.status;
    const cause = marks.has('inactiveCause') ? marks.get('inactiveCause') : owner.inactiveCause;
    return status === 'inactive' && cause === 'gone';
  }
  return plan === null && owner.status === 'inactive' && owner.inactiveCause === 'gone';
}

/** The owner's record with the release of its address, on top of what is planned for it already. */
export function releaseOf(
  context: PlanContext,
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
  const reason = wordsFor.released(winner);
  return {
    ...base,
    changes: [...base.changes, { field: 'emailKey', from: owner.emailKey, to: null }],
    reason: base.reason === '' ? reason : `${base.reason}; ${reason}`,
  };
}

function asConflict(record: SyncRecord, reason: string): SyncRecord {
  return {
    ...record,
    action: 'conflict',
    status: 'reported',
    changes: [],
    claim: null,
    cause: null,
    reason,
  };
}
