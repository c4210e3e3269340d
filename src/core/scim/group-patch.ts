import { isObject, type JsonObject } from '../model/source-user.ts';
import { applyPatch } from './apply-patch.ts';
import type { Filter } from './parse-filter.ts';
import type { PatchStep } from './read-patch.ts';
import { badRequest } from './scim-error.ts';

/** How a request changes a group's members: first all leave if `clear`, then the listed ones join or leave. */
export interface MembersChange {
  readonly clear: boolean;
  readonly join: ReadonlySet<string>;
  readonly leave: ReadonlySet<string>;
}

export const noMembersChange: MembersChange = { clear: false, join: new Set(), leave: new Set() };

/**
 * Splits the patch of a group into its own attributes and the users that join and leave. A `remove` of `members` with
 * a list removes the listed ones, as JumpCloud and Microsoft Entra mean it; by RFC 7644 it would empty the group.
 */
export function patchGroup(
  resource: JsonObject,
  steps: readonly PatchStep[],
): { readonly resource: JsonObject; readonly members: MembersChange } {
  const own = steps.filter((step) => !isOfMembers(step));
  const members = steps.filter(isOfMembers).reduce(changeMembers, noMembersChange);
  return { resource: own.length === 0 ? resource : applyPatch('Group', resource, own), members };
}

const isOfMembers = ({ path }: PatchStep): boolean =>
  path.extension === null && path.name === 'members';

function changeMembers(before: MembersChange, { op, path, value }: PatchStep): MembersChange {
  if (path.filter !== null) {
    if (op !== 'remove' || path.sub !== null) {
      throw badRequest('mutability', 'A member of a group can be removed, and not changed.');
    }
    return leave(before, idsAskedFor(path.filter));
  }
  if (path.sub !== null && path.sub !== 'value') {
    throw badRequest('mutability', 'A member of a group can be removed, and not changed.');
  }
  if (op === 'remove') {
    return value === undefined || value === null ? empty : leave(before, memberIds(value));
  }
  if (value === null) throw badRequest('invalidValue', 'members is no list of members.');
  return join(op === 'replace' ? empty : before, memberIds(value));
}

const empty: MembersChange = { clear: true, join: new Set(), leave: new Set() };

function join(before: MembersChange, ids: readonly string[]): MembersChange {
  const without = new Set(before.leave);
  for (const id of ids) without.delete(id);
  return { ...before, join: new Set([...before.join, ...ids]), leave: without };
}

function leave(before: MembersChange, ids: readonly string[]): MembersChange {
  const without = new Set(before.join);
  for (const id of ids) without.delete(id);
  return { ...before, join: without, leave: new Set([...before.leave, ...ids]) };
}

/** The ids of members as a request lists them: objects with a `value`, or bare ids. `ScimError` `invalidValue`. */
export function memberIds(value: unknown): readonly string[] {
  return [value].flat().map((member: unknown) => {
    const id = isObject(member) ? member['value'] : member;
    if (typeof id === 'string' && id !== '') return id;
    throw badRequest('invalidValue', 'A member has no value, which is the id of a user.');
  });
}

/** `members[value eq "a"]`, or several of them joined by `or`. */
function idsAskedFor(filter: Filter): readonly string[] {
  if (filter.op === 'or') return filter.filters.flatMap(idsAskedFor);
  const isId =
    filter.op === 'eq' &&
    filter.attrPath.toLowerCase() === 'value' &&
    typeof filter.compValue === 'string';
  if (isId) return [filter.compValue as string];
  throw badRequest('invalidFilter', 'Members are chosen by their value: members[value eq "…"].');
}
