import { inlineYaml } from '../../../src/core/store-file/inline-yaml.ts';
import type { Configuration, Sections } from '../api/client.ts';

/** The settings that change as one, by path: a mapping rule, the criteria and the schedule are one each. */
export type Lines = ReadonlyMap<string, unknown>;

/** The prefix of a mapping rule's path: a field of one's own has dots in its name. */
export const mappingPrefix = 'mapping.';

/** Every line of a configuration. A field that is not mapped, or a schedule that was never set, is null. */
export function linesOf({ mapping, settings, criteria, schedule, safeguards }: Sections): Lines {
  const groups: readonly (readonly [string, object])[] = [
    [mappingPrefix, mapping],
    ['settings.statusSync.', settings.statusSync],
    ['settings.notifications.', settings.notifications],
    ['criteria.', criteria],
    ['', { schedule }],
    ['safeguards.', safeguards],
  ];
  return new Map(
    groups.flatMap(([prefix, lines]) =>
      Object.entries(lines).map(([key, value]): [string, unknown] => [prefix + key, value]),
    ),
  );
}

/** The value of a line; null where there is none. */
export const lineOf = (lines: Lines, path: string): unknown => lines.get(path) ?? null;

export const isSame = (one: unknown, other: unknown): boolean =>
  inlineYaml(one ?? null) === inlineYaml(other ?? null);

/** The names of the sections of a store file, in their order. */
export const sectionNames = ['mapping', 'settings', 'criteria', 'schedule', 'safeguards'] as const;
export type SectionName = (typeof sectionNames)[number];

export const sectionOf = (path: string): SectionName =>
  sectionNames.find((name) => path === name || path.startsWith(`${name}.`)) ?? 'mapping';

/** A configuration with some lines replaced. */
export function withEdits(base: Configuration, edits: Lines): Configuration {
  const all = new Map([...linesOf(base), ...edits]);
  const under = (prefix: string) =>
    Object.fromEntries(
      [...all].flatMap(([path, value]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), value]] : [],
      ),
    );
  // The lines are those of a configuration, so that their sections are too.
  return {
    revision: base.revision,
    mapping: under(mappingPrefix),
    settings: {
      statusSync: under('settings.statusSync.'),
      notifications: under('settings.notifications.'),
    },
    criteria: under('criteria.'),
    schedule: all.get('schedule'),
    safeguards: under('safeguards.'),
  } as Configuration;
}

/** The lines of `after` that `before` has otherwise. A rule that only `before` has is unmapped. */
export function differences(before: Sections, after: Sections): Lines {
  const old = linesOf(before);
  const young = linesOf(after);
  return new Map(
    [...new Set([...old.keys(), ...young.keys()])].flatMap((path): [string, unknown][] => {
      const value = lineOf(young, path);
      return isSame(lineOf(old, path), value) ? [] : [[path, value]];
    }),
  );
}
