import { isObject, type JsonObject } from '../model/source-user.ts';
import { type Attribute, attributeNamed } from './attribute.ts';
import {
  attributesOf,
  enterpriseAttributes,
  enterpriseSchema,
  type ResourceType,
  standingSchema,
} from './schemas.ts';
import { badRequest } from './scim-error.ts';
import { isUnassigned, spreadSchemas } from './spread-schemas.ts';

/** The longest name or address, which is a key of an index. */
const longestKey = 512;
const keys = new Set(['userName', 'externalId', 'displayName']);
/** Attributes that the server sets or never stores. */
const ignored = new Set([
  'schemas',
  'id',
  'meta',
  'groups',
  'password',
  standingSchema.toLowerCase(),
]);

/**
 * Reads a user or group as a client sent it: attribute names in their own letters, values of their own types, without
 * blanks and without attributes that only the server sets. Attributes without a schema stay as they came. A blank
 * `active` says nothing: the user keeps the one it has, and a new user is active.
 * `ScimError` `invalidSyntax` or `invalidValue`.
 */
export function readResource(
  type: ResourceType,
  body: unknown,
  activeBefore: unknown = true,
): JsonObject {
  if (!isObject(body)) throw badRequest('invalidSyntax', 'The body is not a JSON object.');
  const entries = Object.entries(spreadSchemas(type, body)).flatMap(([name, value]) =>
    readEntry(type, name, value),
  );
  const resource = Object.fromEntries(entries);
  const required = attributesOf[type].find((attribute) => attribute.required);
  if (required !== undefined && resource[required.name] === undefined) {
    throw badRequest('invalidValue', `${required.name} is missing or empty.`);
  }
  return type === 'User' && resource['active'] === undefined
    ? { ...resource, active: activeBefore }
    : resource;
}

function readEntry(type: ResourceType, name: string, value: unknown): [string, unknown][] {
  if (ignored.has(name.toLowerCase())) return [];
  const isEnterprise = type === 'User' && name.toLowerCase() === enterpriseSchema.toLowerCase();
  if (isEnterprise) {
    const read = readComplex(enterpriseSchema, enterpriseAttributes, value);
    return read === undefined ? [] : [[enterpriseSchema, read]];
  }
  const attribute = attributeNamed(attributesOf[type], name);
  if (attribute === undefined) {
    const isExtension = name.startsWith('urn:') && !isUnassigned(value);
    if (isExtension && !isObject(value)) throw wrongType(name);
    return isBlank(value) ? [] : [[name, value]];
  }
  const read = readValue(attribute, value);
  return read === undefined ? [] : [[attribute.name, read]];
}

/** A value of an attribute in its own type; undefined when it is blank. `ScimError` `invalidValue` for another type. */
export function readValue(attribute: Attribute, value: unknown): unknown {
  if (!attribute.multiValued) return readSingle(attribute, value);
  if (isUnassigned(value)) return undefined;
  const values = [value].flat().flatMap((each) => readSingle(attribute, each) ?? []);
  return values.length === 0 ? undefined : withOnePrimary(values);
}

/** One entry of a list, or a single value. */
export function readSingle(attribute: Attribute, value: unknown): unknown {
  const { name, type, subAttributes } = attribute;
  if (type === 'complex' && subAttributes !== undefined) {
    // Microsoft Entra ID sends the id of a manager alone.
    const isId = name === 'manager' && (typeof value === 'string' || typeof value === 'number');
    return readComplex(name, subAttributes, isId ? { value } : value);
  }
  if (isBlank(value)) return undefined;
  if (type === 'boolean') return readFlag(name, value);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw badRequest('invalidValue', `${name} is not a single value.`);
  }
  const read = String(value);
  if (keys.has(name) && read.length > longestKey) {
    throw badRequest('invalidValue', `${name} is longer than ${longestKey} characters.`);
  }
  return read.trim() === '' ? undefined : read;
}

function readComplex(
  name: string,
  attributes: readonly Attribute[],
  value: unknown,
): JsonObject | undefined {
  if (isUnassigned(value)) return undefined;
  if (!isObject(value)) throw wrongType(name);
  const keys = Object.keys(value);
  // Taken for blank, such a value would remove the one that is there.
  if (keys.length > 0 && keys.every((key) => attributeNamed(attributes, key) === undefined)) {
    throw badRequest('invalidValue', `A value of ${name} has none of its attributes.`);
  }
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    const attribute = attributeNamed(attributes, key);
    const read = attribute === undefined ? undefined : readValue(attribute, each);
    return attribute === undefined || read === undefined ? [] : [[attribute.name, read]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Some clients send a boolean as text, in letters of any case. */
function readFlag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : null;
  if (text === 'true' || text === 'false') return text === 'true';
  throw badRequest('invalidValue', `${name} is neither true nor false.`);
}

/** Only one value is primary (RFC 7643, section 2.4): the one named last. */
function withOnePrimary(values: readonly unknown[]): readonly unknown[] {
  const last = values.findLastIndex((value) => isObject(value) && value['primary'] === true);
  return values.map((value, at) =>
    isObject(value) && value['primary'] === true && at !== last
      ? { ...value, primary: false }
      : value,
  );
}

function wrongType(name: string): Error {
  return badRequest('invalidValue', `${name} is not an object.`);
}

/** An empty text is no value either, where a text is expected. */
function isBlank(value: unknown): boolean {
  return value === '' || isUnassigned(value);
}
