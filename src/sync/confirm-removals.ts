import type { Verdict as Scope } from '../core/criteria/criteria.ts';
import { SourceError } from '../core/errors.ts';
import { isImmediate } from '../core/plan/absence.ts';
import { mapUser } from '../core/mapping/map-user.ts';
import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import { isUnreadable, type ListedUser, type SourceUser } from '../core/model/source-user.ts';
import {
  type Category,
  planAdoption,
  planGone,
  planPerson,
  reportDraft,
  type Verdict,
} from '../core/plan/plan-person.ts';
import { type Reading, readUser } from '../core/plan/read-user.ts';
import { askByIds, concernsOneUser, type IdAnswer } from './confirm-by-id.ts';
import { checkOrganization } from './list-source.ts';
import type { RunContext } from './run-context.ts';

const recordPageSize = 500;

interface Proof {
  /** Ids listed in this run, to ask for when a 404 must be believed. */
  readonly controls: readonly string[];
  /** Why the listing proves nothing about the absent; null when it is complete. */
  readonly doubt: string | null;
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

/** Why somebody who was listed, and then isn't found by id, is not taken as gone. */
function doubtOf({ store }: RunContext, { doubt }: Proof): string | null {
  if (doubt !== null) return `the listing is incomplete: ${doubt}`;
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
  const doubt = doubtOf(context, proof);
  const standing = await context.standing.of([...recordOf.keys()]);
  const asked = askByIds([...recordOf.keys()], { directory: context.directory, controls });
  for await (const { externalId, answer } of asked) {
    const record = recordOf.get(externalId);
    const member = memberById.get(record?.memberId ?? '');
    if (record === undefined) continue;
    const subject = { record, member: member ?? null, answer, doubt };
    const decided = await decideAgain(context, subject);
    const verdict = context.standing.heed(externalId, standing, decided);
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
  await context.standing.close();
  await context.records.replaceMany(replaced);
  await context.records.removeMany(dropped);
}

/** Whether all of somebody could be computed this time, and was. */
function isWhole({ category, undecided = [] }: Verdict): boolean {
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

/** Plans somebody anew on what the source says by id, given what is barred by earlier records. */
export async function decideAgain(
  context: Pick<RunContext, 'plan' | 'store' | 'mapping' | 'scope'>,
  subject: {
    readonly record: SyncRecord;
    readonly member: Member | null;
    readonly answer: IdAnswer;
    readonly doubt: string | null;
  },
): Promise<(barred?: ReadonlySet<string>) => Verdict> {
  const { record, member, answer, doubt } = subject;
  const person = { externalId: record.externalId ?? '', email: record.email };
  const problem = (reason: string) => (): Verdict => ({
    category: 'problem',
    draft: reportDraft(context.plan, person, 'problem', reason),
  });
  if (member === null) return problem('the member was removed meanwhile');
  if (isAnothers(context, record, member)) {
    return problem('the member was linked to another user or directory store meanwhile');
  }
  if (answer.is === 'unknown') return problem(`can't be asked for by id: ${answer.reason}`);
  if (answer.is === 'gone' && doubt !== null) {
    return problem(`was listed, but is not found by id, and ${doubt}`);
  }
  if (answer.is === 'gone') {
    const isOurs = member.storeId !== null;
    const category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    return (barred) => ({
      category,
      draft: isOurs ? planGone(context.plan, member, barred) : null,
    });
  }
  const reading = await readAfresh(context, answer.user);
  return (barred) => {
    if (member.storeId === context.store.id) {
      return planPerson(context.plan, reading, member, barred);
    }
    // Not this store's yet: adopted, or none of its business.
    return reading.kind === 'in-scope'
      ? planAdoption(context.plan, reading, member, barred)
      : planPerson(context.plan, reading, null);
  };
}

/** Whether the member now belongs to another store, or to another user: an address can bring it to one. */
export function isAnothers(
  { store }: Pick<RunContext, 'store'>,
  { externalId }: SyncRecord,
  member: Member,
): boolean {
  if (member.storeId === null) return false;
  return member.storeId !== store.id || member.externalId !== externalId;
}

type Reader = Pick<RunContext, 'store' | 'mapping' | 'scope'>;

async function readAfresh(context: Reader, user: ListedUser): Promise<Reading> {
  if (isUnreadable(user))
    return readUser(user, { scopeOf: () => 'in', map: (known) => mapUser(context.mapping, known) });
  checkOrganization([user], context.store.orgId);
  const scope = await scopeAfresh(context, user);
  return readUser(user, { scopeOf: () => scope, map: (known) => mapUser(context.mapping, known) });
}

/** A group list that can't be had leaves this one person undecided. */
async function scopeAfresh(context: Reader, user: SourceUser): Promise<Scope> {
  try {
    return await context.scope.afresh(user);
  } catch (error) {
    if (error instanceof SourceError && concernsOneUser(error)) return { unknown: error.message };
    throw error;
  }
}
