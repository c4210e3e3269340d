import { isObject, type JsonObject } from '../model/source-user.ts';
import { splitSchema } from './patch-path.ts';
import type { ResourceType } from './schemas.ts';
import { badRequest } from './scim-error.ts';

/**
 * The attributes of a body, each where it belongs: some clients put those of the core under the URN of their schema, or
 * name single ones by whole paths such as `urn:…:User:active`. `ScimError` `invalidValue`.
 */
export function spreadSchemas(type: ResourceType, body: JsonObject): JsonObject {
  return Object.fromEntries(spread(type, body, new Map()));
}

type Spread = Map<string, unknown>;

function spread(type: ResourceType, body: JsonObject, into: Spread): Spread {
  for (const [key, value] of Object.entries(body)) {
    const { extension, rest } = splitSchema(type, key) ?? { extension: null, rest: key };
    if (extension !== null) merge(into, extension, rest === null ? value : { [rest]: value });
    else if (rest !== null) into.set(rest, value);
    else if (isObject(value)) spread(type, value, into);
    else if (!isUnassigned(value)) {
      throw badRequest('invalidValue', 'The value of a schema is an object of attributes.');
    }
  }
  return into;
}

function merge(into: Spread, extension: string, value: unknown): void {
  const before = into.get(extension);
  into.set(extension, isObject(before) && isObject(value) ? { ...before, ...value } : value);
}

/** Null and an empty list mean that there is no value (RFC 7643, section 2.5). */
export function isUnassigned(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
