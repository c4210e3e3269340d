import { type Connection, type Model, Schema } from 'mongoose';
import type { Alert } from '../../core/model/alert.ts';

type Optional = 'storeId' | 'runId' | 'triedAt' | 'nextAttemptAt' | 'deliveredAt' | 'lastError';
type Stored<T> = { -readonly [K in keyof T]: NonNullable<T[K]> };

/** An alert as it is stored: null values are left out. */
export interface AlertDocument
  extends Omit<Alert, 'id' | Optional>,
    Partial<Stored<Pick<Alert, Optional>>> {
  _id: string;
}

const schema = new Schema<AlertDocument>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    storeId: String,
    runId: String,
    createdAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    triedAt: Date,
    nextAttemptAt: Date,
    deliveredAt: Date,
    lastError: String,
  },
  { collection: 'alerts', strict: 'throw', versionKey: false, autoIndex: false },
);

export function alertModel(connection: Connection): Model<AlertDocument> {
  return connection.model<AlertDocument>('Alert', schema);
}

export function toAlertDocument({ id, ...rest }: Alert): AlertDocument {
  const { kind, createdAt, attempts, ...optional } = rest;
  const present = Object.entries(optional).filter(([, value]) => value !== null);
  return { _id: id, kind, createdAt, attempts, ...Object.fromEntries(present) };
}

export function toAlert({ _id, ...rest }: AlertDocument): Alert {
  const absent = {
    storeId: null,
    runId: null,
    triedAt: null,
    nextAttemptAt: null,
    deliveredAt: null,
    lastError: null,
  };
  return { ...absent, ...rest, id: _id };
}
