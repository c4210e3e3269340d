import type { MembersChange } from '../../core/scim/group-patch.ts';
import { checkMemberCount } from '../../core/scim/limits.ts';
import type { ScimGroup } from '../../core/scim/model.ts';
import type { ScimContext } from './context.ts';

const memberPageSize = 5000;

/** The memberships that a change writes: only those that are not as it wants them. */
export interface Moves {
  readonly join: readonly string[];
  readonly leave: readonly string[];
  /** All users that the change concerns, also those that are as it wants them: an earlier push may have failed. */
  readonly concerned: readonly string[];
}

/**
 * What a change of members changes of the group as it is. Ids of users that were never pushed are left out.
 * `ScimError` 413 when it would leave the group with too many members.
 */
export async function movesOf(
  { storeId, scim }: ScimContext,
  groupId: string,
  { clear, join, leave }: MembersChange,
): Promise<Moves> {
  checkMemberCount(join.size);
  const known = join.size === 0 ? new Map() : await scim.users.versions(storeId, [...join]);
  const wanted = new Set([...join].filter((id) => known.has(id)));
  const before = clear
    ? await allMembers(scim, groupId)
    : await scim.groups.membersAmong(groupId, [...wanted, ...leave]);
  const present = new Set(before);
  const moves = {
    join: [...wanted].filter((id) => !present.has(id)),
    leave: before.filter((id) => (clear ? !wanted.has(id) : leave.has(id))),
    concerned: [...new Set([...before, ...wanted, ...leave])],
  };
  if (moves.join.length > 0) {
    const count = clear ? before.length : await scim.groups.memberCount(groupId);
    checkMemberCount(count + moves.join.length - moves.leave.length);
  }
  return moves;
}

/** A group that was changed, and all users that the change concerns. */
export interface WrittenGroup {
  readonly group: ScimGroup;
  readonly concerned: readonly string[];
}

export async function writeMoves(
  { scim: { groups } }: ScimContext,
  group: ScimGroup,
  { join, leave, concerned }: Moves,
): Promise<WrittenGroup> {
  await groups.leave(group.id, leave);
  if (join.length > 0) await groups.join(group, join);
  return { group, concerned };
}

export async function allMembers(
  { groups }: ScimContext['scim'],
  groupId: string,
): Promise<readonly string[]> {
  const all: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: readonly string[] = await groups.members(groupId, after, memberPageSize);
    all.push(...page);
    if (page.length < memberPageSize) return all;
    after = page.at(-1) ?? null;
  }
}
