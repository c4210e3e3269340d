import { z } from 'zod';
import { compileConditions, compileCriteria } from '../criteria/criteria.ts';
import { isExact } from '../custom-attributes.ts';
import { parseDurationMs, parseSpanMs } from '../duration.ts';
import { InvalidInput } from '../errors.ts';
import { collect, refuse, within } from '../input-problems.ts';
import { compileMapping, parseFieldName } from '../mapping/compile-mapping.ts';
import { isObject } from '../model/source-user.ts';
import type {
  Condition,
  Criteria,
  GroupCriteria,
  GroupSync,
  Mapping,
  MappingRule,
  Safeguards,
  Schedule,
  StoreConfig,
  UserCriteria,
} from '../model/store-config.ts';
import { checkSchedule } from '../schedule/next-run.ts';
import { checkKind, checkShape, cut, noSuchKey } from './check-shape.ts';
import { namedValues } from './limits.ts';
import {
  conditionKinds,
  groupSync,
  matching,
  notAsWritten,
  ruleKinds,
  safeguards,
  schedule,
  settings,
} from './schema.ts';

const sectionNames: readonly string[] = [
  'mapping',
  'settings',
  'criteria',
  'groups',
  'schedule',
  'safeguards',
];

/**
 * Reads a store file whose YAML is parsed already. A section of the file replaces the store's own, with the defaults
 * for keys that it leaves out; other sections stay as they are. Everything is checked, to the last expression and
 * time zone: `InvalidInput` lists all that is wrong, a line each, led by its path.
 */
export function parseStoreFile(
  document: unknown,
  current: StoreConfig,
  defaultMapping: Mapping,
): StoreConfig {
  if (!isObject(document)) {
    const names = sectionNames.join(', ');
    throw new InvalidInput(`the file has no sections: expected one or more of ${names}`);
  }
  const complaints: string[] = [];
  const section = <Key extends keyof StoreConfig>(
    key: Key,
    read: (value: unknown) => StoreConfig[Key],
  ): StoreConfig[Key] => {
    if (!Object.hasOwn(document, key)) return current[key];
    const made = collect(complaints, () => read(document[key]));
    return made === undefined ? current[key] : made;
  };

  const config: StoreConfig = {
    mapping: section('mapping', (value) => readMapping(value, defaultMapping)),
    settings: section('settings', (value) => checkShape(settings, { where: 'settings', value })),
    criteria: section('criteria', readCriteria),
    groups: section('groups', readGroups),
    schedule: section('schedule', (value) => readSchedule(value, current.schedule)),
    safeguards: section('safeguards', readSafeguards),
  };
  for (const key of Object.keys(document)) {
    if (!sectionNames.includes(key))
      complaints.push(`${cut(key)}: ${noSuchKey(key, sectionNames)}`);
  }
  refuse(complaints);
  return config;
}

const anyRules = namedValues(z.unknown());

/** Null unmaps a field. Rules that can be read are checked further even if others can't. */
function readMapping(value: unknown, defaults: Mapping): Mapping {
  if (!isObject(value))
    throw new InvalidInput('mapping: expected member fields, each with where it comes from');
  const complaints: string[] = [];
  checkShape(anyRules, { where: 'mapping', value });
  const rules = new Map<string, MappingRule | undefined>(Object.entries(defaults));
  for (const [field, rule] of Object.entries(value)) {
    const where = `mapping.${field}`;
    if (rule === null) {
      collect(complaints, () => within(where, () => checkUnmapped(field)));
      rules.delete(field);
      continue;
    }
    const read = collect(complaints, () => checkKind(ruleKinds, { where, value: rule }));
    if (read !== undefined) rules.set(field, read);
  }
  const mapping: Mapping = Object.fromEntries(rules);
  collect(complaints, () => compileMapping(mapping));
  refuse(complaints);
  return mapping;
}

function checkUnmapped(name: string): void {
  if (parseFieldName(name) !== 'email') return;
  throw new InvalidInput("people are known by their e-mail address: it can't be unmapped");
}

function readCriteria(value: unknown): Criteria {
  if (!isObject(value) || !Object.hasOwn(value, 'users')) {
    throw new InvalidInput('criteria: expected users: all, or users with conditions');
  }
  const complaints: string[] = [];
  for (const key of Object.keys(value)) {
    if (key !== 'users') complaints.push(`criteria.${cut(key)}: ${noSuchKey(key, ['users'])}`);
  }
  const users = collect(complaints, () => readUsers(value['users']));
  refuse(complaints);
  return { users: users ?? 'all' };
}

function readUsers(value: unknown): Criteria['users'] {
  const users = readConditions('criteria.users', value);
  compileCriteria({ users });
  return users;
}

function readGroups(value: unknown): GroupSync {
  const { criteria = 'all', ...rest } = checkShape(groupSync, { where: 'groups', value });
  return { ...rest, criteria: readGroupCriteria(criteria) };
}

/** A group has attributes, and neither custom attributes nor groups that it is a member of. */
function readGroupCriteria(value: unknown): GroupCriteria {
  const where = 'groups.criteria';
  const criteria = readConditions(where, value);
  if (criteria === 'all') return criteria;
  const other = criteria.conditions.findIndex((condition) => !('attribute' in condition));
  if (other !== -1) {
    throw new InvalidInput(
      `${where}.conditions[${other}]: expected an attribute of the group, such as name`,
    );
  }
  compileConditions(where, criteria);
  return criteria;
}

function readConditions(where: string, value: unknown): UserCriteria {
  if (value === 'all') return value;
  if (!isObject(value)) throw new InvalidInput(`${where}: expected all, or conditions`);
  const { conditions: documents, ...rest } = checkShape(matching, { where, value });
  const complaints: string[] = [];
  const conditions = documents.flatMap((document, index) => {
    const at = { where: `${where}.conditions[${index}]`, value: document };
    return collect(complaints, () => readCondition(at)) ?? [];
  });
  refuse(complaints);
  return { conditions, ...rest };
}

/** A number that is compared as a text must be one that has one text. */
function readCondition(at: { readonly where: string; readonly value: unknown }): Condition {
  const condition = checkKind(conditionKinds, at);
  if ('memberOf' in condition) return condition;
  const { operator, value } = condition;
  const isOrder = operator === 'greaterThan' || operator === 'lessThan';
  const lost = [value].flat().find((each) => {
    if (typeof each !== 'number') return false;
    return isOrder ? !isExact(each) : !Number.isSafeInteger(each);
  });
  if (lost === undefined) return condition;
  throw new InvalidInput(`${at.where}.value: ${notAsWritten({ input: lost })}`);
}

function readSchedule(value: unknown, current: Schedule | null): Schedule | null {
  if (value === null) return null;
  // Switching a schedule off doesn't require repeating it.
  if (isObject(value) && value['enabled'] === false && Object.keys(value).length === 1) {
    return current && { ...current, enabled: false };
  }
  const read = checkShape(schedule, { where: 'schedule', value });
  checkSchedule(read);
  return read;
}

function readSafeguards(value: unknown): Safeguards {
  const read = checkShape(safeguards, { where: 'safeguards', value });
  within('safeguards.window', () => parseDurationMs(read.window));
  within('safeguards.absence.over', () => parseSpanMs(read.absence.over));
  return read;
}
