import { Schema } from 'mongoose';
import type { Alert } from '../../core/model/alert.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** An alert as it is stored: what is null is left out. */
export type AlertDocument = Sparse<Alert>;

export const alertSchema = new Schema<AlertDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    storeId: String,
    runId: String,
    tokenId: String,
    domain: String,
    channel: String,
    createdAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    triedAt: Date,
    nextAttemptAt: Date,
    deliveredAt: Date,
    lastError: String,
  },
  { collection: 'alerts', strict: 'throw', versionKey: false, autoIndex: false },
);

export const { encode: toAlertDocument, decode: toAlert } = sparseCodec<Alert, AlertDocument>(
  alertSchema,
);
