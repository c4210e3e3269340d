import mongoose from 'mongoose';
import type { ScimUser } from '../core/scim/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScimUserStore, ScimWrite } from '../ports/scim.ts';
import { coalesce } from './coalesce.ts';
import {
  type ScimModels,
  type ScimUserDocument,
  toScimUser,
  toUserDocument,
} from './models/scim.model.ts';
import { oneOf } from './one-of.ts';
import { membershipTerms } from './scim-membership-terms.ts';
import { type PlainRead, searchResources } from './search-resources.ts';
import { duplicateKeyCode, insertBatch, insertedOr, writeBatch } from './write-batch.ts';

const present = { removed: { $exists: false } };
const writesTogether = 100;

/** SCIM users in MongoDB. Every change is a compare-and-set on the version. */
export function createScimUserStore({
  clock,
  ...models
}: Pick<ScimModels, 'users' | 'groups' | 'memberships'> & {
  readonly clock: Clock;
}): ScimUserStore {
  const { users: model } = models;
  const findMany = (ids: readonly string[]) =>
    readUsers(model.find({ _id: { $in: [...ids] }, ...present }));
  const findOne = coalesce(async (ids: readonly string[]) => {
    const found = new Map((await findMany([...new Set(ids)])).map((user) => [user.id, user]));
    return ids.map((id) => found.get(id) ?? []);
  }, writesTogether);
  const insertOne = coalesce(async (users: readonly ScimUser[]) => {
    const { refused } = await insertBatch(model, users.map(toUserDocument));
    return users.map((_, at) => refused.get(at));
  }, writesTogether);
  const replaceOne = coalesce(
    (users: readonly ScimUser[]) => replaceMany(model, users, clock.now()),
    writesTogether,
  );
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
      return insertedOr(user, await insertOne(user));
    },
    replace: (user) => replaceOne(user),
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
      const [id] = ids;
      if (id === undefined) return [];
      const found = ids.length === 1 ? [await findOne(id)].flat() : await findMany(ids);
      return found.filter((user) => user.storeId === storeId);
    },
    after: (storeId, id, limit) =>
      readUsers(
        model
          .find({ storeId, ...present, ...(id !== null && { _id: { $gt: id } }) })
          .sort({ storeId: 1, _id: 1 })
          .limit(limit),
      ),
    count: (storeId) => model.countDocuments({ storeId, ...present }),
    async changedSince(storeId, since) {
      const found = await model
        .find({ storeId, updatedAt: { $gte: since } }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return found.map(({ _id }) => _id).sort();
    },
    async lastChangeAt(storeId) {
      const found = await model
        .findOne({ storeId }, { updatedAt: 1 })
        .sort({ storeId: -1, updatedAt: -1 })
        .lean<Pick<ScimUserDocument, 'updatedAt'>>();
      return found?.updatedAt ?? null;
    },
    linked: (storeId, { pulledIds, addresses }) =>
      readUsers(
        model.find({
          storeId,
          ...present,
          $or: [
            { pulledId: oneOf(pulledIds) },
            { 'search.emails.value': oneOf(addresses) },
            { 'search.userName': oneOf(addresses) },
          ],
        }),
      ),
    async link(id, pulledId) {
      await model.updateOne({ _id: id, ...present }, { $set: { pulledId } });
    },
    withAddress: (storeId, folded) =>
      readUsers(
        model
          .find({
            ...(storeId !== null && { storeId }),
            $or: [{ 'search.emails.value': oneOf(folded) }, { 'search.userName': oneOf(folded) }],
          })
          .sort({ _id: 1 }),
      ),
    async search(search) {
      const memberships = await membershipTerms(models, 'User', search);
      const context = { type: 'User', memberships, among: present } as const;
      return searchResources(model, search, { ...context, read: toScimUser });
    },
  };
}

async function readUsers(query: PlainRead): Promise<readonly ScimUser[]> {
  return (await query.lean<ScimUserDocument[]>()).map(toScimUser);
}

/** Compare-and-set replacements. Reads back which of them succeeded only when the count does not show it. */
async function replaceMany(
  model: ScimModels['users'],
  users: readonly ScimUser[],
  now: Date,
): Promise<readonly ScimWrite<ScimUser>[]> {
  const writes = users.map((user) => ({
    next: { ...user, version: user.version + 1, updatedAt: now },
    lastWrite: new mongoose.Types.ObjectId().toHexString(),
  }));
  const { matched, refused } = await writeBatch(
    model,
    writes.map(({ next, lastWrite }) => ({
      replaceOne: {
        filter: { _id: next.id, storeId: next.storeId, version: next.version - 1, ...present },
        replacement: { ...toUserDocument(next), lastWrite },
      },
    })),
  );
  if (matched === writes.length) return writes.map(({ next }) => next);
  const found = await model
    .find({ _id: { $in: users.map(({ id }) => id) } }, { lastWrite: 1 })
    .lean<Pick<ScimUserDocument, '_id' | 'lastWrite'>[]>();
  const standing = new Set(found.map(({ lastWrite }) => lastWrite));
  return writes.map(({ next, lastWrite }, at) => {
    const code = refused.get(at);
    if (code === duplicateKeyCode) return 'taken';
    if (code !== undefined) throw new Error(`the database refused the write (error ${code})`);
    return standing.has(lastWrite) ? next : 'changed';
  });
}
