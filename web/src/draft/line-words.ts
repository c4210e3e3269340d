import { inlineYaml } from '../../../src/core/store-file/inline-yaml.ts';
import type { Condition, MappingRule, Schedule, Sections } from '../api/client.ts';
import { fieldName, plural } from '../words.ts';
import { mappingPrefix } from './lines.ts';

const lineNames: Readonly<Record<string, string>> = {
  'settings.statusSync.mode': 'Status sync',
  'settings.statusSync.deactivated': 'Suspended in the directory',
  'settings.statusSync.deleted': 'Deleted in the directory',
  'settings.statusSync.outOfScope': 'Out of scope',
  'settings.statusSync.staged': 'Staged in the directory',
  'settings.notifications.mail': 'Mail to newcomers',
  'criteria.users': 'Who is synced',
  schedule: 'Schedule',
  'safeguards.removals': 'Safeguard for removals',
  'safeguards.emailChanges': 'Safeguard for changed addresses',
  'safeguards.blanks': 'Safeguard for blanked fields',
  'safeguards.absence': 'How often an absence is confirmed',
  'safeguards.window': 'Window of the safeguards',
};

/** What a line of a configuration is about. */
export const lineName = (path: string): string =>
  path.startsWith(mappingPrefix)
    ? fieldName(path.slice(mappingPrefix.length))
    : (lineNames[path] ?? path);

/** The value of a line in words. */
export function lineText(path: string, value: unknown): string {
  if (path.startsWith(mappingPrefix)) return ruleText(value as MappingRule | null);
  if (path === 'criteria.users') return scopeText(value as Sections['criteria']['users']);
  if (path === 'schedule') return scheduleText(value as Schedule | null);
  return typeof value === 'string' ? value : inlineYaml(value);
}

export function ruleText(rule: MappingRule | null): string {
  if (rule === null) return 'not mapped';
  const { default: otherwise } = rule;
  const text = sourceText(rule);
  return otherwise === undefined ? text : `${text}, else “${otherwise}”`;
}

function sourceText(rule: MappingRule): string {
  if ('value' in rule) return `“${rule.value}” for everybody`;
  if ('custom' in rule) return `custom attribute ${rule.custom}`;
  return 'expression' in rule ? rule.expression : rule.attribute;
}

export function scopeText(users: Sections['criteria']['users']): string {
  if (users === 'all') return 'everybody in the directory';
  const [first] = users.conditions;
  return users.conditions.length === 1 && first !== undefined
    ? `those whose ${conditionText(first)}`
    : `those that match ${plural(users.conditions.length, 'condition')}`;
}

export const operatorWords = {
  equals: 'is',
  notEquals: 'is not',
  contains: 'contains',
  notContains: 'does not contain',
  startsWith: 'starts with',
  endsWith: 'ends with',
  in: 'is one of',
  notIn: 'is none of',
  exists: 'has a value',
  notExists: 'has no value',
  greaterThan: 'is greater than',
  lessThan: 'is less than',
} as const;

function conditionText(condition: Condition): string {
  if ('memberOf' in condition) return `group is ${[condition.memberOf].flat().join(' or ')}`;
  const subject = 'custom' in condition ? condition.custom : condition.attribute;
  const value = [condition.value ?? []].flat().join(', ');
  return `${subject} ${operatorWords[condition.operator]} ${value}`.trim();
}

export const weekdayWords = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;

export function scheduleText(schedule: Schedule | null): string {
  if (schedule === null) return 'by hand';
  const off = schedule.enabled ? '' : ' (off)';
  return `${whenText(schedule)}, ${schedule.timezone}${off}`;
}

function whenText(schedule: Schedule): string {
  switch (schedule.frequency) {
    case 'cron':
      return schedule.cron;
    case 'daily':
      return `every day at ${schedule.time}`;
    case 'weekly':
      return `every ${schedule.days.map((day) => weekdayWords[day]).join(', ')} at ${schedule.time}`;
    case 'monthly':
      return `each month on ${schedule.dates.join(', ')} at ${schedule.time}`;
  }
}
