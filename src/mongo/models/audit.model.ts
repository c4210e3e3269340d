import { Schema } from 'mongoose';
import type { AuditChange, AuditEntry } from '../../core/model/audit.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** An audit entry as it is stored: what is null is left out. */
export type AuditDocument = Sparse<AuditEntry>;

export const auditSchema = new Schema<AuditDocument>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    byTokenId: String,
    from: { type: String, required: true },
    action: { type: String, required: true },
    outcome: { type: String, required: true },
    storeId: String,
    storeName: String,
    runId: String,
    tokenId: String,
    changes: {
      type: [new Schema<AuditChange>({ path: String, from: String, to: String }, { _id: false })],
      required: true,
    },
    error: String,
  },
  { collection: 'audit', strict: 'throw', versionKey: false, autoIndex: false },
);

export const { encode: toAuditDocument, decode: toAuditEntry } = sparseCodec<
  AuditEntry,
  AuditDocument
>(auditSchema);
