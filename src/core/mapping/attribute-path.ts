import { InvalidInput } from '../errors.ts';
import type { JsonObject } from '../model/source-user.ts';
import { nameKey } from '../same-name.ts';

interface PathFilter {
  readonly key: string;
  readonly value: string;
}

interface PathStep {
  readonly name: string;
  readonly filters: readonly PathFilter[];
}

/** A parsed attribute path: `department`, `mfa.configured`, `phoneNumbers[type=work].number`. */
export interface AttributePath {
  readonly text: string;
  readonly steps: readonly PathStep[];
}

/** The values that a path finds in a record. Blank values (absent, null, empty text) are left out. */
export interface PathHits {
  readonly values: readonly unknown[];
  /** The path went through a list without a filter, so it can have many values. */
  readonly isList: boolean;
}

const name = /[\p{L}\p{N}_$-]+/uy;
const filter =
  /\[\s*(?<key>[\p{L}\p{N}_$-]+)\s*=\s*(?:"(?<quoted>[^"]*)"|(?<bare>[^\]"\s](?:[^\]"]*[^\]"\s])?))\s*\]/uy;

/** Reads an attribute path; `InvalidInput` with the column of a mistake. Names are composed (NFC), without blanks around. */
export function parseAttributePath(given: string): AttributePath {
  const text = given.normalize('NFC').trim();
  const steps: PathStep[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    position += match?.[0].length ?? 0;
    return match;
  };
  do {
    if (steps.length > 0) position += 1;
    const step = take(name);
    if (step === null) throw mistake(text, position, 'an attribute name');
    const filters: PathFilter[] = [];
    while (text[position] === '[') {
      const groups = take(filter)?.groups;
      if (groups === undefined) throw mistake(text, position, 'a filter such as [type=work]');
      filters.push({ key: groups['key'] ?? '', value: groups['quoted'] ?? groups['bare'] ?? '' });
    }
    steps.push({ name: step[0], filters });
  } while (text[position] === '.');
  if (position < text.length) throw mistake(text, position, '".", "[" or the end');
  return { text, steps };
}

/** Finds all values of a path, in the record's order. Names are case-sensitive, and so are filter values but types. */
export function readPath({ steps }: AttributePath, record: JsonObject): PathHits {
  const hits = { values: [] as unknown[], isList: false };
  const take = (value: unknown, at: number): void => {
    const step = steps[at];
    if (step === undefined) {
      if (!isBlank(value)) hits.values.push(value);
      return;
    }
    const found = property(value, step.name);
    if (step.filters.length === 0) spread(found, at + 1);
    else for (const entry of [found].flat()) if (passes(entry, step.filters)) spread(entry, at + 1);
  };
  const spread = (value: unknown, at: number): void => {
    if (Array.isArray(value)) hits.isList = true;
    for (const entry of Array.isArray(value) ? value : [value]) take(entry, at);
  };
  take(record, 0);
  return hits;
}

/** All values of a path that leads to a list, else the first; undefined when there is none. */
export function readValue(path: AttributePath, record: JsonObject): unknown {
  const only = readOnly(path, record);
  if (only !== several) return isBlank(only) ? undefined : only;
  const { values, isList } = readPath(path, record);
  return isList && values.length > 0 ? values : values[0];
}

const several = Symbol('several');

/** The single value that nearly every path has, found without building a list; or `several`. */
function readOnly({ steps }: AttributePath, record: JsonObject): unknown {
  let value: unknown = record;
  for (const { name, filters } of steps) {
    value = property(value, name);
    if (filters.length > 0) value = onlyOf(value, filters);
    if (value === several || Array.isArray(value)) return several;
  }
  return value;
}

function onlyOf(value: unknown, filters: readonly PathFilter[]): unknown {
  if (!Array.isArray(value)) return passes(value, filters) ? value : undefined;
  let only: unknown;
  for (const entry of value) {
    if (!passes(entry, filters)) continue;
    if (only !== undefined) return several;
    only = entry;
  }
  return only;
}

/** Whether a value counts as absent. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A property by its name as a path has it: composed. The record may have it decomposed. */
export function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return Reflect.get(value, name);
  if (ascii.test(name)) return undefined;
  const key = Object.keys(value).find((one) => nameKey(one) === name);
  return key === undefined ? undefined : Reflect.get(value, key);
}

const ascii = /^[\x20-\x7e]*$/;

function passes(entry: unknown, filters: readonly PathFilter[]): boolean {
  return filters.every(({ key, value }) => {
    const actual = property(entry, key);
    if (typeof actual === 'string') return fold(key, actual) === fold(key, value);
    return isScalar(actual) && String(actual) === value;
  });
}

/** Directories write types as `work` and as `Work`. */
function fold(key: string, value: string): string {
  const text = value.normalize('NFC');
  return key === 'type' ? text.toLowerCase() : text;
}

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function mistake(text: string, position: number, expected: string): InvalidInput {
  const found = position < text.length ? `"${text[position]}"` : 'the end';
  return new InvalidInput(
    `in the attribute path "${text}", column ${position + 1}: expected ${expected}, found ${found}`,
  );
}
