import type { Mapping, MappingRule } from '../model/store-config.ts';
import { parseAttributePath } from './attribute-path.ts';
import type { SeenAttribute } from './list-attributes.ts';

/** An attribute that a mapping can read, and the member fields that a store's mapping reads from it. */
export interface MappableAttribute extends SeenAttribute {
  readonly mappedTo: readonly string[];
}

/** The attributes that users have, and those of the default mapping that none of them has. */
export function mappableAttributes(
  seen: readonly SeenAttribute[],
  { mapping, defaultMapping }: { readonly mapping: Mapping; readonly defaultMapping: Mapping },
): readonly MappableAttribute[] {
  const names = new Set(seen.map(keyOf));
  const unseen = [...new Map(rulesOf(defaultMapping).map(([, read]) => [keyOf(read), read]))]
    .filter(([key]) => !names.has(key))
    .map(([, read]) => ({ ...read, users: 0, examples: [] }));
  const rules = rulesOf(mapping);
  return [...seen, ...unseen].map((attribute) => {
    const fields = rules.filter(([, read]) => keyOf(read) === keyOf(attribute));
    return { ...attribute, mappedTo: fields.map(([field]) => field) };
  });
}

type Read = Pick<SeenAttribute, 'kind' | 'name'>;

const keyOf = ({ kind, name }: Read): string => `${kind} ${name}`;

/** The fields that are read from one attribute. What an expression reads is not known. */
function rulesOf(mapping: Mapping): readonly (readonly [field: string, read: Read])[] {
  return Object.entries(mapping).flatMap(([field, rule]) => {
    const read = rule === undefined ? null : readOf(rule);
    return read === null ? [] : [[field, read] as const];
  });
}

function readOf(rule: MappingRule): Read | null {
  if ('attribute' in rule) {
    return { kind: 'attribute', name: parseAttributePath(rule.attribute).text };
  }
  return 'custom' in rule ? { kind: 'custom', name: rule.custom } : null;
}
