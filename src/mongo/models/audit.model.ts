import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditChange, AuditEntry } from '../../core/model/audit.ts';

type Optional = 'storeId' | 'storeName' | 'runId' | 'tokenId' | 'error';
type Stored<T> = { -readonly [K in keyof T]: NonNullable<T[K]> };

/** An audit entry as it is stored: null values are left out. */
export interface AuditDocument
  extends Omit<AuditEntry, 'id' | Optional>,
    Partial<Stored<Pick<AuditEntry, Optional>>> {
  _id: string;
}

const schema = new Schema<AuditDocument>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
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

export function auditModel(connection: Connection): Model<AuditDocument> {
  return connection.model<AuditDocument>('Audit', schema);
}

export function toAuditDocument({ id, ...rest }: AuditEntry): AuditDocument {
  const { storeId, storeName, runId, tokenId, error, ...present } = rest;
  return {
    _id: id,
    ...present,
    ...(storeId !== null && { storeId }),
    ...(storeName !== null && { storeName }),
    ...(runId !== null && { runId }),
    ...(tokenId !== null && { tokenId }),
    ...(error !== null && { error }),
  };
}

export function toAuditEntry({ _id, ...rest }: AuditDocument): AuditEntry {
  const absent = { storeId: null, storeName: null, runId: null, tokenId: null, error: null };
  return { ...absent, ...rest, id: _id };
}
