import { parseEmail } from '../email.ts';
import { messageOf } from '../errors.ts';
import type { FieldName } from '../model/fields.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { Mapping, MappingRule } from '../model/store-config.ts';
import { compileMapping } from './compile-mapping.ts';
import type { Outcome } from './shape-value.ts';

/** How one member field follows from the source. */
export interface FieldTrace {
  readonly rule: MappingRule;
  /** The value that the rule finds, before transforms and default. Undefined when there is none. */
  readonly raw: unknown;
  /** The value after the mapping: null for blank, or why there is none. */
  readonly made: Outcome;
}

/** Applies a mapping to one user as a run does, and returns the values of each step. */
export async function traceMapping(
  mapping: Mapping,
  user: SourceUser,
): Promise<ReadonlyMap<FieldName, FieldTrace>> {
  const { direct, expressions } = compileMapping(mapping);
  const traces = new Map<FieldName, FieldTrace>();
  for (const { field, read, shape } of [...direct, ...expressions]) {
    const rule = mapping[field];
    if (rule !== undefined) traces.set(field, { rule, ...(await trace(read, { shape, user })) });
  }
  const email = traces.get('email');
  if (email !== undefined) traces.set('email', { ...email, made: asAddress(email.made) });
  return traces;
}

async function trace(
  read: (user: SourceUser) => unknown,
  { shape, user }: { readonly shape: (raw: unknown) => Outcome; readonly user: SourceUser },
): Promise<Omit<FieldTrace, 'rule'>> {
  try {
    const raw = await read(user);
    return { raw, made: shape(raw) };
  } catch (error) {
    return { raw: undefined, made: { problem: messageOf(error) } };
  }
}

/** Members hold addresses NFC-normalised, and no malformed ones. */
function asAddress(made: Outcome): Outcome {
  if (typeof made !== 'string') return made;
  const email = parseEmail(made);
  return email.ok ? email.email : { problem: email.reason };
}
