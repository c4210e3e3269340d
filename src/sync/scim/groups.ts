import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../../core/model/source-user.ts';
import {
  type MembersChange,
  memberIds,
  noMembersChange,
  patchGroup as patched,
} from '../../core/scim/group-patch.ts';
import { checkBodySize, withinLimit } from '../../core/scim/limits.ts';
import type { ScimGroup } from '../../core/scim/model.ts';
import { isWanted, type Projection, presentGroup } from '../../core/scim/present.ts';
import { readPatch } from '../../core/scim/read-patch.ts';
import { readResource } from '../../core/scim/read-resource.ts';
import { foldText } from '../../core/scim/search-form.ts';
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
import { allMembers, movesOf, type WrittenGroup, writeMoves } from './group-members.ts';

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
  const { storeId, scim } = context;
  const { resource, members } = readGroup(body);
  const changed = await untilMade(`${storeId} ${nameOf(resource)}`, async () => {
    const present = await groupToUpdate(context, resource);
    if (present !== null) {
      const updated = { ...present.resource, ...resource };
      return write(context, { before: present, resource: updated, members, ifMatch: null });
    }
    const group = await scim.groups.insert({ storeId, resource });
    if (group === 'taken') return null;
    return writeMoves(context, group, await movesOf(context, group.id, members));
  });
  return apply(context, changed, projection);
}

const nameOf = ({ displayName }: JsonObject): string => foldText(String(displayName));

async function groupToUpdate(
  { storeId, scim }: ScimContext,
  { displayName, externalId }: JsonObject,
): Promise<ScimGroup | null> {
  const named = await scim.groups.named(storeId, String(displayName));
  const present = named.find(({ resource: { externalId: other } }) => {
    return other === externalId || other === undefined || externalId === undefined;
  });
  return present ?? null;
}

/** Replaces a group. A body without `members` leaves them as they are. */
function replaceGroup(
  context: ScimContext,
  asked: ResourceRequest & { readonly body: unknown },
): Promise<AnsweredGroup> {
  const { resource, members } = readGroup(asked.body);
  return changeGroup(context, asked, () => ({ resource, members }));
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
  const members = await untilMade(id, async () => {
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
  readonly members: MembersChange;
} {
  checkBodySize(body);
  const sent = isObject(body) ? Object.entries(spreadSchemas('Group', body)) : null;
  // Members are read separately: a group may have a great many.
  const own = sent?.filter(([key]) => !isMembers(key));
  const resource = withinLimit(readResource('Group', own && Object.fromEntries(own)));
  const given = sent?.find(([key]) => isMembers(key))?.[1];
  if (given === undefined || given === null) return { resource, members: noMembersChange };
  const join = new Set(memberIds(given));
  return { resource, members: { clear: true, join, leave: new Set() } };
}

const isMembers = (key: string): boolean => /^members$/i.test(key);

async function changeGroup(
  context: ScimContext,
  { id, ifMatch, projection }: ResourceRequest,
  plan: (group: ScimGroup) => { readonly resource: JsonObject; readonly members: MembersChange },
): Promise<AnsweredGroup> {
  const { storeId, scim } = context;
  const changed = await untilMade(id, async () => {
    const before = await findResource('Group', scim.groups, { storeId, id, ifMatch });
    return write(context, { before, ...plan(before), ifMatch });
  });
  return apply(context, changed, projection);
}

/** Null when another change was made first. A change that changes nothing is no new version. */
async function write(
  context: ScimContext,
  about: {
    readonly before: ScimGroup;
    readonly resource: JsonObject;
    readonly members: MembersChange;
    readonly ifMatch: string | null;
  },
): Promise<WrittenGroup | null> {
  const { before, resource, members, ifMatch } = about;
  const { storeId, scim } = context;
  const { id } = before;
  const moves = await movesOf(context, id, members);
  const { concerned } = moves;
  if (isDeepStrictEqual(resource, before.resource)) {
    if (moves.join.length + moves.leave.length === 0) return { group: before, concerned };
    // A change of members alone needs no version to start from: memberships are stored separately.
    const version = ifMatch === null ? null : before.version;
    const group = await scim.groups.touch({ storeId, id, version });
    if (group === null && ifMatch !== null) throw changedMeanwhile();
    return group === null ? null : writeMoves(context, group, moves);
  }
  // Criteria may name the group by its old name or its new one.
  const everyone = await allMembers(scim, id);
  const group = await scim.groups.replace({ ...before, resource });
  if (group === 'taken') throw nameTaken('displayName');
  if (group === 'changed' && ifMatch !== null) throw changedMeanwhile();
  if (group === 'changed') return null;
  return writeMoves(context, group, {
    ...moves,
    concerned: [...new Set([...everyone, ...concerned])],
  });
}

/** Plans all users again that a change concerned. */
async function apply(
  context: ScimContext,
  { group, concerned }: WrittenGroup,
  projection: Projection,
): Promise<AnsweredGroup> {
  await context.pusher.pushGroups(context.storeId, concerned);
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
