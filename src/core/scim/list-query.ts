import { isObject, type JsonObject } from '../model/source-user.ts';
import type { Attribute } from './attribute.ts';
import { maxResults } from './limits.ts';
import { type Filter, parseFilter } from './parse-filter.ts';
import { type Projection, readProjection } from './present.ts';
import { resolvePath } from './resolve-path.ts';
import type { ResourceType } from './schemas.ts';
import { badRequest } from './scim-error.ts';

const defaultCount = 100;

/** The order of a list, by the path of an attribute such as `emails.value`; ties go by id. */
export interface Sort {
  readonly path: string;
  readonly descending: boolean;
}

/** The query of a list (RFC 7644, section 3.4.2). */
export interface ListQuery {
  readonly filter: Filter | null;
  readonly sort: Sort | null;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

/** Reads the query of a GET, or the body of a `/.search`. `ScimError` when it is invalid. */
export function readListQuery(type: ResourceType, given: unknown): ListQuery {
  if (!isObject(given)) throw badRequest('invalidSyntax', 'The search is not a JSON object.');
  const { filter } = given;
  if (filter !== undefined && typeof filter !== 'string') {
    throw badRequest('invalidFilter', 'filter is not a text.');
  }
  return {
    filter: filter === undefined || filter.trim() === '' ? null : parseFilter(filter),
    sort: readSort(type, given),
    startIndex: Math.max(1, readInteger('startIndex', given['startIndex'], 1)),
    count: Math.min(maxResults, Math.max(0, readInteger('count', given['count'], defaultCount))),
    projection: readProjection(type, given['attributes'], given['excludedAttributes']),
  };
}

function readSort(type: ResourceType, { sortBy, sortOrder }: JsonObject): ListQuery['sort'] {
  if (sortBy === undefined || sortBy === '') return null;
  const found = typeof sortBy === 'string' ? resolvePath(type, sortBy) : null;
  if (found === null) throw badRequest('invalidValue', 'sortBy names no attribute.');
  const descending = typeof sortOrder === 'string' && /^descending$/i.test(sortOrder);
  return { path: `${found.path}${suffixOf(found.attribute)}`, descending };
}

/** A multi-valued attribute is sorted by its values. */
function suffixOf({ type, subAttributes = [] }: Attribute): string {
  return type === 'complex' && subAttributes.some(({ name }) => name === 'value') ? '.value' : '';
}

function readInteger(name: string, value: unknown, otherwise: number): number {
  if (value === undefined || value === '') return otherwise;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw badRequest('invalidValue', `${name} is not a whole number.`);
}
