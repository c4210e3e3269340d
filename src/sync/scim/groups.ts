import { isObject, type JsonObject } from '../../core/model/source-user.ts';
import {
  type MembersChange,
  memberIds,
  noMembersChange,
  patchGroup as patched,
} from '../../core/scim/group-patch.ts';
import {
  checkBodySize,
  checkMemberCount,
  maxMembers,
  withinLimit,
} from '../../core/scim/limits.ts';
import type { ScimGroup } from '../../core/scim/model.ts';
import { isWanted, type Projection, presentGroup } from '../../core/scim/present.ts';
import { readPatch } from '../../core/scim/read-patch.ts';
import { readResource } from '../../core/scim/read-resource.ts';
import { spreadSchemas } from '../../core/scim/spread-schemas.ts';
import {
  type Answered,
  changedMeanwhile,
  findResource,
  nameTaken,
  type Operations,
  type ResourceRequest,
  type ScimContext,
  untilMade,
} from './context.ts';

const memberPageSize = 5000;

type AnsweredGroup = Answered<ScimGroup>;

/**
 * Stores a new group with its members. A group of the same name is updated instead, unless its `externalId` differs,
 * as JumpCloud expects: it gets the members that are pushed now.
 */
async function createGroup(
  context: ScimContext,
  body: unknown,
  projection: Projection,
): Promise<AnsweredGroup> {
  const { resource, members } = readGroup(body);
  const group = await untilMade(() => insertOrUpdate(context, resource));
  return change(context, { group, members: members ?? noMembersChange, projection });
}

/** Null when another request was stored first. */
async function insertOrUpdate(
  { storeId, scim }: ScimContext,
  resource: JsonObject,
): Promise<ScimGroup | null> {
  const { externalId, displayName } = resource;
  const named = await scim.groups.named(storeId, String(displayName));
  const present = named.find(({ resource: { externalId: other } }) => {
    return other === externalId || other === undefined || externalId === undefined;
  });
  const written =
    present === undefined
      ? await scim.groups.insert({ storeId, resource })
      : await scim.groups.replace({ ...present, resource: { ...present.resource, ...resource } });
  return written === 'taken' || written === 'changed' ? null : written;
}

/** Replaces a group. A body without `members` leaves them as they are. */
function replaceGroup(
  context: ScimContext,
  asked: ResourceRequest & { readonly body: unknown },
): Promise<AnsweredGroup> {
  const { resource, members } = readGroup(asked.body);
  return changeGroup(context, asked, () => ({ resource, members: members ?? noMembersChange }));
}

function patchGroup(
  context: ScimContext,
  asked: ResourceRequest & { readonly body: unknown },
): Promise<AnsweredGroup> {
  const steps = readPatch('Group', asked.body);
  return changeGroup(context, asked, ({ resource: before }) => {
    const { resource, members } = patched(before, steps);
    return { resource: withinLimit(resource), members };
  });
}

/** Removes a group and no user: the directory pushes each change of a user itself. */
async function deleteGroup(
  { storeId, scim, pusher }: ScimContext,
  { id, ifMatch }: Pick<ResourceRequest, 'id' | 'ifMatch'>,
): Promise<void> {
  const members = await untilMade(async () => {
    const { version } = await findResource('Group', scim.groups, { storeId, id, ifMatch });
    const before = await allMembers(scim, id);
    return (await scim.groups.remove({ storeId, id, version })) ? before : null;
  });
  await pusher.pushGroups(storeId, members);
}

async function getGroup(
  context: ScimContext,
  { id, projection }: Pick<ResourceRequest, 'id' | 'projection'>,
): Promise<AnsweredGroup> {
  const { storeId, scim } = context;
  const group = await findResource('Group', scim.groups, { storeId, id });
  return answer(context, group, projection);
}

export const groupOperations: Operations = {
  create: createGroup,
  get: getGroup,
  replace: replaceGroup,
  patch: patchGroup,
  remove: deleteGroup,
};

/** Groups as clients see them. */
export async function presentGroups(
  context: ScimContext,
  groups: readonly ScimGroup[],
  projection: Projection,
): Promise<readonly JsonObject[]> {
  const answered: JsonObject[] = [];
  for (const group of groups) answered.push((await answer(context, group, projection)).body);
  return answered;
}

