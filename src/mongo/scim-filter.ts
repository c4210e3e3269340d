import { type Attribute, attributeNamed } from '../core/scim/attribute.ts';
import { compares } from '../core/scim/match-value.ts';
import type { Comparison, Filter } from '../core/scim/parse-filter.ts';
import { resolvePath } from '../core/scim/resolve-path.ts';
import {
  coreSchemaOf,
  enterpriseSchema,
  type ResourceType,
  standingSchema,
} from '../core/scim/schemas.ts';
import { badRequest } from '../core/scim/scim-error.ts';
import { enterpriseKey, foldText } from '../core/scim/search-form.ts';

/** A query in MongoDB's language. */
export type Query = Readonly<Record<string, unknown>>;

export interface CompileContext {
  readonly type: ResourceType;
  /** The terms about memberships, which are read before. */
  readonly memberships: ReadonlyMap<Filter, Query>;
}

const everything: Query = {};
export const nothing: Query = { _id: { $in: [] } };

/**
 * Compiles a filter to a query over the search form that is stored with each resource (`searchForm`).
 * Throws a `ScimError` `invalidFilter` for an attribute that no schema has or that can't be searched, and for an
 * operator that doesn't fit the type of the attribute.
 */
export function compileFilter(filter: Filter, context: CompileContext): Query {
  const read = context.memberships.get(filter);
  if (read !== undefined) return read;
  if (filter.op === '[]') return compileValuePath(filter, context);
  if (filter.op === 'pr') return compilePresence(filter.attrPath, context);
  return (
    compileLogic(filter, (each) => compileFilter(each, context)) ??
    compileComparison(filter as Comparison, context)
  );
}

/** Compiles `and`, `or` and `not`; null for any other filter. */
export function compileLogic(filter: Filter, compile: (filter: Filter) => Query): Query | null {
  if (filter.op === 'and') return { $and: filter.filters.map(compile) };
  if (filter.op === 'or') return { $or: filter.filters.map(compile) };
  return filter.op === 'not' ? { $nor: [compile(filter.filter)] } : null;
}

function compileValuePath(
  filter: Extract<Filter, { readonly op: '[]' }>,
  context: CompileContext,
): Query {
  const found = resolvePath(context.type, filter.attrPath);
  const subAttributes = found?.attribute.subAttributes;
  if (found === null || subAttributes === undefined || isApart(found.path)) {
    throw unsearchable(filter.attrPath);
  }
  const inner = compileInner(filter.valFilter, subAttributes);
  if (found.attribute.multiValued) {
    const list = `search.${found.path}`;
    // The element match implies these conditions; they let the database use the index on the values.
    const hints = valuesAskedFor(filter.valFilter).map((each) =>
      compileInner(each, subAttributes)(list),
    );
    return { $and: [...hints, { [list]: { $elemMatch: inner(null) } }] };
  }
  return inner(`search.${found.path}`);
}

/** The comparisons `value eq …` that every matching value must meet. */
function valuesAskedFor(filter: Filter): readonly Filter[] {
  if (filter.op === 'and') return filter.filters.flatMap(valuesAskedFor);
  return filter.op === 'eq' && filter.attrPath.toLowerCase() === 'value' ? [filter] : [];
}

/** Compiles a filter within one value: the keys are its sub-attributes, under `prefix` unless it is null. */
function compileInner(
  filter: Filter,
  attributes: readonly Attribute[],
): (prefix: string | null) => Query {
  return (prefix) => {
    const visit = (each: Filter): Query => {
      const joined = compileLogic(each, visit);
      if (joined !== null) return joined;
      const { attrPath } = each as Extract<Filter, { readonly attrPath: string }>;
      if (each.op === '[]') {
        throw badRequest('invalidFilter', 'A value filter can hold no other one.');
      }
      const attribute = attributeNamed(attributes, attrPath);
      if (attribute === undefined) throw unsearchable(attrPath);
      const key = prefix === null ? attribute.name : `${prefix}.${attribute.name}`;
      return each.op === 'pr'
        ? { [key]: { $exists: true } }
        : compare(key, attribute, each as Comparison);
    };
    return visit(filter);
  };
}

function compilePresence(path: string, { type }: CompileContext): Query {
  if (isSchemas(path)) return everything;
  const found = resolvePath(type, path);
  if (found === null || isApart(found.path)) throw unsearchable(path);
  if (found.path === 'id' || found.path.startsWith('meta.')) return everything;
  return { [`search.${found.path}`]: { $exists: true } };
}

