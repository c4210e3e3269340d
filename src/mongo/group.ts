import type { Model } from 'mongoose';
import type { GroupStore } from '../ports/groups.ts';
import { type GroupDocument, toGroup } from './models/group.model.ts';
import { writeBatch } from './write-batch.ts';

/** The groups of directory stores in MongoDB. */
export function createGroupStore(model: Model<GroupDocument>): GroupStore {
  return {
    async list(storeId) {
      const of = storeId === undefined ? {} : ofStore(storeId);
      return (await model.find(of).sort({ _id: 1 }).lean<GroupDocument[]>()).map(toGroup);
    },
    async get(storeId, externalId) {
      const found = await model.findById(keyOf(storeId, externalId)).lean<GroupDocument>();
      return found === null ? null : toGroup(found);
    },
    async putMany(groups) {
      await writeBatch(
        model,
        groups.map((group) => {
          const _id = keyOf(group.storeId, group.externalId);
          return { replaceOne: { filter: { _id }, replacement: { _id, ...group }, upsert: true } };
        }),
      );
    },
    async removeMany(storeId, externalIds) {
      const $in = externalIds.map((externalId) => keyOf(storeId, externalId));
      await model.deleteMany({ _id: { $in } });
    },
  };
}

const keyOf = (storeId: string, externalId: string): string => `${storeId}.${externalId}`;

/** Matches all ids with the prefix `storeId.`: a slash follows the dot in the order. */
const ofStore = (storeId: string) => ({ _id: { $gte: `${storeId}.`, $lt: `${storeId}/` } });
