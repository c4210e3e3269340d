import mongoose, { type Model } from 'mongoose';
import type { AuditEntry } from '../core/model/audit.ts';
import type { AuditStore } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import { type AuditDocument, toAuditDocument, toAuditEntry } from './models/audit.model.ts';

/** The audit in MongoDB. An entry is changed only to store its outcome, and none is removed. */
export function createAuditStore({
  model,
  clock,
}: {
  readonly model: Model<AuditDocument>;
  readonly clock: Clock;
}): AuditStore {
  return {
    async begin(entry) {
      const id = new mongoose.Types.ObjectId().toHexString();
      const begun: AuditEntry = { ...entry, id, at: clock.now(), outcome: 'begun', error: null };
      await model.create(toAuditDocument(begun));
      return begun;
    },
    async finish(id, { outcome, error, runId, tokenId, storeId }) {
      const addedIds = {
        ...(error !== undefined && { error }),
        ...(runId !== undefined && { runId }),
        ...(tokenId !== undefined && { tokenId }),
        ...(storeId !== undefined && { storeId }),
      };
      await model.updateOne({ _id: id, outcome: 'begun' }, { $set: { outcome, ...addedIds } });
    },
    async list({ storeId, action, by, before, limit }) {
      const query = model
        .find({
          ...(storeId !== undefined && { storeId }),
          ...(action !== undefined && { action }),
          ...(by !== undefined && { by }),
          ...(before !== undefined && { _id: { $lt: before } }),
        })
        .sort({ _id: -1 });
      if (limit !== undefined) query.limit(limit);
      return (await query.lean<AuditDocument[]>()).map(toAuditEntry);
    },
  };
}