function compileComparison(filter: Comparison, context: CompileContext): Query {
  const { attrPath, op, compValue } = filter;
  const { type } = context;
  if (isSchemas(attrPath)) return compileSchemas(type, filter);
  if (attrPath.toLowerCase() === 'meta.resourcetype' && op === 'eq') {
    return compValue === type ? everything : nothing;
  }
  const found = resolvePath(type, attrPath);
  if (found === null || isApart(found.path)) throw unsearchable(attrPath);
  if (found.path === 'id') return compare('_id', found.attribute, filter);
  if (found.path.startsWith('meta.')) return compareTime(found.path, filter);
  // A list without a sub-attribute means its values (RFC 7644, section 3.4.2.2).
  const value = attributeNamed(found.attribute.subAttributes ?? [], 'value');
  if (found.attribute.type !== 'complex') {
    return compare(`search.${found.path}`, found.attribute, filter);
  }
  if (value === undefined) throw unsearchable(attrPath);
  return compare(`search.${found.path}.value`, value, filter);
}

const isSchemas = (path: string): boolean => path.toLowerCase() === 'schemas';

/** The schemas that answers name: that of the core, the one with `standing`, and those of the pushed extensions. */
function compileSchemas(type: ResourceType, { op, compValue }: Comparison): Query {
  const wanted = typeof compValue === 'string' ? foldText(compValue) : '';
  if (op === 'ne')
    return { $nor: [compileSchemas(type, { attrPath: 'schemas', op: 'eq', compValue })] };
  if (op !== 'eq' && op !== 'co' && op !== 'sw' && op !== 'ew') throw unsearchable('schemas');
  const matches = (urn: string): boolean => compares(foldText(urn), op, wanted);
  if (matches(coreSchemaOf[type])) return everything;
  if (type === 'User' && matches(standingSchema)) return everything;
  if (type === 'User' && matches(enterpriseSchema)) {
    return { [`search.${enterpriseKey}`]: { $exists: true } };
  }
  // Extensions that no schema describes are keys in the stored JSON, where quotes within texts are escaped.
  const isUrn = op === 'eq' && wanted.startsWith('urn:');
  return isUrn ? { resource: { $regex: `"${escapeRegex(wanted)}":`, $options: 'i' } } : nothing;
}

const timeFields: Readonly<Record<string, string>> = {
  'meta.created': 'createdAt',
  'meta.lastModified': 'updatedAt',
};

/** The stored field of a resolved attribute path, such as `emails.value` or `meta.created`. */
export function storedField(path: string): string {
  if (path === 'id' || path === 'meta.location') return '_id';
  return timeFields[path] ?? `search.${path}`;
}

function compareTime(path: string, { op, compValue }: Comparison): Query {
  const field = timeFields[path];
  const time = new Date(typeof compValue === 'string' ? compValue : Number.NaN);
  const isOrder = op !== 'co' && op !== 'sw' && op !== 'ew';
  if (field === undefined || !isOrder || Number.isNaN(time.getTime())) throw unsearchable(path);
  return { [field]: { [orders[op]]: time } };
}

const orders = { eq: '$eq', ne: '$ne', gt: '$gt', ge: '$gte', lt: '$lt', le: '$lte' } as const;

export function compare(key: string, attribute: Attribute, { op, compValue }: Comparison): Query {
  if (compValue === null) return compareNull(key, op);
  const value = attribute.type === 'boolean' ? asFlag(compValue) : asText(attribute, compValue);
  if (value === null) {
    throw badRequest('invalidFilter', `${attribute.name} can't be compared with such a value.`);
  }
  if (typeof value === 'boolean') {
    if (op !== 'eq' && op !== 'ne') {
      throw badRequest('invalidFilter', `${attribute.name} is true or false: ${op} doesn't fit.`);
    }
    return { [key]: { [orders[op]]: value } };
  }
  if (op === 'co') return { [key]: { $regex: escapeRegex(value) } };
  if (op === 'sw') return { [key]: { $regex: `^${escapeRegex(value)}` } };
  if (op === 'ew') return { [key]: { $regex: `${escapeRegex(value)}$` } };
  return { [key]: { [orders[op]]: value } };
}

function compareNull(key: string, op: Comparison['op']): Query {
  if (op === 'eq') return { [key]: { $exists: false } };
  if (op === 'ne') return { [key]: { $exists: true } };
  throw badRequest('invalidFilter', `${op} doesn't fit null.`);
}

function asFlag(value: string | number | boolean): boolean | null {
  if (typeof value === 'boolean') return value;
  const text = String(value).toLowerCase();
  return text === 'true' || text === 'false' ? text === 'true' : null;
}

function asText({ caseExact }: Attribute, value: string | number | boolean): string | null {
  if (typeof value === 'boolean') return null;
  // MongoDB refuses a regular expression with a zero byte, and no stored text has one.
  const text = String(value).replaceAll('\0', '');
  return caseExact ? text : foldText(text);
}

export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Memberships are in another collection, and the location of a resource is not stored. */
const isApart = (path: string): boolean => /^(?:groups|members|meta\.location)(?:\.|$)/.test(path);

export function unsearchable(path: string): Error {
  const name = /^[\w.:$-]{1,100}$/.test(path) ? path : 'an attribute of the filter';
  return badRequest('invalidFilter', `${name} can't be searched for like this.`);
}
