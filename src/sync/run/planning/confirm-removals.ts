import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable } from '../../../core/model/source-user.ts';
import { isImmediate } from '../../../core/plan/absence.ts';
import { limitOf } from '../../../core/plan/brakes.ts';
import type { Category, PersonPlan } from '../../../core/plan/plan-user.ts';
import type { IdAnswer } from '../../source/ask-by-id.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { RunContext } from '../run-context.ts';
import { type Proof, planByIds } from './plan-by-id.ts';
import { sample, sampleSize } from './prove-absence.ts';

const unconfirmedRemovals = { statuses: ['planned'], only: 'unconfirmed-removals' } as const;

/**
 * Plans every planned removal of a listed user again, on the full record that the source gives by id and, for
 * `memberOf`, on the user's own group list. A removal that no longer holds is replaced by the new plan; a user that
 * can't be asked for stays as it is and is reported. When there are more removals than a run may apply, fifty at random
 * are asked for: the brake holds the rest, and each is confirmed when it is approved. If one of the fifty is in scope by
 * its full record, the listing can't judge the scope, and removes nobody for it.
 */
export async function confirmRemovals(context: RunContext, proof: Proof): Promise<void> {
  const { records, run } = context;
  const confirming = { ...proof, incompleteReason: incompleteReasonOf(context, proof) };
  if (await exceedsBrake(context)) {
    const sampled = await records.byIds(sample(await idsOf(context), context.random));
    const [inScope] = await replan(context, sampled, confirming);
    if (inScope !== undefined) await dropScopeRemovals(context, inScope);
    if (await exceedsBrake(context)) return;
  }
  for await (const page of recordPagesOf(records, run.id, unconfirmedRemovals)) {
    context.signal.throwIfAborted();
    await replan(context, page, confirming);
  }
}

/** Whether there are so many removals that the brake holds them, and too many to ask for each. */
async function exceedsBrake({ records, run, store, activeBefore }: RunContext): Promise<boolean> {
  const { removals } = await records.countRisks(run.id);
  if (removals <= sampleSize) return false;
  return removals > limitOf(store.config.safeguards.removals, await activeBefore());
}

async function idsOf({ records, run }: RunContext): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of recordPagesOf(records, run.id, unconfirmedRemovals)) {
    ids.push(...page.map(({ id }) => id));
  }
  return ids;
}

/** Leaves all users where they are that the listing has out of scope, also those whose full record agrees. */
async function dropScopeRemovals(context: RunContext, inScope: SyncRecord): Promise<void> {
  const { records, run, warnings } = context;
  let dropped = 0;
  for await (const page of recordPagesOf(records, run.id, { statuses: ['planned'] })) {
    const outOfScope = page.filter(({ cause }) => cause === 'out-of-scope').map(({ id }) => id);
    await records.removeMany(outOfScope);
    dropped += outOfScope.length;
  }
  warnings.push(
    `the listing has user ${inScope.externalId} out of scope, and the full record has it in scope: the listing can't judge the scope, so ${dropped} members that it has out of scope stay as they are`,
  );
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

/**
 * Replaces records by the plans on the full records of their users, read by id. Returns the records that had a user out
 * of scope whom the full record has in scope.
 */
export async function replan(
  context: RunContext,
  records: readonly SyncRecord[],
  proof: Proof,
): Promise<readonly SyncRecord[]> {
  const inScope: SyncRecord[] = [];
  const replaced: SyncRecord[] = [];
  const dropped: string[] = [];
  const blocking = await context.blocking.of(records.map(({ externalId }) => externalId ?? ''));
  for await (const { record, answer, plan } of planByIds(context, records, proof)) {
    const externalId = record.externalId ?? '';
    const verdict = context.blocking.planAround(externalId, blocking, plan);
    const before: Category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    if (before === 'outOfScope' && verdict.category === 'inScope' && answer.is === 'present') {
      inScope.push(record);
    }
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
  return inScope;
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
