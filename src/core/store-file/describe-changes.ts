import { isObject } from '../model/source-user.ts';
import type { StoreConfig } from '../model/store-config.ts';
import { inlineYaml } from './inline-yaml.ts';

/** One changed setting; a value as a store file would write it, null when there is none. */
export interface ConfigChange {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** The settings that applying `after` changes, in the order of a store file. */
export function describeChanges(before: StoreConfig, after: StoreConfig): readonly ConfigChange[] {
  const old = settingsOf(before);
  const young = settingsOf(after);
  return [...new Set([...old.keys(), ...young.keys()])]
    .map((path) => ({ path, from: old.get(path) ?? null, to: young.get(path) ?? null }))
    .filter(({ from, to }) => from !== to);
}

/**
 * The settings that go back to their defaults although the file does not name them: it has their section, which
 * replaces the whole one of the store.
 */
export function describeResets(
  document: unknown,
  before: StoreConfig,
  after: StoreConfig,
): readonly ConfigChange[] {
  const resets = describeChanges(before, after).filter(({ path }) => !isWritten(document, path));
  const schedule = isObject(document) ? document['schedule'] : undefined;
  const switchesOn = before.schedule?.enabled === false && after.schedule?.enabled === true;
  if (!switchesOn || !isObject(schedule) || Object.hasOwn(schedule, 'enabled')) return resets;
  return [...resets, { path: 'schedule.enabled', from: 'false', to: 'true' }];
}

/** The name of a field may have dots. */
function isWritten(document: unknown, path: string): boolean {
  if (!isObject(document)) return false;
  if (Object.hasOwn(document, path)) return true;
  const [key = '', ...rest] = path.split('.');
  return rest.length > 0 && isWritten(document[key], rest.join('.'));
}

/** Every setting by its path. A mapping rule, the users' criteria and the schedule are one setting each. */
function settingsOf(config: StoreConfig): ReadonlyMap<string, string> {
  const { removals, emailChanges, blanks, absence, window } = config.safeguards;
  const groups: readonly (readonly [string, object])[] = [
    ['mapping', config.mapping],
    ['settings.statusSync', config.settings.statusSync],
    ['settings.notifications', config.settings.notifications],
    ['criteria', config.criteria],
    ['groups', config.groups],
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
        inlineYaml(value),
      ]),
    ),
  );
}
