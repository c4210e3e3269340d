import type { StoreConfig } from '../model/store-config.ts';

/** One changed setting; a value as a store file would write it, null when there is none. */
export interface ConfigChange {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What applying `after` changes, in the order of a store file. */
export function describeChanges(before: StoreConfig, after: StoreConfig): readonly ConfigChange[] {
  const old = settingsOf(before);
  const young = settingsOf(after);
  return [...new Set([...old.keys(), ...young.keys()])]
    .map((path) => ({ path, from: old.get(path) ?? null, to: young.get(path) ?? null }))
    .filter(({ from, to }) => from !== to);
}

/** Every setting by its path. A mapping rule, the users' criteria and the schedule are one setting each. */
function settingsOf(config: StoreConfig): ReadonlyMap<string, string> {
  const { removals, emailChanges, blanks, absence, window } = config.safeguards;
  const groups: readonly (readonly [string, object])[] = [
    ['mapping', config.mapping],
    ['settings.statusSync', config.settings.statusSync],
    ['criteria', config.criteria],
    ['', config.schedule === null ? {} : { schedule: config.schedule }],
    ['safeguards.removals', removals],
    ['safeguards.emailChanges', emailChanges],
    ['safeguards.blanks', blanks],
    ['safeguards.absence', absence],
    ['safeguards', { window }],
  ];
  return new Map(
    groups.flatMap(([prefix, settings]) =>
      Object.entries(settings).map(([key, value]): [string, string] => [
        prefix === '' ? key : `${prefix}.${key}`,
        inline(value),
      ]),
    ),
  );
}

/** A value as YAML in one line, its keys in order so that equal values read the same. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{ ${entries.map(([key, each]) => `${key}: ${inline(each)}`).join(', ')} }`;
  }
  if (typeof value === 'string' && isPlain(value)) return value;
  return JSON.stringify(value);
}

/** Whether YAML reads a text as itself without quotes. */
function isPlain(text: string): boolean {
  return (
    /^[\p{L}_](?:[\p{L}\p{N}_./ -]*[\p{L}\p{N}_])?$/u.test(text) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
  );
}
