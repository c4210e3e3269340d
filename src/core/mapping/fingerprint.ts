import type { SourceUser } from '../model/source-user.ts';
import type { StoreConfig } from '../model/store-config.ts';
import { parseAttributePath } from './attribute-path.ts';

/** To be raised when equal values come to be mapped or judged otherwise than by the release before. */
const rulesVersion = 1;

/**
 * Makes what tells whether a user is as when a member was last written: equal fingerprints are mapped to the same
 * fields and followed to the same status, by the same rules. It is a hash of the rules and of what they read of the
 * user. Expressions may read all, so with one the whole record counts.
 */
export function compileFingerprint(
  { mapping, settings }: Pick<StoreConfig, 'mapping' | 'settings'>,
  hash: (text: string) => string,
): (user: SourceUser) => string {
  const rules = Object.values(mapping).filter((rule) => rule !== undefined);
  const opening = hash(JSON.stringify([rulesVersion, mapping, settings.statusSync]));
  if (rules.some((rule) => 'expression' in rule)) {
    return ({ state, record }) => hash(`${opening}${spell(state)}${spell(record)}`);
  }
  const attributes = distinct(
    rules.flatMap((rule) =>
      'attribute' in rule ? (parseAttributePath(rule.attribute).steps[0]?.name ?? []) : [],
    ),
  );
  const customs = distinct(rules.flatMap((rule) => ('custom' in rule ? rule.custom : [])));
  return (user) => {
    let text = `${opening}${spell(user.state)}`;
    for (const name of attributes) text += spellOwn(user.record, name);
    for (const name of customs) text += spellOwn(user.custom, name);
    return hash(text);
  };
}

function spellOwn(values: Readonly<Record<string, unknown>>, name: string): string {
  return spell(Object.hasOwn(values, name) ? values[name] : null);
}

/** A value of JSON, so that no two rows of values are spelled alike. */
function spell(value: unknown): string {
  if (value === null || value === undefined) return 'n';
  if (typeof value === 'string') return `s${value.length}:${value}`;
  const json = JSON.stringify(value);
  return `j${json.length}:${json}`;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
