import type { ScopeVerdict as Scope } from '../criteria/criteria.ts';
import { parseEmail } from '../email.ts';
import type { FieldProblem, MappedUser } from '../mapping/map-user.ts';
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
  readonly map: (user: SourceUser) => Promise<MappedUser>;
}

/** Applies criteria and mapping to one user. An unreadable or undecidable user is a problem of that user alone. */
export async function readUser(user: ListedUser, rules: ReadingRules): Promise<Reading> {
  const { externalId } = user;
  if (isUnreadable(user)) {
    return { kind: 'problem', externalId, email: null, state: null, message: user.unreadable };
  }
  const rawEmail = rules.emailOf(user.record);
  const scope = rules.scopeOf(user);
  if (scope === 'out') return { kind: 'out-of-scope', externalId, email: rawEmail };
  const problem = (state: SourceState | null, message: string): Reading => ({
    kind: 'problem',
    externalId,
    email: rawEmail,
    state,
    message,
  });
  if (scope !== 'in') return problem(null, `the sync criteria can't be decided: ${scope.unknown}`);

  const { values, problems, onCreateOnly } = await rules.map(user);
  const emailProblem = problems.find(({ field }) => field === 'email');
  if (emailProblem) return problem(user.state, `no e-mail address: ${emailProblem.message}`);
  const address = values.email ?? null;
  if (address === null) return problem(user.state, 'no e-mail address');
  const email = parseEmail(address);
  if (!email.ok) return problem(user.state, `malformed e-mail address: ${email.reason}`);
  return {
    kind: 'in-scope',
    externalId,
    state: user.state,
    email: email.email,
    emailKey: email.key,
    desired: email.email === address ? values : { ...values, email: email.email },
    onCreateOnly,
    fieldProblems: problems,
  };
}
