import type { Model } from 'mongoose';
import type { MemberStore } from '../ports/members.ts';
import type { MemberDocument } from './models/member.model.ts';

type MemberGroups = Pick<
  MemberStore,
  'inGroup' | 'sourceIdsAmong' | 'groupSizes' | 'joinGroup' | 'leaveGroup'
>;

/** Who is in which group: source ids of groups on the members, found by an index. */
export function createMemberGroups(model: Model<MemberDocument>): MemberGroups {
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
      await model.updateMany(among, { $addToSet: { groups: group } });
    },
    async leaveGroup({ storeId, group }, externalIds) {
      const among = { storeId, externalId: { $in: [...externalIds] }, groups: group };
      await model.updateMany(among, { $pull: { groups: group } });
    },
  };
}
