import { Schema } from 'mongoose';
import type { SyncRecord } from '../../core/model/record.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** A record as it is stored: what is null or empty is left out. */
export interface RecordDocument extends Omit<Sparse<SyncRecord>, 'risks' | 'blocksInStore'> {
  risks?: readonly string[];
  /** `blocksInStore` of the record. */
  standsIn?: string;
}

export const recordSchema = new Schema<RecordDocument>(
  {
    _id: { type: String, required: true },
    runId: { type: String, required: true },
    seq: { type: Number, required: true },
    externalId: String,
    memberId: String,
    email: String,
    action: { type: String, required: true },
    status: { type: String, required: true },
    reason: { type: String, required: true },
    changes: { type: [Schema.Types.Mixed], required: true },
    cause: String,
    confirmed: { type: Boolean, required: true },
    risks: { type: [String], default: undefined },
    standsIn: String,
    fromRevision: Number,
    claim: String,
    fingerprint: String,
    undecidedRuns: Number,
    error: String,
    decidedBy: String,
    decidedAt: Date,
  },
  { collection: 'records', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export const { encode: toRecordDocument, decode: toRecord } = sparseCodec<
  SyncRecord,
  RecordDocument
>(recordSchema, { standsIn: 'blocksInStore' });
