import type { JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import type { Comparison, Filter } from './parse-filter.ts';
import { badRequest } from './scim-error.ts';
import { foldText } from './search-form.ts';

/**
 * The text of a value's attribute as filters compare it; null when it has none. `weight`: how often the comparison may
 * have to read the text.
 */
export type TextOf = (value: JsonObject, attribute: Attribute, weight: number) => string | null;

/**
 * Whether one value of a list matches the filter of a path, as a function: what the filter names is looked up once.
 * `ScimError` `invalidFilter` for unknown attributes.
 */
export function valueTest(
  filter: Filter,
  attributes: readonly Attribute[],
  textOf: TextOf,
): (value: JsonObject) => boolean {
  if (filter.op === 'and' || filter.op === 'or') {
    const tests = filter.filters.map((each) => valueTest(each, attributes, textOf));
    return filter.op === 'and'
      ? (value) => tests.every((test) => test(value))
      : (value) => tests.some((test) => test(value));
  }
  if (filter.op === 'not') {
    const test = valueTest(filter.filter, attributes, textOf);
    return (value) => !test(value);
  }
  if (filter.op === '[]') {
    throw badRequest('invalidFilter', 'A value filter can hold no other one.');
  }
  const attribute = attributeNamed(attributes, filter.attrPath);
  if (attribute === undefined) {
    throw badRequest('invalidFilter', 'The filter asks for an attribute that is not there.');
  }
  if (filter.op === 'pr') return (value) => value[attribute.name] !== undefined;
  const { op } = filter;
  const wanted = comparable(attribute, filter.compValue);
  // In the worst case, a search looks at much of the wanted text at every character.
  const weight = op === 'co' ? 1 + (wanted?.length ?? 0) / 8 : 1;
  return (value) => compares(textOf(value, attribute, weight), op, wanted);
}

/** Whether a text meets a comparison; null is no text. */
export function compares(left: string | null, op: Comparison['op'], right: string | null): boolean {
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
export function comparable({ caseExact, type }: Attribute, value: unknown): string | null {
  if (value === null || typeof value === 'object' || value === undefined) return null;
  const text = `${value as string | number | boolean}`;
  return caseExact && type !== 'boolean' ? text : foldText(text);
}
