import mongoose, { type Model } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { ScimTokenStore } from '../ports/scim.ts';
import { coalesce } from './coalesce.ts';
import type { ScimTokenDocument } from './models/scim.model.ts';
import { hashOf, makeSecret } from './token-secret.ts';

const secretPrefix = 'rcs_';
const lookupsTogether = 100;

/** SCIM tokens in MongoDB. Only the hash of a secret is stored. */
export function createScimTokenStore(
  model: Model<ScimTokenDocument>,
  clock: Clock,
): ScimTokenStore {
  const byHash = coalesce(async (hashes: readonly string[]) => {
    const found = await model
      .find({ hash: { $in: [...new Set(hashes)] } })
      .lean<ScimTokenDocument[]>();
    return hashes.map((hash) => found.find((each) => each.hash === hash));
  }, lookupsTogether);
  return {
    async issue(storeId, overlapMs) {
      const secret = makeSecret(secretPrefix);
      const now = clock.now();
      const endsAt = new Date(now.getTime() + overlapMs);
      const _id = new mongoose.Types.ObjectId().toHexString();
      // Create the new token first: after a crash in between, the directory can still push.
      await model.create({ _id, storeId, hash: hashOf(secret), createdAt: now });
      const others = { storeId, _id: { $ne: _id } };
      if (overlapMs === 0) await model.deleteMany(others);
      else {
        await model.updateMany(
          { ...others, $or: [{ endsAt: { $exists: false } }, { endsAt: { $gt: endsAt } }] },
          { $set: { endsAt } },
        );
      }
      return secret;
    },
    async storeOf(secret) {
      if (!secret.startsWith(secretPrefix)) return null;
      const document = await byHash(hashOf(secret));
      if (document === undefined) return null;
      const isOver = document.endsAt !== undefined && document.endsAt <= clock.now();
      return isOver ? null : document.storeId;
    },
  };
}
