import type { ScopeVerdict as Scope } from '../../../core/criteria/criteria.ts';
import { SourceError } from '../../../core/errors.ts';
import { mapUser } from '../../../core/mapping/map-user.ts';
import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable, type ListedUser, type SourceUser } from '../../../core/model/source-user.ts';
import { reportDraft, undecidedDraft } from '../../../core/plan/draft.ts';
import { type PersonPlan, planUser } from '../../../core/plan/plan-user.ts';
import { type Reading, readUser } from '../../../core/plan/read-user.ts';
import { askByIds, concernsOneUser, type IdAnswer } from '../../source/ask-by-id.ts';
import { checkOrganization } from '../../source/list-source.ts';
import { membersOf } from '../records/read-records.ts';
import type { RunContext } from '../run-context.ts';

/** A record whose user was asked for by id, and the plan on the answer. */
export interface PlannedById {
  readonly record: SyncRecord;
  readonly member: Member | null;
  readonly answer: IdAnswer;
  /** `barred` risks are left out of the plan. */
  readonly plan: (barred?: ReadonlySet<string>) => PersonPlan;
}

/** When a user that the source doesn't find by id counts as gone. */
export interface Proof {
  /** Ids that the source lists now: absence is proven only beside one of them that is found. */
  readonly controls: readonly string[];
  /** Why a user that is not found by id does not count as gone; null when it does. */
  readonly incompleteReason: string | null;
}

type Planner = Pick<RunContext, 'directory' | 'members' | 'plan' | 'store' | 'mapping' | 'scope'>;

/** Asks the source for the users of some records by id, and plans each user again on its full record. */
export async function* planByIds(
  context: Planner,
  records: readonly SyncRecord[],
  proof: Proof,
): AsyncGenerator<PlannedById> {
  const memberOf = await membersOf(context, records);
  const recordOf = new Map(records.map((record) => [record.externalId ?? '', record]));
  const { directory } = context;
  const { controls } = proof;
  for await (const { externalId, answer } of askByIds([...recordOf.keys()], {
    directory,
    controls,
  })) {
    const record = recordOf.get(externalId);
    if (record === undefined) continue;
    const member = memberOf.get(record.memberId ?? '') ?? null;
    const plan = await planAgain(context, { record, member, answer }, proof);
    yield { record, member, answer, plan };
  }
}

async function planAgain(
  context: Planner,
  { record, member, answer }: Omit<PlannedById, 'plan'>,
  { incompleteReason }: Proof,
): Promise<PlannedById['plan']> {
  const person = { externalId: record.externalId ?? '', email: record.email };
  const problem = (reason: string) => (): PersonPlan => ({
    category: 'problem',
    draft: reportDraft(context.plan, person, 'problem', reason),
  });
  if (member === null && record.action !== 'create')
    return problem('the member was removed meanwhile');
  if (member !== null && belongsToAnother(context, record, member)) {
    return problem('the member was linked to another user or directory store meanwhile');
  }
  const undecided = (reason: string) => (): PersonPlan => ({
    category: 'problem',
    draft: undecidedDraft(context.plan, person, reason),
  });
  if (answer.is === 'unknown') return undecided(`can't be asked for by id: ${answer.reason}`);
  if (answer.is === 'listed') return undecided('the source lists it, but does not find it by id');
  if (answer.is === 'gone' && incompleteReason !== null) {
    return undecided(`was listed, but is not found by id, and ${incompleteReason}`);
  }
  if (answer.is === 'gone') {
    // The user keeps its place in the counts of the listing.
    const category = record.cause === 'out-of-scope' ? 'outOfScope' : 'inScope';
    return (barred) => ({
      ...planUser(context.plan, { reading: 'gone', member }, barred),
      category,
    });
  }
  const reading = await readAfresh(context, answer.user);
  return (barred) => planUser(context.plan, { reading, member }, barred);
}

/** Whether the member now belongs to another store or is linked to another user; adoption can do that. */
export function belongsToAnother(
  { store }: Pick<RunContext, 'store'>,
  { externalId }: SyncRecord,
  member: Member,
): boolean {
  if (member.storeId === null) return false;
  return member.storeId !== store.id || member.externalId !== externalId;
}

type Reader = Pick<RunContext, 'store' | 'directory' | 'mapping' | 'scope'>;

async function readAfresh(context: Reader, user: ListedUser): Promise<Reading> {
  const rules = {
    emailOf: context.directory.profile.emailOf,
    map: (known: SourceUser) => mapUser(context.mapping, known),
  };
  if (isUnreadable(user)) return readUser(user, { ...rules, scopeOf: () => 'in' });
  checkOrganization([user], context.store.orgId);
  const scope = await scopeAfresh(context, user);
  return readUser(user, { ...rules, scopeOf: () => scope });
}

/** When the user's own group list can't be read, the scope of this user is unknown. */
async function scopeAfresh(context: Reader, user: SourceUser): Promise<Scope> {
  try {
    return await context.scope.afresh(user);
  } catch (error) {
    if (error instanceof SourceError && concernsOneUser(error)) return { unknown: error.message };
    throw error;
  }
}
