import { isObject, type JsonObject } from '../model/source-user.ts';
import { ScimError } from './scim-error.ts';

/** The largest body: the members of a group, or a bulk of users. */
export const maxPayloadBytes = 2 * 1024 * 1024;
/** The largest user or group, members apart, as JSON in UTF-8. */
export const maxResourceBytes = 64 * 1024;
export const maxMembers = 20_000;
export const maxBulkOperations = 1000;
export const maxPatchOperations = 5000;
/** An operation without a path changes each attribute that its value has. */
export const maxPatchSteps = 20_000;
/** The most results of a page, */
export const maxResults = 1000;
/** and its size: a page ends before the resource that would exceed it. */
export const maxPageBytes = 8 * 1024 * 1024;
/** The requests of one store that are answered at a time, and that are accepted in a second. */
export const maxInFlight = 200;
export const maxPerSecond = 500;

/** A resource that is small enough to be stored; `ScimError` 413 for any other. */
export function withinLimit(resource: JsonObject): JsonObject {
  if (Buffer.byteLength(JSON.stringify(resource)) <= maxResourceBytes) return resource;
  throw resourceTooLarge();
}

/**
 * Refuses a body before it is read when it is too large even without what is never stored with it: a client may send
 * back the groups that an answer contained.
 */
export function checkBodySize(body: unknown): void {
  if (!isObject(body)) return;
  const stored = Object.entries(body).filter(([name]) => !/^(?:groups|members)$/i.test(name));
  withinLimit(Object.fromEntries(stored));
}

/** The shortest value of a list as JSON, with its comma: `{"type":"a"},`. */
const shortestValue = 13;

/** Refuses a list that no resource within the limit can have, before it grows further. */
export function checkValueCount(count: number): void {
  if (count > maxResourceBytes / shortestValue) throw resourceTooLarge();
}

/** `ScimError` 413 for more members than a group may have. */
export function checkMemberCount(count: number): void {
  if (count > maxMembers) throw tooLarge(`A group has at most ${maxMembers} members.`);
}

function resourceTooLarge(): ScimError {
  return tooLarge(`A resource has at most ${maxResourceBytes} bytes as JSON, members apart.`);
}

/** RFC 7644 has no keyword for this status. */
function tooLarge(message: string): ScimError {
  return new ScimError(413, null, message);
}
