import { isObject, type SourceUser } from '../model/source-user.ts';
import { isBlank } from './attribute-path.ts';

/** An attribute that users of a source have, as a mapping names it. */
export interface SeenAttribute {
  readonly kind: 'attribute' | 'custom';
  /** A path for `attribute`, a name for `custom`. */
  readonly name: string;
  /** How many of the users have a value there. */
  readonly users: number;
  /** Up to three different values. */
  readonly examples: readonly string[];
}

const examplesKept = 3;
const exampleLength = 100;
/** Deeper than any attribute of a person. */
const deepest = 4;

/** Lists what a mapping can read, by kind and name: every single value that any of these users has. */
export function listAttributes(users: readonly SourceUser[]): readonly SeenAttribute[] {
  const seen = new Map<string, SeenAttribute & { users: number; examples: string[] }>();
  for (const user of users) {
    const values = new Map<string, Value>();
    for (const value of valuesOf(user)) values.set(`${value.kind} ${value.name}`, value);
    for (const [key, { kind, name, text }] of values) {
      const attribute = seen.get(key) ?? { kind, name, users: 0, examples: [] };
      attribute.users += 1;
      const isNew = !attribute.examples.includes(text);
      if (isNew && attribute.examples.length < examplesKept) attribute.examples.push(text);
      seen.set(key, attribute);
    }
  }
  return [...seen.values()].sort((a, b) =>
    a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind < b.kind ? -1 : 1,
  );
}

interface Value extends Pick<SeenAttribute, 'kind' | 'name'> {
  readonly text: string;
}

function* valuesOf({ record, custom }: SourceUser): Generator<Value> {
  // The record's `attributes` are the custom attributes, which are listed apart.
  const { attributes: _custom, ...rest } = record;
  for (const [name, text] of walk(rest, '', 0)) {
    yield { kind: 'attribute', name, text: text.slice(0, exampleLength) };
  }
  for (const [name, text] of Object.entries(custom)) {
    if (typeof text !== 'string' || text === '') continue;
    yield { kind: 'custom', name, text: text.slice(0, exampleLength) };
  }
}

/** Names that a path can contain without quotes. */
const plainName = /^[\p{L}\p{N}_$-]+$/u;

function* walk(
  value: unknown,
  path: string,
  depth: number,
): Generator<readonly [path: string, text: string]> {
  if (isBlank(value)) return;
  if (typeof value !== 'object' || value === null) {
    yield [path, String(value)];
    return;
  }
  if (depth === deepest) return;
  if (Array.isArray(value)) {
    // In a list only a value that a filter can select is a single value: phoneNumbers[type=work].number
    for (const entry of value) {
      const type: unknown = isObject(entry) ? entry['type'] : undefined;
      if (typeof type !== 'string' || !plainName.test(type)) continue;
      yield* walk(entry, `${path}[type=${type}]`, depth + 1);
    }
    return;
  }
  for (const [key, each] of Object.entries(value)) {
    if (!plainName.test(key)) continue;
    yield* walk(each, path === '' ? key : `${path}.${key}`, depth + 1);
  }
}
