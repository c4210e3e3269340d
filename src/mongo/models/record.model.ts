import { type Connection, type Model, Schema } from 'mongoose';
import type { SyncRecord } from '../../core/model/record.ts';

/** A record as it is stored: null and empty values are left out. */
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
  risks?: readonly string[];
  /** `blocksInStore` of the record. */
  standsIn?: string;
  fromRevision?: number;
  claim?: string;
  fingerprint?: string;
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
    risks: { type: [String], default: undefined },
    standsIn: String,
    fromRevision: Number,
    claim: String,
    fingerprint: String,
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
  const { externalId, memberId, email, cause, risks, blocksInStore, fromRevision } = record;
  const { claim, fingerprint, error, decidedBy, decidedAt } = record;
  const document: RecordDocument = {
    _id: record.id,
    runId: record.runId,
    seq: record.seq,
    action: record.action,
    status: record.status,
    reason: record.reason,
    changes: record.changes,
    confirmed: record.confirmed,
  };
  if (externalId !== null) document.externalId = externalId;
  if (memberId !== null) document.memberId = memberId;
  if (email !== null) document.email = email;
  if (cause !== null) document.cause = cause;
  if (risks.length > 0) document.risks = risks;
  if (blocksInStore !== null) document.standsIn = blocksInStore;
  if (fromRevision !== null) document.fromRevision = fromRevision;
  if (claim !== null) document.claim = claim;
  if (fingerprint !== null) document.fingerprint = fingerprint;
  if (error !== null) document.error = error;
  if (decidedBy !== null) document.decidedBy = decidedBy;
  if (decidedAt !== null) document.decidedAt = decidedAt;
  return document;
}

export function toRecord(document: RecordDocument): SyncRecord {
  const { _id, standsIn, ...rest } = document;
  return {
    ...rest,
    id: _id,
    externalId: document.externalId ?? null,
    memberId: document.memberId ?? null,
    email: document.email ?? null,
    cause: document.cause ?? null,
    risks: document.risks ?? [],
    blocksInStore: standsIn ?? null,
    fromRevision: document.fromRevision ?? null,
    claim: document.claim ?? null,
    fingerprint: document.fingerprint ?? null,
    error: document.error ?? null,
    decidedBy: document.decidedBy ?? null,
    decidedAt: document.decidedAt ?? null,
  };
}