function readGroup(body: unknown): {
  readonly resource: JsonObject;
  readonly members: MembersChange | null;
} {
  checkBodySize(body);
  const sent = isObject(body) ? Object.entries(spreadSchemas('Group', body)) : null;
  // Members are read separately: a group may have a great many.
  const own = sent?.filter(([key]) => !isMembers(key));
  const resource = withinLimit(readResource('Group', own && Object.fromEntries(own)));
  const given = sent?.find(([key]) => isMembers(key))?.[1];
  if (given === undefined || given === null) return { resource, members: null };
  const join = new Set(memberIds(given));
  checkMemberCount(join.size);
  return { resource, members: { clear: true, join, leave: new Set() } };
}

const isMembers = (key: string): boolean => /^members$/i.test(key);

async function changeGroup(
  context: ScimContext,
  { id, ifMatch, projection }: ResourceRequest,
  plan: (group: ScimGroup) => { readonly resource: JsonObject; readonly members: MembersChange },
): Promise<AnsweredGroup> {
  const { storeId, scim } = context;
  const changed = await untilMade(async () => {
    const before = await findResource('Group', scim.groups, { storeId, id, ifMatch });
    const { resource, members } = plan(before);
    await checkGrowth(context, before.id, members);
    const isSame = JSON.stringify(resource) === JSON.stringify(before.resource);
    const group = isSame
      ? await touch(context, { group: before, ifMatch, members })
      : await scim.groups.replace({ ...before, resource });
    if (group === 'taken') throw nameTaken('displayName');
    if (group === 'changed' && ifMatch !== null) throw changedMeanwhile();
    return group === 'changed' ? null : { group, members, isRenamed: !isSame };
  });
  return change(context, { ...changed, projection });
}

/** `ScimError` 413 when a change would leave a group with too many members. */
async function checkGrowth(
  { scim }: ScimContext,
  groupId: string,
  { clear, join, leave }: MembersChange,
): Promise<void> {
  checkMemberCount(join.size);
  if (clear || join.size === 0) return;
  if ((await scim.groups.memberCount(groupId)) + join.size <= maxMembers) return;
  const stay = (await allMembers(scim, groupId)).filter((id) => !leave.has(id));
  checkMemberCount(new Set([...stay, ...join]).size);
}

/** A change of members alone needs no version to start from: memberships are stored separately. */
async function touch(
  { storeId, scim }: ScimContext,
  about: {
    readonly group: ScimGroup;
    readonly ifMatch: string | null;
    readonly members: MembersChange;
  },
): Promise<ScimGroup | 'changed'> {
  const { group, ifMatch, members } = about;
  if (!members.clear && members.join.size + members.leave.size === 0) return group;
  const version = ifMatch === null ? null : group.version;
  return (await scim.groups.touch({ storeId, id: group.id, version })) ?? 'changed';
}

/** Writes which users join and leave, and plans them again. Ids of users that were never pushed are left out. */
async function change(
  context: ScimContext,
  about: {
    readonly group: ScimGroup;
    readonly members: MembersChange;
    readonly projection: Projection;
    readonly isRenamed?: boolean;
  },
): Promise<AnsweredGroup> {
  const { storeId, scim, pusher } = context;
  const { group, members, projection, isRenamed = false } = about;
  const { clear, join, leave } = members;
  const known = join.size === 0 ? new Map() : await scim.users.versions(storeId, [...join]);
  const joining = [...join].filter((id) => known.has(id));
  const before = clear || isRenamed ? await allMembers(scim, group.id) : [];
  const staying = new Set(joining);
  await scim.groups.leave(group.id, clear ? before.filter((id) => !staying.has(id)) : [...leave]);
  if (joining.length > 0) await scim.groups.join(group, joining);
  await pusher.pushGroups(storeId, [...new Set([...before, ...joining, ...leave])]);
  return answer(context, group, projection);
}

async function answer(
  { scim, baseUrl }: ScimContext,
  group: ScimGroup,
  projection: Projection,
): Promise<AnsweredGroup> {
  const members = isWanted(projection, 'members') ? await allMembers(scim, group.id) : null;
  return { resource: group, body: presentGroup(group, { baseUrl, members, projection }) };
}

async function allMembers(
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
