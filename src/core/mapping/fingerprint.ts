import type { SourceUser } from '../model/source-user.ts';
import type { StoreConfig } from '../model/store-config.ts';
import { parseAttributePath } from './attribute-path.ts';

/** To be raised when equal values come to be mapped or judged otherwise than by the release before. */
const rulesVersion = 2;

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
  const spell = (...values: readonly unknown[]): string => hash(opening + JSON.stringify(values));
  if (rules.some((rule) => 'expression' in rule))
    return ({ state, record }) => spell(state, record);
  const attributes = distinct(
    rules.flatMap((rule) =>
      'attribute' in rule ? (parseAttributePath(rule.attribute).steps[0]?.name ?? []) : [],
    ),
  );
  const customs = distinct(rules.flatMap((rule) => ('custom' in rule ? rule.custom : [])));
  return (user) =>
    spell(
      user.state,
      own(user.record, attributes),
      // Reading them takes time, and few stores map any.
      customs.length === 0 ? [] : own(user.custom, customs),
    );
}

function own(
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
): readonly unknown[] {
  return names.map((name) => (Object.hasOwn(values, name) ? values[name] : null));
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
