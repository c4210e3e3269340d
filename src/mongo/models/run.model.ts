import { createHash } from 'node:crypto';
import { Schema } from 'mongoose';
import type { Run } from '../../core/model/run.ts';
import { type ConfigDocument, toConfig, toConfigDocument } from './directory-store.model.ts';

/** A run as it is stored: absent ids and configurations are left out. */
export interface RunDocument
  extends Omit<
    Writable<Run>,
    'id' | 'storeId' | 'undoOf' | 'proposed' | 'decision' | 'decided' | 'holder'
  > {
  _id: string;
  storeId?: string;
  undoOf?: string;
  proposed?: ConfigDocument;
  /**
   * What distinguishes it from other queued runs of its store and mode: the run that it undoes or
   * the configuration that it proposes.
   */
  subject?: string;
  decision?: Run['decision'];
  decided?: Run['decided'];
  holder?: string;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export const runSchema = new Schema<RunDocument>(
  {
    _id: { type: String, required: true },
    storeId: String,
    mode: { type: String, required: true },
    trigger: { type: String, required: true },
    status: { type: String, required: true },
    undoOf: String,
    proposed: Schema.Types.Mixed,
    subject: String,
    decision: Schema.Types.Mixed,
    decided: Schema.Types.Mixed,
    certificate: Schema.Types.Mixed,
    counts: { type: Schema.Types.Mixed, required: true },
    warnings: { type: [String], required: true },
    error: Schema.Types.Mixed,
    configRevision: { type: Number, required: true },
    requestedBy: { type: String, required: true },
    holder: String,
    cancelRequested: { type: Boolean, required: true },
    resumes: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    startedAt: Date,
    finishedAt: Date,
    resolvedAt: Date,
  },
  { collection: 'runs', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

export function toRunDocument(run: Run): RunDocument {
  const { id, storeId, undoOf, proposed, decision, decided, holder, ...rest } = run;
  const subject = subjectOf(run);
  return {
    _id: id,
    ...rest,
    ...(storeId !== null && { storeId }),
    ...(undoOf !== null && { undoOf }),
    ...(proposed !== null && { proposed: toConfigDocument(proposed) }),
    ...(subject !== null && { subject }),
    ...(decision !== null && { decision }),
    ...(decided !== null && { decided }),
    ...(holder !== null && { holder }),
  };
}

/** Two previews of one configuration are the same run; null for runs with the store's own configuration. */
export function subjectOf({ undoOf, proposed }: Pick<Run, 'undoOf' | 'proposed'>): string | null {
  if (undoOf !== null) return undoOf;
  if (proposed === null) return null;
  return createHash('sha256').update(JSON.stringify(proposed)).digest('hex');
}

export function toRun({ _id, subject: _known, ...document }: RunDocument): Run {
  const { proposed, ...rest } = document;
  return {
    ...rest,
    id: _id,
    storeId: document.storeId ?? null,
    undoOf: document.undoOf ?? null,
    proposed: proposed === undefined ? null : toConfig(proposed),
    decision: document.decision ?? null,
    decided: document.decided ?? null,
    holder: document.holder ?? null,
  };
}
