import { isObject } from '../model/source-user.ts';
import { maxBulkOperations } from './limits.ts';
import { badRequest, ScimError } from './scim-error.ts';

/** One operation of a bulk (RFC 7644, section 3.7). */
export interface BulkOperation {
  readonly method: string;
  readonly path: string;
  readonly bulkId: string | null;
  readonly version: string | null;
  readonly data: unknown;
  /** The `bulkId`s that stand in its path and data for ids of new resources. */
  readonly references: ReadonlySet<string>;
}

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** After so many errors no further operation is carried out. */
  readonly failOnErrors: number;
}

/** Reads the body of a bulk. `ScimError` 400, or 413 for too many operations. */
export function readBulk(body: unknown): BulkRequest {
  const list = isObject(body) ? body['Operations'] : undefined;
  if (!isObject(body) || !Array.isArray(list) || list.length === 0) {
    throw badRequest('invalidSyntax', 'Operations is missing, empty or no list.');
  }
  if (list.length > maxBulkOperations) {
    throw new ScimError(413, null, `A bulk has at most ${maxBulkOperations} operations.`);
  }
  const { failOnErrors } = body;
  const isLimited = typeof failOnErrors === 'number' && failOnErrors >= 1;
  return {
    operations: list.map(readOperation),
    failOnErrors: isLimited ? Math.floor(failOnErrors) : Number.POSITIVE_INFINITY,
  };
}

function readOperation(given: unknown): BulkOperation {
  const said = isObject(given) ? given : {};
  const text = (key: string): string | null => {
    const value = said[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  // As in addresses, slashes may be doubled or at the end.
  const path = `/${text('path') ?? ''}`.replace(/\/{2,}/g, '/').replace(/\/$/, '');
  return {
    method: (text('method') ?? '').toUpperCase(),
    path,
    bulkId: text('bulkId'),
    version: text('version'),
    data: said['data'],
    references: new Set([...referencesIn(path.split('/')), ...referencesIn(said['data'])]),
  };
}

const prefix = 'bulkId:';

function referenceOf(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : null;
}

function referencesIn(value: unknown): readonly string[] {
  const reference = referenceOf(value);
  if (reference !== null) return [reference];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

/** Replaces every `bulkId:…` by its id. `ScimError` 409 where none was made. */
export function withIds(value: unknown, made: ReadonlyMap<string, string>): unknown {
  const reference = referenceOf(value);
  if (reference !== null) {
    const id = made.get(reference);
    if (id !== undefined) return id;
    throw new ScimError(409, null, 'A bulkId stands for nothing that the bulk has made.');
  }
  if (Array.isArray(value)) return value.map((each) => withIds(each, made));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withIds(each, made)]));
}

/** A resource without the values that name resources which are not made yet. */
export function withoutReferences(data: unknown, coming: ReadonlySet<string>): unknown {
  if (!isObject(data)) return data;
  const entries = Object.entries(data).map(([key, value]) => [key, prune(value, coming)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function prune(value: unknown, coming: ReadonlySet<string>): unknown {
  const reference = referenceOf(value);
  if (reference !== null) return coming.has(reference) ? undefined : value;
  if (Array.isArray(value)) {
    return value.map((each) => prune(each, coming)).filter((each) => each !== undefined);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, prune(each, coming)] as const);
  // Part of a value, such as the type of a member without its id, would mean something else.
  return entries.some(([, each]) => each === undefined) ? undefined : Object.fromEntries(entries);
}
