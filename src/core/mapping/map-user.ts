import type { FieldName } from '../model/fields.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { Mapping } from '../model/store-config.ts';
import { type CompiledMapping, compileMapping } from './compile-mapping.ts';
import type { Evaluate, ExpressionResult, OpenExpressions } from './expression.ts';
import type { Outcome } from './shape-value.ts';

/** Why a member field could not be mapped; it stays as it was. */
export interface FieldProblem {
  readonly field: FieldName;
  readonly message: string;
  /** The field's expression is off for the whole run: no member is created without the field. */
  readonly isOff?: true;
}

/** The result of a mapping for a user. */
export interface MappedUser {
  /** Every mapped field except those with a problem; null means blank. */
  readonly values: Readonly<Partial<Record<FieldName, string | null>>>;
  readonly problems: readonly FieldProblem[];
  /** Fields that are set on creation and never changed by later runs. */
  readonly onCreateOnly: ReadonlySet<FieldName>;
}

/** Applies a mapping to some users. A field that can't be mapped is a problem of that user's field. */
export type MapUsers = (users: readonly SourceUser[]) => Promise<readonly MappedUser[]>;

/** Compiles a mapping (`InvalidInput` as `compileMapping`) and prepares its expressions. */
export function openMapping(mapping: Mapping, open: OpenExpressions): MapUsers {
  const compiled = compileMapping(mapping);
  const evaluate = openEvaluation(compiled, open);
  return async (users) => {
    const results = await evaluate(users);
    return users.map((user, at) => mapUser(compiled, user, results[at] ?? []));
  };
}

/** Evaluates the expressions of a mapping. One without expressions opens nothing. */
export function openEvaluation({ expressions }: CompiledMapping, open: OpenExpressions): Evaluate {
  return expressions.length === 0 ? async () => [] : open(expressions.map(({ text }) => text));
}

function mapUser(
  compiled: CompiledMapping,
  user: SourceUser,
  results: readonly ExpressionResult[],
): MappedUser {
  const values: Partial<Record<FieldName, string | null>> = {};
  const problems: FieldProblem[] = [];
  const store = (field: FieldName, outcome: Outcome): void => {
    if (outcome === null || typeof outcome === 'string') values[field] = outcome;
    else problems.push({ field, message: `${field} ${outcome.problem}` });
  };
  for (const { field, read, shape } of compiled.direct) store(field, shape(read(user)));
  for (const [at, result] of results.entries()) {
    const expression = compiled.expressions[at];
    if (expression === undefined) continue;
    const { field, shape } = expression;
    if ('value' in result) {
      store(field, shape(result.value));
    } else {
      const message = `${field}: ${result.problem}`;
      problems.push({ field, message, ...(result.isOff && { isOff: true }) });
    }
  }
  return { values, problems, onCreateOnly: compiled.onCreateOnly };
}
