import type { ScopeVerdict as Scope } from '../../../core/criteria/criteria.ts';
import { SourceError } from '../../../core/errors.ts';
import { mapUser } from '../../../core/mapping/map-user.ts';
import type { Member } from '../../../core/model/member.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { isUnreadable, type ListedUser, type SourceUser } from '../../../core/model/source-user.ts';
import {
  type PersonPlan,
  planAdoption,
  planGone,
  planPerson,
  reportDraft,
} from '../../../core/plan/plan-person.ts';
import { type Reading, readUser } from '../../../core/plan/read-user.ts';
import { concernsOneUser, type IdAnswer } from '../../source/ask-by-id.ts';
import { checkOrganization } from '../../source/list-source.ts';
import type { RunContext } from '../run-context.ts';

/** Plans one user again on the record that the source gives by id. `barred` risks are left out of the plan. */
export async function decideAgain(
  context: Pick<RunContext, 'plan' | 'store' | 'directory' | 'mapping' | 'scope'>,
  subject: {
    readonly record: SyncRecord;
    readonly member: Member | null;
    readonly answer: IdAnswer;
    readonly incompleteReason: string | null;
  },
): Promise<(barred?: ReadonlySet<string>) => PersonPlan> {
  const { record, member, answer, incompleteReason } = subject;
  const person = { externalId: record.externalId ?? '', email: record.email };
  const problem = (reason: string) => (): PersonPlan => ({
    category: 'problem',
    draft: reportDraft(context.plan, person, 'problem', reason),
  });
  if (member === null) return problem('the member was removed meanwhile');
  if (belongsToAnother(context, record, member)) {
    return problem('the member was linked to another user or directory store meanwhile');
  }
  if (answer.is === 'unknown') return problem(`can't be asked for by id: ${answer.reason}`);
  if (answer.is === 'gone' && incompleteReason !== null) {
    return problem(`was listed, but is not found by id, and ${incompleteReason}`);
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
    // The member is not in this store: the user may adopt it, or the store has no say over it.
    return reading.kind === 'in-scope'
      ? planAdoption(context.plan, reading, member, barred)
      : planPerson(context.plan, reading, null);
  };
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
