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
  const members = { clear: false, join: new Set<string>(), leave: new Set<string>() };
  for (const step of steps) if (isOfMembers(step)) changeMembers(members, step);
  return { resource: own.length === 0 ? resource : applyPatch('Group', resource, own), members };
}

const isOfMembers = ({ path }: PatchStep): boolean =>
  path.extension === null && path.name === 'members';

/** A change that one step after the other adds to. */
interface MembersDraft {
  clear: boolean;
  readonly join: Set<string>;
  readonly leave: Set<string>;
}

function changeMembers(draft: MembersDraft, { op, path, value }: PatchStep): void {
  if (path.filter !== null) {
    if (op !== 'remove' || path.sub !== null) {
      throw badRequest('mutability', 'A member of a group can be removed, and not changed.');
    }
    leave(draft, idsAskedFor(path.filter));
    return;
  }
  if (path.sub !== null && path.sub !== 'value') {
    throw badRequest('mutability', 'A member of a group can be removed, and not changed.');
  }
  if (op === 'remove') {
    if (value === undefined || value === null) clear(draft);
    else leave(draft, memberIds(value, true));
    return;
  }
  if (value === null) throw badRequest('invalidValue', 'members is no list of members.');
  const ids = memberIds(value, path.sub !== null);
  if (op === 'replace') clear(draft);
  for (const id of ids) {
    draft.join.add(id);
    draft.leave.delete(id);
  }
}

function clear(draft: MembersDraft): void {
  draft.clear = true;
  draft.join.clear();
  draft.leave.clear();
}

function leave(draft: MembersDraft, ids: readonly string[]): void {
  for (const id of ids) {
    draft.join.delete(id);
    draft.leave.add(id);
  }
}

/**
 * The ids of members as a request lists them: objects with a `value`, or, where they only leave, bare ids too.
 * `ScimError` `invalidValue`: another list would empty the group, since unknown ids are left out.
 */
export function memberIds(value: unknown, mayBeBare = false): readonly string[] {
  return [value].flat().map((member: unknown) => {
    const bare = mayBeBare ? member : undefined;
    const id = isObject(member) ? member['value'] : bare;
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
