import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable } from '../../../core/model/source-user.ts';
import { isImmediate } from '../../../core/plan/absence.ts';
import type { Category, PersonPlan } from '../../../core/plan/plan-user.ts';
import { askByIds, type IdAnswer } from '../../source/ask-by-id.ts';
import type { RunContext } from '../run-context.ts';
import { decideAgain } from './plan-by-id.ts';

const recordPageSize = 500;

interface Proof {
  /** Ids listed in this run, to ask for when a 404 must be believed. */
  readonly controls: readonly string[];
  /** Why the listing proves nothing about the absent; null when it is complete. */
  readonly incompleteReason: string | null;
}

/**
 * Decides every planned removal of a listed person once more, on the full record that the source gives by id
 * and, for `memberOf`, on the user's own group list. What no longer holds is planned anew; who can't be asked
 * for is left alone and reported.
 */
export async function confirmRemovals(context: RunContext, proof: Proof): Promise<void> {
  const { records, run } = context;
  let afterSeq = -1;
  for (;;) {
    context.checkpoint();
    const page = await records.page({
      runId: run.id,
      statuses: ['planned'],
      only: 'unconfirmed-removals',
      afterSeq,
      limit: recordPageSize,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    await confirmPage(context, page, proof);
  }
}

/** Why a user that was listed, but is not found by id, does not count as gone. */
function doubtOf({ store }: RunContext, { incompleteReason }: Proof): string | null {
  if (incompleteReason !== null) return `the listing is incomplete: ${incompleteReason}`;
  return isImmediate(store.config.safeguards.absence)
    ? null
    : 'its absence must be confirmed more than once';
}

async function confirmPage(
  context: RunContext,
  removals: readonly SyncRecord[],
  proof: Proof,
): Promise<void> {
  const members = await context.members.byIds(removals.map(({ memberId }) => memberId ?? ''));
  const memberById = new Map(members.map((member) => [member.id, member]));
  const recordOf = new Map(removals.map((record) => [record.externalId ?? '', record]));
  const replaced: SyncRecord[] = [];
  const dropped: string[] = [];
  const { controls } = proof;
  const incompleteReason = doubtOf(context, proof);
  const standing = await context.blocking.of([...recordOf.keys()]);
  const asked = askByIds([...recordOf.keys()], { directory: context.directory, controls });
  for await (const { externalId, answer } of asked) {
    const record = recordOf.get(externalId);
    const member = memberById.get(record?.memberId ?? '');
    if (record === undefined) continue;
    const subject = { record, member: member ?? null, answer, incompleteReason };
    const decided = await decideAgain(context, subject);
    const verdict = context.blocking.planAround(externalId, standing, decided);
    const before: Category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    context.tally.move(
      before,
      verdict.category,
      verdict.category === 'inScope' && verdict.draft === null,
    );
    if (verdict.draft === null) dropped.push(record.id);
    else {
      const isSettled = isWhole(verdict) && !standing.has(externalId);
      const isSame = isSettled && saysTheSame(context, record, answer);
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
function isWhole({ category, undecided = [] }: PersonPlan): boolean {
  return category === 'inScope' && undecided.length === 0;
}

/** Whether the full record says of somebody, as far as it is read, what stood in the listing. */
function saysTheSame(
  { fingerprintOf }: RunContext,
  { fingerprint }: SyncRecord,
  answer: IdAnswer,
): boolean {
  return answer.is === 'present' && !isUnreadable(answer.user)
    ? fingerprintOf(answer.user) === fingerprint
    : false;
}
