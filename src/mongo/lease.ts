import type { Model } from 'mongoose';
import type { Clock } from '../ports/clock.ts';
import type { LeaseStore } from '../ports/leases.ts';
import type { LeaseDocument } from './models/lease.model.ts';
import { isDuplicateKey } from './write-batch.ts';

/** Leases in MongoDB, a document a store. Times come from the clock of the process that asks. */
export function createLeaseStore(model: Model<LeaseDocument>, clock: Clock): LeaseStore {
  const expiryAfter = (ttlMs: number): Date => new Date(clock.now().getTime() + ttlMs);
  return {
    async acquire({ storeId, holder, ttlMs }) {
      const free = { _id: storeId, $or: [{ holder }, { expiresAt: { $lte: clock.now() } }] };
      const change = { $set: { holder, expiresAt: expiryAfter(ttlMs) } };
      try {
        await model.updateOne(free, change, { upsert: true });
        return true;
      } catch (error) {
        // The lease exists and is not free, so the upsert tried to insert a second one.
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async renew({ storeId, holder, ttlMs }) {
      const change = { $set: { expiresAt: expiryAfter(ttlMs) } };
      const { matchedCount } = await model.updateOne({ _id: storeId, holder }, change);
      return matchedCount === 1;
    },
    async release({ storeId, holder }) {
      await model.deleteOne({ _id: storeId, holder });
    },
  };
}
