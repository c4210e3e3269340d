import type { Model } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { MemberStore } from '../ports/members.ts';
import { type MemberDocument, toMember } from './models/member.model.ts';

type MemberGroups = Pick<
  MemberStore,
  | 'inGroup'
  | 'sourceIdsAmong'
  | 'groupSizes'
  | 'joinGroup'
  | 'leaveGroup'
  | 'leftGroups'
  | 'roleHolders'
  | 'groupsWithRoles'
  | 'grantRole'
  | 'revokeRoles'
>;

/** Who is in which group: source ids of groups on the members, found by an index. */
export function createMemberGroups(model: Model<MemberDocument>, clock: Clock): MemberGroups {
  return {
    async inGroup({ storeId, group: groups, after, limit }) {
      const externalId = after === null ? { $exists: true } : { $gt: after };
      const found = await model
        .find({ storeId, groups, externalId }, { _id: 0, externalId: 1 })
        .sort({ storeId: 1, groups: 1, externalId: 1 })
        .limit(limit)
        // One answer contains them all; the driver would otherwise read 101 first.
        .batchSize(limit)
        .lean<Pick<MemberDocument, 'externalId'>[]>();
      return found.flatMap(({ externalId: id }) => id ?? []);
    },
    async sourceIdsAmong(storeId, externalIds) {
      const found = await model
        .find({ storeId, externalId: { $in: [...externalIds] } }, { _id: 0, externalId: 1 })
        .batchSize(externalIds.length + 1)
        .lean<Pick<MemberDocument, 'externalId'>[]>();
      return found.flatMap(({ externalId: id }) => id ?? []);
    },
    async groupSizes(storeId, groups) {
      const sizes = await Promise.all(
        groups.map((group) => model.countDocuments({ storeId, groups: group })),
      );
      return new Map(groups.map((group, at) => [group, sizes[at] ?? 0]));
    },
    async joinGroup({ storeId, group }, externalIds) {
      const among = { storeId, externalId: { $in: [...externalIds] }, groups: { $ne: group } };
      await model.updateMany(among, {
        $addToSet: { groups: group },
        $unset: { leftGroupsAt: '' },
      });
    },
    async leaveGroup({ storeId, group }, externalIds, noneLeft) {
      const among = { storeId, externalId: { $in: [...externalIds] } };
      await model.updateMany({ ...among, groups: group }, { $pull: { groups: group } });
      if (noneLeft === undefined) return;
      const left = { ...among, groups: { $nin: [...noneLeft] }, leftGroupsAt: { $exists: false } };
      await model.updateMany(left, { $set: { leftGroupsAt: clock.now() } });
    },
    async leftGroups(storeId) {
      const found = await model
        .find({ storeId, leftGroupsAt: { $exists: true } }, { _id: 0, externalId: 1 })
        .lean<Pick<MemberDocument, 'externalId'>[]>();
      return found.flatMap(({ externalId: id }) => id ?? []);
    },
    async roleHolders({ storeId, group, after, limit }) {
      const externalId = after === null ? { $exists: true } : { $gt: after };
      const found = await model
        .find({ storeId, 'roles.group': group, externalId })
        .sort({ storeId: 1, externalId: 1 })
        .limit(limit)
        .lean<MemberDocument[]>();
      return found.map(toMember);
    },
    async groupsWithRoles(storeId) {
      const filter = { storeId, roles: { $exists: true } };
      return (await model.distinct('roles.group', filter).exec()).map(String);
    },
    async grantRole({ storeId, group }, role, externalIds) {
      const among = { storeId, externalId: { $in: [...externalIds] }, status: 'active' as const };
      await model.updateMany(among, { $addToSet: { roles: { role, group } } });
    },
    async revokeRoles({ storeId, group }, externalIds) {
      const among = { storeId, externalId: { $in: [...externalIds] }, 'roles.group': group };
      await model.updateMany(among, { $pull: { roles: { group } } });
    },
  };
}
