import { ApiRefusal } from './answer.ts';
import { type Json, type Page, readPage, valuesAt } from './paging.ts';

/*
 * The query syntax of v1: `sort` and `fields` separated by spaces, `filter` as `field:$op:value`,
 * text search, and the richer filters of `POST /search/…`. Source: the v1 API description.
 */

export interface V1Query {
  readonly page: Page;
  readonly sort: readonly string[];
  /** None: the whole record. */
  readonly fields: readonly string[];
  /** Null when every record matches. */
  readonly matches: ((record: object) => boolean) | null;
}

type Test = (record: object) => boolean;

export function readV1Query(query: URLSearchParams): V1Query {
  return {
    page: readPage((name) => query.get(name)),
    sort: readNames(query.get('sort')),
    fields: readNames(query.get('fields')),
    matches: everyOf([...readFilters(query), ...readSearch(query)]),
  };
}

/** The most rows of a search: its description says 100, yet the vendor's own PowerShell module asks for 1,000. */
const maximumOfSearch = 1000;

/** Reads a search: its body, and parameters that the body lacks from the query. */
export function readV1Search(query: URLSearchParams, body: Json): V1Query {
  const read = (name: string) => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : query.get(name);
  };
  return {
    page: readPage(read, maximumOfSearch),
    sort: readNames(read('sort')),
    fields: readNames(read('fields')),
    matches: everyOf([
      ...readBodyFilter(body['filter']),
      ...readSearchFilter(body['searchFilter']),
    ]),
  };
}

/** Space-separated names. The real API silently ignores a comma-separated list, and so does this. */
function readNames(text: string | null): readonly string[] {
  const names = (text ?? '').split(' ').filter(Boolean);
  return names.some((name) => name.includes(',')) ? [] : names;
}

function everyOf(tests: readonly Test[]): Test | null {
  return tests.length === 0 ? null : (record) => tests.every((test) => test(record));
}

function someOf(tests: readonly Test[]): readonly Test[] {
  return tests.length === 0 ? [] : [(record) => tests.some((test) => test(record))];
}

function readFilters(query: URLSearchParams): readonly Test[] {
  const all: Test[] = [];
  const some: Test[] = [];
  for (const [name, value] of query) {
    if (/^filter(\[(and)?\]?(\[?\d*\])?)?$/.test(name)) all.push(readFilter(value));
    if (/^filter\[or\](\[\d*\])?$/.test(name)) some.push(readFilter(value));
  }
  return [...all, ...someOf(some)];
}

function readFilter(text: string): Test {
  const [, field, operator, value] = /^([^:]+):([^:]+):(.*)$/su.exec(text) ?? [];
  if (field === undefined || operator === undefined || value === undefined) {
    throw new ApiRefusal(400, `filter "${text}" is not of the form field:$operator:value`);
  }
  return fieldTest({ field, operator, expected: value });
}

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly expected: string;
}

function fieldTest({ field, operator, expected }: Condition): Test {
  const test = valuesTest(operator, expected);
  return (record) => test(valuesAt(record, field).filter((value) => value !== undefined));
}

/** The description says that an operator's behaviour without its `$` is undefined: here it is refused. */
function valuesTest(operator: string, expected: string): (values: readonly unknown[]) => boolean {
  if (operator === '$ne') {
    return (values) => !values.some((value) => orderOf(value, expected) === 0);
  }
  if (operator === '$regex') {
    const pattern = readPattern(expected);
    return (values) => values.some((value) => pattern.test(textOf(value)));
  }
  const comparison = comparisons[operator];
  if (comparison === undefined) throw new ApiRefusal(400, `unknown filter operator "${operator}"`);
  return (values) => values.some((value) => comparison(orderOf(value, expected)));
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  $eq: (order) => order === 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

function orderOf(value: unknown, expected: string): number {
  if (typeof value === 'number') return value - Number(expected);
  const text = textOf(value);
  return text === expected ? 0 : text < expected ? -1 : 1;
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new ApiRefusal(400, `"${text}" is no regular expression: ${String(cause)}`);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function readSearch(query: URLSearchParams): readonly Test[] {
  const terms = valuesNamed(query, /^search\[searchTerm\](\[\d*\])?$/);
  const fields = valuesNamed(query, /^search\[fields\](\[\d*\])?$/);
  return searchTests(terms, fields);
}

function valuesNamed(query: URLSearchParams, pattern: RegExp): readonly string[] {
  return [...query].filter(([name]) => pattern.test(name)).map(([, value]) => value);
}

/** Whether one of the fields contains one of the terms; without terms nothing is tested. */
function searchTests(terms: readonly string[], fields: readonly string[]): readonly Test[] {
  const wanted = terms.map((term) => term.toLowerCase());
  const containsTerm = (value: unknown) => {
    const text = textOf(value ?? '').toLowerCase();
    return wanted.some((term) => text.includes(term));
  };
  const test: Test = (record) => fields.some((field) => valuesAt(record, field).some(containsTerm));
  return terms.length === 0 ? [] : [test];
}

/** `{and: […]}`, `{or: […]}`, or a bare list or object, all of which must match. */
function readBodyFilter(filter: unknown): readonly Test[] {
  if (filter === undefined || filter === null) return [];
  if (Array.isArray(filter)) return filter.flatMap(readExpression);
  if (isJson(filter)) {
    if (Array.isArray(filter['or'])) return someOf(filter['or'].flatMap(readExpression));
    if (Array.isArray(filter['and'])) return filter['and'].flatMap(readExpression);
    return readExpression(filter);
  }
  throw new ApiRefusal(400, 'filter must be an object or a list');
}

function readExpression(expression: unknown): readonly Test[] {
  if (typeof expression === 'string') return [readFilter(expression)];
  if (!isJson(expression)) throw new ApiRefusal(400, 'a filter expression must be an object');
  return Object.entries(expression).flatMap(([field, wanted]) => {
    const conditions = isJson(wanted) ? Object.entries(wanted) : [['$eq', wanted] as const];
    return conditions.map(([operator, value]) =>
      fieldTest({ field, operator, expected: textOf(value) }),
    );
  });
}

function readSearchFilter(searchFilter: unknown): readonly Test[] {
  if (!isJson(searchFilter)) return [];
  const terms = [searchFilter['searchTerm']].flat().filter((term) => typeof term === 'string');
  const fields = [searchFilter['fields']].flat().filter((field) => typeof field === 'string');
  return searchTests(terms, fields);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
