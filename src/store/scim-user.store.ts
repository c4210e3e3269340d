import mongoose from 'mongoose';
import type { ScimUser } from '../core/scim/model.ts';
import type { Clock, ScimUserStore } from '../sync/ports.ts';
import {
  type ScimModels,
  type ScimUserDocument,
  toScimUser,
  toUserDocument,
} from './models/scim.model.ts';
import { searchResources } from './search-resources.ts';
import { insertedOr, isDuplicateKey, writeBatch } from './write-batch.ts';

const present = { removed: { $exists: false } };

/** SCIM users in MongoDB. Every change is a compare-and-set on the version. */
export function createScimUserStore({
  users: model,
  clock,
}: Pick<ScimModels, 'users'> & { readonly clock: Clock }): ScimUserStore {
  return {
    async insert({ storeId, resource }) {
      const now = clock.now();
      const user: ScimUser = {
        id: new mongoose.Types.ObjectId().toHexString(),
        storeId,
        version: 1,
        resource,
        pulledId: null,
        createdAt: now,
        updatedAt: now,
      };
      const { refused } = await writeBatch(model, [
        { insertOne: { document: toUserDocument(user) } },
      ]);
      return insertedOr(user, refused.get(0));
    },
    async replace(user) {
      const { id: _id, storeId, version } = user;
      const next = { ...user, version: version + 1, updatedAt: clock.now() };
      try {
        const { matchedCount } = await model.replaceOne(
          { _id, storeId, version, ...present },
          toUserDocument(next),
        );
        return matchedCount === 1 ? next : 'changed';
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken';
        throw error;
      }
    },
    async remove({ storeId, id, version }) {
      const found = await model
        .findOne({ _id: id, storeId, ...present, ...(version !== null && { version }) })
        .lean<ScimUserDocument>();
      if (found === null) return false;
      const removed: ScimUserDocument = {
        _id: id,
        storeId,
        version: found.version + 1,
        removed: true,
        createdAt: found.createdAt,
        updatedAt: clock.now(),
      };
      const { matchedCount } = await model.replaceOne(
        { _id: id, version: found.version, ...present },
        removed,
      );
      return matchedCount === 1;
    },
    async removed(storeId, ids) {
      const found = await model
        .find({ _id: { $in: [...ids] }, storeId, removed: true }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return found.map(({ _id }) => _id);
    },
    async versions(storeId, ids) {
      const found = await model
        .find({ _id: { $in: [...ids] }, storeId, ...present }, { version: 1 })
        .lean<Pick<ScimUserDocument, '_id' | 'version'>[]>();
      return new Map(found.map(({ _id, version }) => [_id, version]));
    },
    async byIds(storeId, ids) {
      const found = await model
        .find({ _id: { $in: [...ids] }, storeId, ...present })
        .lean<ScimUserDocument[]>();
      return found.map(toScimUser);
    },
    async after(storeId, id, limit) {
      const found = await model
        .find({ storeId, ...present, ...(id !== null && { _id: { $gt: id } }) })
        .sort({ storeId: 1, _id: 1 })
        .limit(limit)
        .lean<ScimUserDocument[]>();
      return found.map(toScimUser);
    },
    count: (storeId) => model.countDocuments({ storeId, ...present }),
    async changedSince(storeId, since) {
      const found = await model
        .find({ storeId, updatedAt: { $gte: since } }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return found.map(({ _id }) => _id).sort();
    },
    async linked(storeId, { pulledIds, addresses }) {
      const found = await model
        .find({
          storeId,
          ...present,
          $or: [
            { pulledId: { $in: [...pulledIds] } },
            { 'search.emails.value': { $in: [...addresses] } },
            { 'search.userName': { $in: [...addresses] } },
          ],
        })
        .lean<ScimUserDocument[]>();
      return found.map(toScimUser);
    },
    async link(id, pulledId) {
      await model.updateOne({ _id: id, ...present }, { $set: { pulledId } });
    },
    async withAddress(storeId, folded) {
      const found = await model
        .find({
          ...(storeId !== null && { storeId }),
          $or: [{ 'search.emails.value': folded }, { 'search.userName': folded }],
        })
        .sort({ _id: 1 })
        .lean<ScimUserDocument[]>();
      return found.map(toScimUser);
    },
    async search(search) {
      const { total, documents } = await searchResources(model, search, present);
      return { total, resources: documents.map(toScimUser) };
    },
  };
}
