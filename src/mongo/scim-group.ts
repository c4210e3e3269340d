import mongoose from 'mongoose';
import { nameKey } from '../core/same-name.ts';
import type { ScimGroup, ScimMembership } from '../core/scim/model.ts';
import { foldText } from '../core/scim/search-form.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScimGroupStore } from '../ports/scim.ts';
import { coalesce } from './coalesce.ts';
import {
  type ScimGroupDocument,
  type ScimMembershipDocument,
  type ScimModels,
  toGroupDocument,
  toScimGroup,
} from './models/scim.model.ts';
import { escapeRegex } from './scim-filter.ts';
import { membershipTerms } from './scim-membership-terms.ts';
import { type PlainRead, searchResources } from './search-resources.ts';
import { insertBatch, insertedOr, isDuplicateKey } from './write-batch.ts';

const readsTogether = 100;

type Parts = Pick<ScimModels, 'groups' | 'memberships'> & { readonly clock: Clock };

/**
 * SCIM groups in MongoDB. Each membership is a document of its own, so that a thousand of them are one batch and
 * concurrent changes of one group don't undo each other.
 */
export function createScimGroupStore(parts: Parts): ScimGroupStore {
  const { groups: model, clock } = parts;
  const memberships = createMemberships(parts);
  return {
    ...memberships,
    async insert({ storeId, resource }) {
      const now = clock.now();
      const group: ScimGroup = {
        id: new mongoose.Types.ObjectId().toHexString(),
        storeId,
        version: 1,
        resource,
        createdAt: now,
        updatedAt: now,
      };
      const { refused } = await insertBatch(model, [toGroupDocument(group)]);
      return insertedOr(group, refused.get(0));
    },
    async replace(group) {
      const { id: _id, storeId, version } = group;
      const next = { ...group, version: version + 1, updatedAt: clock.now() };
      try {
        const { matchedCount } = await model.replaceOne(
          { _id, storeId, version },
          toGroupDocument(next),
        );
        return matchedCount === 1 ? next : 'changed';
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken';
        throw error;
      }
    },
    async touch({ storeId, id, version }) {
      const document = await model
        .findOneAndUpdate(
          { _id: id, storeId, ...(version !== null && { version }) },
          { $inc: { version: 1 }, $set: { updatedAt: clock.now() } },
          { returnDocument: 'after' },
        )
        .lean<ScimGroupDocument>();
      return document === null ? null : toScimGroup(document);
    },
    async remove({ storeId, id, version }) {
      const { deletedCount } = await model.deleteOne({
        _id: id,
        storeId,
        ...(version !== null && { version }),
      });
      if (deletedCount === 0) return false;
      await parts.memberships.deleteMany(ofGroup(id));
      return true;
    },
    byIds: (storeId, ids) => readGroups(model.find({ _id: { $in: [...ids] }, storeId })),
    named: (storeId, ...names) =>
      readGroups(
        model
          .find({ storeId, 'search.displayName': { $in: names.map(foldText) } })
          .sort({ _id: 1 }),
      ),
    async namedLike(storeId, names) {
      if (names.length === 0) return [];
      const $or = names.map((name) => ({ 'search.displayName': { $regex: likeName(name) } }));
      const found = await readGroups(model.find({ storeId, $or }).sort({ _id: 1 }));
      const keys = new Set(names.map(nameKey));
      return found.filter(({ resource }) => keys.has(nameKey(String(resource['displayName']))));
    },
    async search(search) {
      const terms = await membershipTerms(parts, 'Group', search);
      const context = { type: 'Group', memberships: terms, among: {} } as const;
      return searchResources(model, search, { ...context, read: toScimGroup });
    },
  };
}

/** What `\s` is in JavaScript and not in the database. */
const blank = '[\\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]';

/** Matches the folded names that may be the same as `nameKey` compares them. */
function likeName(name: string): string {
  const words = foldText(nameKey(name)).split(' ').map(escapeRegex);
  return `^${blank}*${words.join(`${blank}+`)}${blank}*$`;
}

async function readGroups(query: PlainRead): Promise<readonly ScimGroup[]> {
  return (await query.lean<ScimGroupDocument[]>()).map(toScimGroup);
}

function createMemberships({
  memberships: model,
}: Parts): Pick<
  ScimGroupStore,
  | 'join'
  | 'leave'
  | 'membersAmong'
  | 'memberCount'
  | 'memberCounts'
  | 'members'
  | 'membershipsOf'
  | 'leaveAll'
> {
  const ofUsers = async (userIds: readonly string[]): Promise<readonly ScimMembership[]> => {
    const found = await model
      .find({ userId: { $in: [...userIds] } })
      .lean<ScimMembershipDocument[]>();
    return found.map(({ groupId, userId }) => ({ groupId, userId }));
  };
  const ofUser = coalesce(async (userIds: readonly string[]) => {
    const found = byUser(await ofUsers([...new Set(userIds)]));
    return userIds.map((userId) => found.get(userId) ?? []);
  }, readsTogether);
  return {
    async join({ id: groupId, storeId }, userIds) {
      const { refused } = await insertBatch(
        model,
        userIds.map((userId) => ({ _id: `${groupId}.${userId}`, storeId, groupId, userId })),
      );
      // A user that is in the group already is refused, which changes nothing.
      for (const code of refused.values()) insertedOr(null, code);
    },
    async leave(groupId, userIds) {
      if (userIds.length === 0) return;
      await model.deleteMany({ _id: { $in: userIds.map((userId) => `${groupId}.${userId}`) } });
    },
    async membersAmong(groupId, userIds) {
      if (userIds.length === 0) return [];
      const _id = { $in: userIds.map((userId) => `${groupId}.${userId}`) };
      const found = await model
        .find({ _id }, { userId: 1 })
        .lean<Pick<ScimMembershipDocument, 'userId'>[]>();
      return found.map(({ userId }) => userId);
    },
    async memberCounts(storeId, groupIds) {
      const counts = await model.aggregate<{ _id: string; users: number }>([
        { $match: { storeId, groupId: { $in: [...groupIds] } } },
        { $group: { _id: '$groupId', users: { $sum: 1 } } },
      ]);
      return new Map(counts.map(({ _id, users }) => [_id, users]));
    },
    memberCount: (groupId) => model.countDocuments(ofGroup(groupId)),
    async members(groupId, after, limit) {
      const from = after === null ? {} : { $gt: `${groupId}.${after}` };
      const found = await model
        .find({ _id: { ...ofGroup(groupId)._id, ...from } }, { userId: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Pick<ScimMembershipDocument, 'userId'>[]>();
      return found.map(({ userId }) => userId);
    },
    async membershipsOf(userIds) {
      const [userId] = userIds;
      if (userId === undefined) return [];
      return userIds.length === 1 ? ofUser(userId) : ofUsers(userIds);
    },
    async leaveAll(userId) {
      await model.deleteMany({ userId });
    },
  };
}

function byUser(
  memberships: readonly ScimMembership[],
): ReadonlyMap<string, readonly ScimMembership[]> {
  const found = new Map<string, ScimMembership[]>();
  for (const membership of memberships) {
    const present = found.get(membership.userId);
    if (present === undefined) found.set(membership.userId, [membership]);
    else present.push(membership);
  }
  return found;
}

/** Matches all ids with the prefix `groupId.`: a slash follows the dot in the order. */
const ofGroup = (groupId: string) => ({ _id: { $gte: `${groupId}.`, $lt: `${groupId}/` } });
