import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable } from '../../../core/model/source-user.ts';
import { isImmediate } from '../../../core/plan/absence.ts';
import type { Category, PersonPlan } from '../../../core/plan/plan-user.ts';
import type { IdAnswer } from '../../source/ask-by-id.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { RunContext } from '../run-context.ts';
import { type Proof, planByIds } from './plan-by-id.ts';

/**
 * Plans every planned removal of a listed user again, on the full record that the source gives by id and, for
 * `memberOf`, on the user's own group list. A removal that no longer holds is replaced by the new plan; a user that
 * can't be asked for stays as it is and is reported.
 */
export async function confirmRemovals(context: RunContext, proof: Proof): Promise<void> {
  const { run } = context;
  const incompleteReason = incompleteReasonOf(context, proof);
  const removals = { statuses: ['planned'], only: 'unconfirmed-removals' } as const;
  for await (const page of recordPagesOf(context.records, run.id, removals)) {
    context.signal.throwIfAborted();
    await replan(context, page, { ...proof, incompleteReason });
  }
}

/** Why a user that was listed, but is not found by id, does not count as gone. */
export function incompleteReasonOf(
  { store }: RunContext,
  { incompleteReason }: Proof,
): string | null {
  if (incompleteReason !== null) return `the listing is incomplete: ${incompleteReason}`;
  return isImmediate(store.config.safeguards.absence)
    ? null
    : 'its absence must be confirmed more than once';
}

/** Replaces records by the plans on the full records of their users, read by id. */
export async function replan(
  context: RunContext,
  records: readonly SyncRecord[],
  proof: Proof,
): Promise<void> {
  const replaced: SyncRecord[] = [];
  const dropped: string[] = [];
  const blocking = await context.blocking.of(records.map(({ externalId }) => externalId ?? ''));
  for await (const { record, answer, plan } of planByIds(context, records, proof)) {
    const externalId = record.externalId ?? '';
    const verdict = context.blocking.planAround(externalId, blocking, plan);
    const before: Category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    context.tally.move(
      before,
      verdict.category,
      verdict.category === 'inScope' && verdict.draft === null,
    );
    if (verdict.draft === null) dropped.push(record.id);
    else {
      const isPlain = isComplete(verdict) && !blocking.has(externalId);
      const isSame = isPlain && hasSameFingerprint(context, record, answer);
      const fingerprint = isSame ? record.fingerprint : null;
      const isConfirmed = verdict.draft.cause !== null;
      replaced.push({ ...verdict.draft, fingerprint, confirmed: isConfirmed, seq: record.seq });
    }
  }
  await context.blocking.close();
  await context.records.replaceMany(replaced);
  await context.records.removeMany(dropped);
}

/** Whether every field of the user could be computed this time. */
function isComplete({ category, undecided = [] }: PersonPlan): boolean {
  return category === 'inScope' && undecided.length === 0;
}

/** Whether the full record has the fingerprint that the listing computed. */
function hasSameFingerprint(
  { fingerprintOf }: RunContext,
  { fingerprint }: SyncRecord,
  answer: IdAnswer,
): boolean {
  return answer.is === 'present' && !isUnreadable(answer.user)
    ? fingerprintOf(answer.user) === fingerprint
    : false;
}
