import type { StoreConfig } from './model/store-config.ts';

/**
 * The places of a store's configuration with a text that `names` someone, as `criteria: condition 2` (numbered as in its
 * pattern) or `mapping: manager`. They never quote the text.
 */
export function placesNaming(
  { mapping, criteria: { users } }: StoreConfig,
  names: (text: string) => boolean,
): readonly string[] {
  const conditions = users === 'all' ? [] : users.conditions;
  const parts: readonly (readonly [string, unknown])[] = [
    ...Object.entries(mapping).map(([field, rule]) => [`mapping: ${field}`, rule] as const),
    ...conditions.map((condition, at) => [`criteria: condition ${at + 1}`, condition] as const),
  ];
  return parts.filter(([, part]) => names(JSON.stringify(part))).map(([place]) => place);
}
