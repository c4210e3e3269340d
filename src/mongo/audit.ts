import mongoose, { type Model } from 'mongoose';
import { defined } from '../core/defined.ts';
import type { AuditEntry } from '../core/model/audit.ts';
import type { AuditStore } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import { type AuditDocument, toAuditDocument, toAuditEntry } from './models/audit.model.ts';

/** The audit in MongoDB. Nothing but its outcome is added to an entry, an erasure alone replaces values, and none is removed. */
export function createAuditStore(model: Model<AuditDocument>, clock: Clock): AuditStore {
  return {
    async begin(entry) {
      const id = new mongoose.Types.ObjectId().toHexString();
      const begun: AuditEntry = { ...entry, id, at: clock.now(), outcome: 'begun', error: null };
      await model.create(toAuditDocument(begun));
      return begun;
    },
    async finish(id, { outcome, error, runId, tokenId, storeId }) {
      const change = { $set: defined({ outcome, error, runId, tokenId, storeId }) };
      await model.updateOne({ _id: id, outcome: 'begun' }, change);
    },
    async redact(_id, { changes, error }) {
      await model.updateOne({ _id }, { $set: { changes, ...(error !== null && { error }) } });
    },
    async list({ storeId, runId, actions, by, actorId, from, to, before, limit }) {
      const _id = before === undefined ? undefined : { $lt: before };
      const action = actions === undefined ? undefined : { $in: [...actions] };
      const between = defined({ $gte: from, $lt: to });
      const at = Object.keys(between).length === 0 ? undefined : between;
      const $or =
        actorId === undefined ? undefined : [{ byTokenId: actorId }, { by: `user:${actorId}` }];
      const query = model.find(defined({ storeId, runId, action, by, $or, at, _id }));
      query.sort({ _id: -1 });
      if (limit !== undefined) query.limit(limit);
      return (await query.lean<AuditDocument[]>()).map(toAuditEntry);
    },
  };
}
