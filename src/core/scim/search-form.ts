import { isObject, type JsonObject } from '../model/source-user.ts';
import type { Attribute } from './attribute.ts';
import {
  attributesOf,
  enterpriseAttributes,
  enterpriseSchema,
  type ResourceType,
} from './schemas.ts';

/** The key of the enterprise attributes in the search form: their URN is no key of a database. */
export const enterpriseKey = 'enterprise';

/**
 * Folds a text that is not case-exact, for comparison. A text with more combining marks in a row than Unicode's
 * stream-safe format allows stays as it is: sorting the marks takes quadratic time.
 */
export function foldText(text: string): string {
  return (/\p{M}{31}/u.test(text) ? text : text.normalize('NFC')).toLowerCase();
}

/**
 * The attributes that filters and sorting use: those of the schemas, with texts folded unless they are case-exact.
 * Memberships are stored separately.
 */
export function searchForm(type: ResourceType, resource: JsonObject): JsonObject {
  const core = pick(
    attributesOf[type].filter(({ name }) => name !== 'groups' && name !== 'members'),
    resource,
  );
  const extension = resource[enterpriseSchema];
  return type === 'User' && isObject(extension)
    ? { ...core, [enterpriseKey]: pick(enterpriseAttributes, extension) }
    : core;
}

function pick(attributes: readonly Attribute[], from: JsonObject): JsonObject {
  return Object.fromEntries(
    attributes.flatMap((attribute): [string, unknown][] => {
      const value = from[attribute.name];
      return value === undefined ? [] : [[attribute.name, fold(attribute, value)]];
    }),
  );
}

function fold(attribute: Attribute, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => fold(attribute, each));
  if (attribute.subAttributes !== undefined && isObject(value)) {
    return pick(attribute.subAttributes, value);
  }
  return typeof value === 'string' && !attribute.caseExact ? foldText(value) : value;
}
