import type { Member } from '../model/member.ts';
import type { SyncRecord } from '../model/record.ts';
import { patchOf } from '../plan/apply-record.ts';
import type { PersonPlan } from '../plan/plan-user.ts';
import { wordsFor } from '../plan/reasons.ts';
import type { standings } from './schemas.ts';

/** What has become of a pushed user as a member: what the answer to a push says of it. */
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
  /** Whether something was left out, since it stands held or rejected. */
  readonly barredBy: { readonly by: 'held' | 'rejected'; readonly record: SyncRecord } | null;
  /** What the push wrote down of the person; null when it was nothing. */
  readonly record: SyncRecord | null;
  /** Whose member has the address that was pushed; null when nobody else's has. */
  readonly holder: Member | null;
  /** Set when the store does not apply what is pushed at present. */
  readonly isPaused: boolean;
}

/** How a pushed user stands, from what was planned and what became of it. */
export function pushOutcomeOf({
  member,
  verdict,
  barredBy,
  record,
  holder,
  isPaused,
}: PushedPerson): PushOutcome {
  // A record of a member that was not made names one that isn't there.
  const isMade = record?.status === 'applied';
  const memberId = (isMade ? record.memberId : null) ?? member?.id ?? null;
  const tell = (
    standing: PushOutcome['standing'],
    reason: string | null,
    runId: string | null = null,
  ): PushOutcome => ({ standing, reason, memberId, runId });
  if (record !== null) {
    const { action, status, reason, runId, error } = record;
    if (action === 'conflict' || action === 'problem') return tell(action, reason, runId);
    if (status === 'held') return tell('held', reason, runId);
    if (status === 'failed') return tell('failed', error ?? reason, runId);
    if (status === 'rejected') return tell('rejected', reason, runId);
  }
  // Who waits for a decision is told so first.
  if (holder !== null && barredBy?.by !== 'held') {
    const { taken, owned } = wordsFor.conflict;
    return tell('conflict', holder.externalId === null ? taken(holder) : owned(holder));
  }
  if (barredBy !== null) {
    const { by, record: earlier } = barredBy;
    return tell(by, earlier.reason, earlier.runId);
  }
  const { draft, category } = verdict;
  if (category === 'problem') return tell('problem', draft?.reason ?? null);
  if (isPaused && draft !== null) {
    return tell(
      'paused',
      'the directory store is paused: this is applied by a sync once it goes on',
    );
  }
  const after = record?.status === 'applied' ? patchOf(record).status : undefined;
  const status = after ?? (record?.action === 'delete' ? null : (member?.status ?? null));
  if (category === 'outOfScope') {
    return tell('out-of-scope', 'does not match the sync criteria of the directory store');
  }
  if (status === null || category === 'skipped') {
    return tell('skipped', 'the status sync of the directory store makes no member of it');
  }
  return tell(status, null);
}
