import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import { patchOf } from '../plan/apply-record.ts';
import type { PersonPlan } from '../plan/plan-user.ts';
import { reasonFor } from '../plan/reasons.ts';
import type { standings } from './schemas.ts';

/** The outcome of a pushed user as a member, which answers to pushes contain. */
export interface PushOutcome {
  readonly standing: (typeof standings)[number];
  readonly reason: string | null;
  readonly memberId: string | null;
  /** The run in which it is held or reported. */
  readonly runId: string | null;
}

export interface PushedPerson {
  readonly member: Member | null;
  readonly verdict: PersonPlan;
  /** The blocking record that left a change out of the plan; null when none did. */
  readonly barredBy: { readonly by: 'held' | 'rejected'; readonly record: SyncRecord } | null;
  /** The record that the push wrote for the user; null when it wrote none. */
  readonly record: SyncRecord | null;
  /** The other member that has the pushed address; null when none has. */
  readonly holder: Member | null;
  /** Whether the store is paused, so that pushes are not applied at present. */
  readonly isPaused: boolean;
}

/** The outcome of a pushed user, from its plan and its record. */
export function pushOutcomeOf({
  member,
  verdict,
  barredBy,
  record,
  holder,
  isPaused,
}: PushedPerson): PushOutcome {
  // A record that was not applied names a member that may not exist.
  const isMade = record?.status === 'applied';
  const memberId = (isMade ? record.memberId : null) ?? member?.id ?? null;
  const outcome = (
    standing: PushOutcome['standing'],
    reason: string | null,
    runId: string | null = null,
  ): PushOutcome => ({ standing, reason, memberId, runId });
  if (record !== null) {
    const { action, status, reason, runId, error } = record;
    if (action === 'conflict' || action === 'problem') return outcome(action, reason, runId);
    if (status === 'held') return outcome('held', reason, runId);
    if (status === 'failed') return outcome('failed', error ?? reason, runId);
    if (status === 'rejected') return outcome('rejected', reason, runId);
  }
  // A change that waits for a decision is reported before a conflict.
  if (holder !== null && barredBy?.by !== 'held') {
    const { taken, owned } = reasonFor.conflict;
    return outcome('conflict', holder.externalId === null ? taken(holder) : owned(holder));
  }
  if (barredBy !== null) {
    const { by, record: earlier } = barredBy;
    return outcome(by, earlier.reason, earlier.runId);
  }
  const { draft, category } = verdict;
  if (category === 'problem') return outcome('problem', draft?.reason ?? null);
  if (isPaused && draft !== null) {
    return outcome(
      'paused',
      'the directory store is paused: this is applied by a sync once it goes on',
    );
  }
  const after = record?.status === 'applied' ? patchOf(record).status : undefined;
  const status = after ?? (record?.action === 'delete' ? null : (member?.status ?? null));
  if (category === 'outOfScope') {
    return outcome('out-of-scope', 'does not match the sync criteria of the directory store');
  }
  if (status === null || category === 'skipped') {
    return outcome('skipped', 'the status sync of the directory store makes no member of it');
  }
  return outcome(status, null);
}
