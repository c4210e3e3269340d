import { type Connection, type Model, Schema } from 'mongoose';
import type { SyncRecord } from '../../core/model/record.ts';

/** A record as it is stored: what is null is left out. */
export interface RecordDocument {
  _id: string;
  runId: string;
  seq: number;
  externalId?: string;
  memberId?: string;
  email?: string;
  action: SyncRecord['action'];
  status: SyncRecord['status'];
  reason: string;
  changes: SyncRecord['changes'];
  cause?: NonNullable<SyncRecord['cause']>;
  confirmed: boolean;
  fromRevision?: number;
  claim?: string;
  error?: string;
  decidedBy?: string;
  decidedAt?: Date;
}

const schema = new Schema<RecordDocument>(
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
    fromRevision: Number,
    claim: String,
    error: String,
    decidedBy: String,
    decidedAt: Date,
  },
  { collection: 'records', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function recordModel(connection: Connection): Model<RecordDocument> {
  return connection.model<RecordDocument>('Record', schema);
}

export function toRecordDocument(record: SyncRecord): RecordDocument {
  const { id, externalId, memberId, email, cause, fromRevision, claim, ...others } = record;
  const { error, decidedBy, decidedAt, ...rest } = others;
  return {
    _id: id,
    ...rest,
    ...(externalId !== null && { externalId }),
    ...(memberId !== null && { memberId }),
    ...(email !== null && { email }),
    ...(cause !== null && { cause }),
    ...(fromRevision !== null && { fromRevision }),
    ...(claim !== null && { claim }),
    ...(error !== null && { error }),
    ...(decidedBy !== null && { decidedBy }),
    ...(decidedAt !== null && { decidedAt }),
  };
}

export function toRecord(document: RecordDocument): SyncRecord {
  const { _id, ...rest } = document;
  return {
    ...rest,
    id: _id,
    externalId: document.externalId ?? null,
    memberId: document.memberId ?? null,
    email: document.email ?? null,
    cause: document.cause ?? null,
    fromRevision: document.fromRevision ?? null,
    claim: document.claim ?? null,
    error: document.error ?? null,
    decidedBy: document.decidedBy ?? null,
    decidedAt: document.decidedAt ?? null,
  };
}
