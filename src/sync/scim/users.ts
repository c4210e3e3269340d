import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../core/model/source-user.ts';
import { applyPatch } from '../../core/scim/apply-patch.ts';
import { checkBodySize, withinLimit } from '../../core/scim/limits.ts';
import type { ScimUser } from '../../core/scim/model.ts';
import { isWanted, type Projection, presentUser } from '../../core/scim/present.ts';
import { readPatch } from '../../core/scim/read-patch.ts';
import { readResource } from '../../core/scim/read-resource.ts';
import { standingSchema } from '../../core/scim/schemas.ts';
import type { PushOutcomes, ReadAhead } from '../push/push-service.ts';
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

type AnsweredUser = Answered<ScimUser>;

/** Stores a new user and plans its member. `ScimError` 409 when the user name is taken. */
export async function createUser(
  context: ScimContext,
  body: unknown,
  projection: Projection,
): Promise<AnsweredUser> {
  const { storeId, scim, pusher } = context;
  const resource = readUser(body);
  const [user, ahead] = await Promise.all([
    scim.users.insert({ storeId, resource }),
    pusher.readAhead(storeId, []),
  ]);
  if (user === 'taken') throw nameTaken('userName');
  const outcomes = await pusher.push(storeId, [user.id], writtenSince(ahead, user));
  // A new user is in no group yet.
  return answer(context, { user, outcomes, groupsOf: new Map(), projection });
}

/** Replaces all attributes but those that only the server sets. A body that says nothing of `active` leaves it. */
export function replaceUser(
  context: ScimContext,
  asked: ResourceRequest & { readonly body: unknown },
): Promise<AnsweredUser> {
  return changeUser(context, asked, ({ resource }) => readUser(asked.body, resource['active']));
}

function readUser(body: unknown, activeBefore?: unknown): JsonObject {
  checkBodySize(body);
  return withinLimit(readResource('User', body, activeBefore));
}

export function patchUser(
  context: ScimContext,
  asked: ResourceRequest & { readonly body: unknown },
): Promise<AnsweredUser> {
  const steps = readPatch('User', asked.body);
  return changeUser(context, asked, ({ resource }) =>
    withinLimit(applyPatch('User', resource, steps)),
  );
}

/** The user is gone from then on: the source itself says so. */
export async function deleteUser(
  { storeId, scim, pusher }: ScimContext,
  { id, ifMatch }: Pick<ResourceRequest, 'id' | 'ifMatch'>,
): Promise<void> {
  await untilMade(id, async () => {
    const { version } = await findResource('User', scim.users, { storeId, id, ifMatch });
    return (await scim.users.remove({ storeId, id, version })) || null;
  });
  await scim.groups.leaveAll(id);
  await pusher.push(storeId, [id]);
}

async function changeUser(
  context: ScimContext,
  { id, ifMatch, projection }: ResourceRequest,
  change: (user: ScimUser) => JsonObject,
): Promise<AnsweredUser> {
  const { storeId, scim, pusher } = context;
  const changeAndPush = async () => {
    const { user, ahead } = await untilMade(id, async () => {
      const read = await pusher.readAhead(storeId, [id]);
      const users = read === null ? scim.users : { byIds: async () => read.users };
      const before = await findResource('User', users, { storeId, id, ifMatch });
      const resource = change(before);
      if (isDeepStrictEqual(resource, before.resource)) return { user: before, ahead: read };
      const written = await scim.users.replace({ ...before, resource });
      if (written === 'taken') throw nameTaken('userName');
      if (written === 'changed' && ifMatch !== null) throw changedMeanwhile();
      return written === 'changed' ? null : { user: written, ahead: writtenSince(read, written) };
    });
    // Push an unchanged user too: an earlier push may have been stored and not applied.
    return { user, outcomes: await pusher.push(storeId, [id], ahead) };
  };
  const [changed, groupsOf] = await Promise.all([
    changeAndPush(),
    readGroups(context, [id], projection),
  ]);
  return answer(context, { ...changed, groupsOf, projection });
}

/** What was read ahead of a push, with the user that the request has written since then. */
function writtenSince(ahead: ReadAhead | null, user: ScimUser): ReadAhead | null {
  return ahead && { ...ahead, users: [user], isWrittenSince: true };
}

async function getUser(
  context: ScimContext,
  { id, projection }: Pick<ResourceRequest, 'id' | 'projection'>,
): Promise<AnsweredUser> {
  const { storeId, scim } = context;
  const user = await findResource('User', scim.users, { storeId, id });
  const [body] = await presentUsers(context, [user], projection);
  return { resource: user, body: body ?? {} };
}

export const userOperations: Operations = {
  create: createUser,
  get: getUser,
  replace: replaceUser,
  patch: patchUser,
  remove: deleteUser,
};

/** Users as clients see them, with their groups and outcomes. */
export async function presentUsers(
  context: ScimContext,
  users: readonly ScimUser[],
  projection: Projection,
): Promise<readonly JsonObject[]> {
  const ids = users.map(({ id }) => id);
  const [groupsOf, outcomes] = await Promise.all([
    readGroups(context, ids, projection),
    isWanted(projection, standingSchema)
      ? context.pusher.outcomesOf(context.storeId, ids)
      : (new Map() as PushOutcomes),
  ]);
  return users.map((user) => answer(context, { user, outcomes, groupsOf, projection }).body);
}

type GroupsOf = ReadonlyMap<string, readonly { readonly id: string; readonly name: string }[]>;

async function readGroups(
  { storeId, scim }: ScimContext,
  ids: readonly string[],
  projection: Projection,
): Promise<GroupsOf> {
  if (ids.length === 0 || !isWanted(projection, 'groups')) return new Map();
  const memberships = await scim.groups.membershipsOf(ids);
  const groupIds = [...new Set(memberships.map(({ groupId }) => groupId))];
  const groups = groupIds.length === 0 ? [] : await scim.groups.byIds(storeId, groupIds);
  const nameOf = new Map(groups.map(({ id, resource }) => [id, String(resource['displayName'])]));
  const found = new Map<string, { readonly id: string; readonly name: string }[]>();
  for (const { groupId, userId } of memberships) {
    const name = nameOf.get(groupId);
    if (name === undefined) continue;
    const joined = found.get(userId);
    if (joined === undefined) found.set(userId, [{ id: groupId, name }]);
    else joined.push({ id: groupId, name });
  }
  return found;
}

function answer(
  { baseUrl }: ScimContext,
  about: {
    readonly user: ScimUser;
    readonly outcomes: PushOutcomes;
    readonly groupsOf: GroupsOf;
    readonly projection: Projection;
  },
): AnsweredUser {
  const { user, outcomes, groupsOf, projection } = about;
  const groups = groupsOf.get(user.id) ?? null;
  const standing = outcomes.get(user.id) ?? null;
  return { resource: user, body: presentUser(user, { baseUrl, groups, standing, projection }) };
}
