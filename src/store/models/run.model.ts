import { type Connection, type Model, Schema } from 'mongoose';
import type { Run } from '../../core/model/run.ts';

/** A run as it is stored. `storeId` is left out when there is none. */
export interface RunDocument extends Omit<Writable<Run>, 'id' | 'storeId'> {
  _id: string;
  storeId?: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const schema = new Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    storeId: String,
    mode: { type: String, required: true },
    trigger: { type: String, required: true },
    status: { type: String, required: true },
    certificate: Schema.Types.Mixed,
    counts: { type: Schema.Types.Mixed, required: true },
    warnings: { type: [String], required: true },
    error: Schema.Types.Mixed,
    configRevision: { type: Number, required: true },
    requestedBy: { type: String, required: true },
    cancelRequested: { type: Boolean, required: true },
    resumes: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    startedAt: Date,
    finishedAt: Date,
    resolvedAt: Date,
  },
  { collection: 'runs', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function runModel(connection: Connection): Model<RunDocument> {
  return connection.model<RunDocument>('Run', schema);
}

export function toRunDocument({ id, storeId, ...rest }: Run): RunDocument {
  return { _id: id, ...rest, ...(storeId !== null && { storeId }) };
}

export function toRun({ _id, storeId, ...rest }: RunDocument): Run {
  return { ...rest, id: _id, storeId: storeId ?? null };
}
