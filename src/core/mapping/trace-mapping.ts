import { parseEmail } from '../email.ts';
import type { FieldName } from '../model/fields.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { Mapping, MappingRule } from '../model/store-config.ts';
import { compileMapping } from './compile-mapping.ts';
import type { OpenExpressions } from './expression.ts';
import { openEvaluation } from './map-user.ts';
import type { Outcome } from './shape-value.ts';

/** How one member field follows from the source. */
export interface FieldTrace {
  readonly rule: MappingRule;
  /** The value that the rule finds, before transforms and default. Undefined when there is none. */
  readonly raw: unknown;
  /** The value after the mapping: null for blank, or why there is none. */
  readonly made: Outcome;
}

export type UserTrace = ReadonlyMap<FieldName, FieldTrace>;

/** Applies a mapping to users as a run does, and returns the values of each step. */
export async function traceMapping(
  mapping: Mapping,
  users: readonly SourceUser[],
  open: OpenExpressions,
): Promise<readonly UserTrace[]> {
  const compiled = compileMapping(mapping);
  const results = await openEvaluation(compiled, open)(users);
  return users.map((user, at) => {
    const traces = new Map<FieldName, FieldTrace>();
    const add = (field: FieldName, traced: Omit<FieldTrace, 'rule'>): void => {
      const rule = mapping[field];
      if (rule !== undefined) traces.set(field, { rule, ...traced });
    };
    for (const { field, read, shape } of compiled.direct) {
      const raw = read(user);
      add(field, { raw, made: shape(raw) });
    }
    for (const [index, { field, shape }] of compiled.expressions.entries()) {
      const result = results[at]?.[index] ?? { value: undefined };
      if ('problem' in result) add(field, { raw: undefined, made: { problem: result.problem } });
      else add(field, { raw: result.value, made: shape(result.value) });
    }
    const email = traces.get('email');
    if (email !== undefined) traces.set('email', { ...email, made: asAddress(email.made) });
    return traces;
  });
}

/** Members hold addresses NFC-normalised, and no malformed ones. */
function asAddress(made: Outcome): Outcome {
  if (typeof made !== 'string') return made;
  const email = parseEmail(made);
  return email.ok ? email.email : { problem: email.reason };
}
