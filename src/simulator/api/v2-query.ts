import { ApiRefusal } from './answer.ts';
import { type Page, readPage, valuesAt } from './paging.ts';

/*
 * The query syntax of v2: `sort` and `fields` separated by commas, `filter` as `field:op:value`
 * without a `$`. Source: the v2 API description.
 */

export interface V2Query {
  readonly page: Page;
  readonly sort: readonly string[];
  readonly fields: readonly string[];
  readonly matches: (record: object) => boolean;
}

type Test = (values: readonly string[], expected: string) => boolean;

/** Reads the query of a v2 listing; filters on other fields than `filterable` are refused. */
export function readV2Query(query: URLSearchParams, filterable: readonly string[]): V2Query {
  const tests = query
    .getAll('filter')
    .flatMap(splitFilters)
    .map((text) => readFilter(text, filterable));
  return {
    page: readPage((name) => query.get(name)),
    sort: readNames(query, 'sort'),
    fields: readNames(query, 'fields'),
    matches: (record) => tests.every((test) => test(record)),
  };
}

function readNames(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((text) => text.split(','))
    .filter(Boolean);
}

/** A comma separates two filters only before another `field:op:`: names may contain commas. */
function splitFilters(text: string): readonly string[] {
  return text.split(/,(?=[\w.]+:[a-z]+:)/).filter(Boolean);
}

function readFilter(text: string, filterable: readonly string[]): (record: object) => boolean {
  const [, field, operator, expected] = /^([^:]+):([^:]+):(.*)$/su.exec(text) ?? [];
  if (field === undefined || operator === undefined || expected === undefined) {
    throw new ApiRefusal(400, `filter "${text}" is not of the form field:operator:value`);
  }
  if (!filterable.includes(field)) throw new ApiRefusal(400, `can't filter by "${field}"`);
  const test = tests[operator];
  if (test === undefined) throw new ApiRefusal(400, `unknown filter operator "${operator}"`);
  return (record) => {
    const values = valuesAt(record, field).filter((value) => value !== undefined);
    return test(values.map(String), expected);
  };
}

const tests: Readonly<Record<string, Test>> = {
  eq: (values, expected) => values.some((value) => wildcard(expected).test(value)),
  ne: (values, expected) => !values.some((value) => wildcard(expected).test(value)),
  gt: (values, expected) => values.some((value) => order(value, expected) > 0),
  ge: (values, expected) => values.some((value) => order(value, expected) >= 0),
  lt: (values, expected) => values.some((value) => order(value, expected) < 0),
  le: (values, expected) => values.some((value) => order(value, expected) <= 0),
  between: (values, expected) => {
    const [low = '', high = ''] = expected.split('|');
    return values.some((value) => order(value, low) >= 0 && order(value, high) <= 0);
  },
  search: (values, expected) =>
    values.some((value) => value.toLowerCase().includes(expected.toLowerCase())),
  in: (values, expected) => values.some((value) => expected.split('|').includes(value)),
};

function wildcard(text: string): RegExp {
  const literal = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*')}$`, 'su');
}

function order(value: string, expected: string): number {
  const [left, right] = [Number(value), Number(expected)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return value === expected ? 0 : value < expected ? -1 : 1;
}
