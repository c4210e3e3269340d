import mongoose, { type Model } from 'mongoose';
import { Conflict } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScimTokenStore } from '../ports/scim.ts';
import { coalesce } from './coalesce.ts';
import { type ScimTokenDocument, toScimToken } from './models/scim.model.ts';
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
    async issue(storeId, overlapMs, expiresAt) {
      const secret = makeSecret(secretPrefix);
      const now = clock.now();
      const endsAt = new Date(now.getTime() + overlapMs);
      const _id = new mongoose.Types.ObjectId().toHexString();
      const turn = (await lastTurn(storeId)) + 1;
      // Create the new token first: after a crash in between, the directory can still push.
      const made = { _id, storeId, hash: hashOf(secret), turn, createdAt: now };
      await model.create({ ...made, ...(expiresAt !== undefined && { expiresAt }) });
      const later = [{ turn: { $gt: turn } }, { turn, _id: { $gt: _id } }];
      if ((await model.exists({ storeId, $or: later })) !== null) {
        await model.deleteOne({ _id });
        throw new Conflict('Another SCIM token of this store was made at the same time.', {
          hint: 'Use that one, or try again: a new one ends it.',
        });
      }
      // Never ends a later token: of tokens made at once, the last one stays, whatever the order of the writes.
      const earlier = [
        { turn: { $exists: false } },
        { turn: { $lt: turn } },
        { turn, _id: { $lt: _id } },
      ];
      if (overlapMs === 0) await model.deleteMany({ storeId, $or: earlier });
      else {
        const endsLater = [{ endsAt: { $exists: false } }, { endsAt: { $gt: endsAt } }];
        const others = { storeId, $and: [{ $or: earlier }, { $or: endsLater }] };
        await model.updateMany(others, { $set: { endsAt } });
      }
      return secret;
    },
    async bySecret(secret) {
      if (!secret.startsWith(secretPrefix)) return null;
      const document = await byHash(hashOf(secret));
      if (document === undefined) return null;
      const isOver = document.endsAt !== undefined && document.endsAt <= clock.now();
      return isOver ? null : toScimToken(document);
    },
    async working(storeId) {
      const found = await model.find({ storeId }).sort({ _id: -1 }).lean<ScimTokenDocument[]>();
      const now = clock.now();
      return found
        .map((document) => ({ ...toScimToken(document), endsAt: document.endsAt ?? null }))
        .filter(({ endsAt }) => endsAt === null || endsAt > now);
    },
    async list(storeId) {
      const newest = { endsAt: { $exists: false }, ...(storeId !== undefined && { storeId }) };
      return (await model.find(newest).lean<ScimTokenDocument[]>()).map(toScimToken);
    },
  };

  async function lastTurn(storeId: string): Promise<number> {
    const last = await model.findOne({ storeId }).sort({ turn: -1 }).lean<ScimTokenDocument>();
    return last?.turn ?? 0;
  }
}
