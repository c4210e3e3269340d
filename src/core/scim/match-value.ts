import type { JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import type { Comparison, Filter } from './parse-filter.ts';
import { badRequest } from './scim-error.ts';
import { foldText } from './search-form.ts';

/** Whether one value of a list matches the filter of a path. `ScimError` `invalidFilter` for unknown attributes. */
export function matchesFilter(
  filter: Filter,
  value: JsonObject,
  attributes: readonly Attribute[],
): boolean {
  if (filter.op === 'and') {
    return filter.filters.every((each) => matchesFilter(each, value, attributes));
  }
  if (filter.op === 'or') {
    return filter.filters.some((each) => matchesFilter(each, value, attributes));
  }
  if (filter.op === 'not') return !matchesFilter(filter.filter, value, attributes);
  if (filter.op === '[]') {
    throw badRequest('invalidFilter', 'A value filter can hold no other one.');
  }
  const attribute = attributeNamed(attributes, filter.attrPath);
  if (attribute === undefined) {
    throw badRequest('invalidFilter', 'The filter asks for an attribute that is not there.');
  }
  const actual = value[attribute.name];
  return filter.op === 'pr'
    ? actual !== undefined
    : compares(attribute, actual, filter.op, filter.compValue);
}

function compares(
  attribute: Attribute,
  actual: unknown,
  op: Comparison['op'],
  wanted: Comparison['compValue'],
): boolean {
  const left = comparable(attribute, actual ?? (attribute.type === 'boolean' ? false : null));
  const right = comparable(attribute, wanted);
  if (op === 'eq') return left === right;
  if (op === 'ne') return left !== right;
  if (left === null || right === null) return false;
  switch (op) {
    case 'co':
      return left.includes(right);
    case 'sw':
      return left.startsWith(right);
    case 'ew':
      return left.endsWith(right);
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
  }
}

/** Booleans compare as text too, because some clients send them as text. */
function comparable({ caseExact, type }: Attribute, value: unknown): string | null {
  if (value === null || typeof value === 'object' || value === undefined) return null;
  const text = `${value as string | number | boolean}`;
  return caseExact && type !== 'boolean' ? text : foldText(text);
}
