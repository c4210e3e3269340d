import type { ScopeVerdict as Scope } from '../criteria/criteria.ts';
import { parseEmail } from '../email.ts';
import type { FieldProblem, MappedUser, MapUsers } from '../mapping/map-user.ts';
import type { FieldName } from '../model/fields.ts';
import {
  type EmailOf,
  isUnreadable,
  type ListedUser,
  type SourceState,
  type SourceUser,
} from '../model/source-user.ts';
import type { DesiredFields } from './diff.ts';

/** A user of the source, read as far as the plan needs it. */
export type Reading =
  | {
      readonly kind: 'in-scope';
      readonly externalId: string;
      readonly state: SourceState;
      readonly email: string;
      readonly emailKey: string;
      readonly desired: DesiredFields;
      /** Fields that only a new member gets. */
      readonly onCreateOnly: ReadonlySet<FieldName>;
      readonly fieldProblems: readonly FieldProblem[];
    }
  | { readonly kind: 'out-of-scope'; readonly externalId: string; readonly email: string | null }
  | {
      readonly kind: 'problem';
      readonly externalId: string;
      readonly email: string | null;
      /** Null when not even the state could be read. */
      readonly state: SourceState | null;
      readonly message: string;
    };

export interface ReadingRules {
  readonly emailOf: EmailOf;
  /** Whether the user is in scope. */
  readonly scopeOf: (user: SourceUser) => Scope;
  readonly map: MapUsers;
}

/**
 * Applies criteria and mapping to some users, and maps those in scope together. An unreadable or undecidable user is a
 * problem of that user alone.
 */
export async function readUsers(
  users: readonly ListedUser[],
  rules: ReadingRules,
): Promise<readonly Reading[]> {
  const scoped = users.map((user) => readScope(user, rules));
  const mapped = await rules.map(scoped.flatMap((each) => ('inScope' in each ? each.inScope : [])));
  let at = 0;
  return scoped.map((each) => {
    if (!('inScope' in each)) return each;
    const fields = mapped[at];
    at += 1;
    if (fields === undefined) throw new Error('a user in scope was not mapped');
    return readFields(each.inScope, fields, rules);
  });
}

/** Applies criteria and mapping to one user. */
export async function readUser(user: ListedUser, rules: ReadingRules): Promise<Reading> {
  const [reading] = await readUsers([user], rules);
  if (reading === undefined) throw new Error('the user was not read');
  return reading;
}

type Rules = Pick<ReadingRules, 'emailOf' | 'scopeOf'>;

/** The reading of a user that is not mapped, or the user in scope. */
function readScope(user: ListedUser, rules: Rules): Reading | { readonly inScope: SourceUser } {
  const { externalId } = user;
  if (isUnreadable(user)) {
    return { kind: 'problem', externalId, email: null, state: null, message: user.unreadable };
  }
  const scope = rules.scopeOf(user);
  if (scope === 'in') return { inScope: user };
  const email = rules.emailOf(user.record);
  if (scope === 'out') return { kind: 'out-of-scope', externalId, email };
  const message = `the sync criteria can't be decided: ${scope.unknown}`;
  return { kind: 'problem', externalId, email, state: null, message };
}

function readFields(user: SourceUser, mapped: MappedUser, rules: Rules): Reading {
  const { externalId, state } = user;
  const { values, problems, onCreateOnly } = mapped;
  const problem = (message: string): Reading => ({
    kind: 'problem',
    externalId,
    email: rules.emailOf(user.record),
    state,
    message,
  });
  const emailProblem = problems.find(({ field }) => field === 'email');
  if (emailProblem) return problem(`no e-mail address: ${emailProblem.message}`);
  const address = values.email ?? null;
  if (address === null) return problem('no e-mail address');
  const email = parseEmail(address);
  if (!email.ok) return problem(`malformed e-mail address: ${email.reason}`);
  return {
    kind: 'in-scope',
    externalId,
    state,
    email: email.email,
    emailKey: email.key,
    desired: email.email === address ? values : { ...values, email: email.email },
    onCreateOnly,
    fieldProblems: problems,
  };
}
