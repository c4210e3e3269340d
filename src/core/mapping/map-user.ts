import { messageOf } from '../errors.ts';
import type { FieldName } from '../model/fields.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { CompiledMapping } from './compile-mapping.ts';
import type { Outcome } from './shape-value.ts';

/** Why a member field could not be mapped; it stays as it was. */
export interface FieldProblem {
  readonly field: FieldName;
  readonly message: string;
}

/** The result of a mapping for a user. */
export interface MappedUser {
  /** Every mapped field except those with a problem; null means blank. */
  readonly values: Readonly<Partial<Record<FieldName, string | null>>>;
  readonly problems: readonly FieldProblem[];
  /** Fields that are set on creation and never changed by later runs. */
  readonly onCreateOnly: ReadonlySet<FieldName>;
}

/** Applies a mapping to a user. Never rejects: a field that can't be mapped is a problem of that field. */
export async function mapUser(compiled: CompiledMapping, user: SourceUser): Promise<MappedUser> {
  const values: Partial<Record<FieldName, string | null>> = {};
  const problems: FieldProblem[] = [];
  const store = (field: FieldName, outcome: Outcome): void => {
    if (outcome === null || typeof outcome === 'string') values[field] = outcome;
    else problems.push({ field, message: `${field} ${outcome.problem}` });
  };
  for (const { field, read, shape } of compiled.direct) store(field, shape(read(user)));
  for (const { field, read, shape } of compiled.expressions) {
    try {
      store(field, shape(await read(user)));
    } catch (error) {
      problems.push({ field, message: `${field}: ${messageOf(error)}` });
    }
  }
  return { values, problems, onCreateOnly: compiled.onCreateOnly };
}
