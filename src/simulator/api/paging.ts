import { ApiRefusal } from './answer.ts';

export interface Page {
  readonly limit: number;
  readonly skip: number;
}

const defaultLimit = 10;

/** `limit` and `skip` as the API takes them: 10 rows without a limit, a refusal over `maximum`. */
export function readPage(read: (name: string) => string | null, maximum = 100): Page {
  const limit = readWhole('limit', read('limit'), defaultLimit);
  if (limit > maximum) {
    throw new ApiRefusal(400, `request parameter "limit" exceeds maximum value of ${maximum}`);
  }
  return { limit, skip: readWhole('skip', read('skip'), 0) };
}

function readWhole(name: string, text: string | null, otherwise: number): number {
  if (text === null || text === '') return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ApiRefusal(400, `request parameter "${name}" must be a whole number, not "${text}"`);
}

export function pageOf<Row>(rows: readonly Row[], { limit, skip }: Page): readonly Row[] {
  return rows.slice(skip, skip + limit);
}

export type Json = Readonly<Record<string, unknown>>;

/** The record with `idField` and the named fields alone; the whole record when none is named. */
export function project(
  record: object,
  { fields, idField }: { fields: readonly string[]; idField: string },
): object {
  if (fields.length === 0) return record;
  const wanted = new Set([idField, ...fields]);
  return Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)));
}

/** Sorted by the named fields, `-` first for descending; equal rows keep their order. */
export function sorted<Row extends object>(
  rows: readonly Row[],
  sort: readonly string[],
): readonly Row[] {
  if (sort.length === 0) return rows;
  const keys = sort.map((name) => ({
    name: name.replace(/^-/, ''),
    direction: name.startsWith('-') ? -1 : 1,
  }));
  return rows.toSorted((left, right) => {
    for (const { name, direction } of keys) {
      const order = compareValues(valueAt(left, name), valueAt(right, name));
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}

/** The value at a dotted path; the values of all entries of a list are returned together. */
export function valuesAt(record: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [record];
  for (const step of path.split('.')) {
    values = values
      .flat()
      .map((value) =>
        typeof value === 'object' && value !== null ? (value as Json)[step] : undefined,
      );
  }
  return values.flat();
}

function valueAt(record: object, path: string): unknown {
  return valuesAt(record, path)[0];
}

function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === undefined || left === null) return -1;
  if (right === undefined || right === null) return 1;
  return left < right ? -1 : 1;
}
