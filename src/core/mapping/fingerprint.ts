import { customValue } from '../custom-attributes.ts';
import type { SourceUser } from '../model/source-user.ts';
import type { StoreConfig } from '../model/store-config.ts';
import { parseAttributePath, property } from './attribute-path.ts';

/** Raise this when a release maps or decides equal values otherwise than the release before. */
const rulesVersion = 3;

/**
 * Makes the function that tells whether a user is unchanged since its member was last written: equal fingerprints
 * give the same fields and the same status, by the same rules. A fingerprint is a hash of the rules and of the
 * attributes that they read. Expressions may read all, so with one the whole record counts.
 */
export function compileFingerprint(
  {
    mapping,
    settings,
    groups,
  }: Pick<StoreConfig, 'mapping' | 'groups'> & {
    readonly settings: Pick<StoreConfig['settings'], 'statusSync'>;
  },
  hash: (text: string) => string,
): (user: SourceUser) => string {
  const rules = Object.values(mapping).filter((rule) => rule !== undefined);
  // A store that keeps who left its groups has the fingerprints of the releases without groups.
  const left = groups.left === 'keep' ? [] : [groups.left];
  const opening = hash(JSON.stringify([rulesVersion, mapping, settings.statusSync, ...left]));
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
      attributes.map((name) => property(user.record, name) ?? null),
      customs.map((name) => customValue(user, name) ?? null),
    );
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
