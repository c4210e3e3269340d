import { createHash } from 'node:crypto';
import { Schema } from 'mongoose';
import type { Run } from '../../core/model/run.ts';
import { type ConfigDocument, toConfig, toConfigDocument } from './directory-store.model.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

interface StoredRun extends Omit<Run, 'proposed' | 'shape'> {
  /** Null in what 0.1 stored. */
  readonly shape: number | null;
  readonly proposed: ConfigDocument | null;
  /**
   * What distinguishes it from other queued runs of its store and mode: the run that it undoes or
   * the configuration that it proposes.
   */
  readonly subject: string | null;
}

type NullPath = 'certificate' | 'error' | 'startedAt' | 'finishedAt' | 'resolvedAt';

/**
 * A run as it is stored: what is null is left out, except in the paths to which the schema gives null. A process of the
 * release before takes a run without `finishedAt` for one that has ended.
 */
export type RunDocument = Omit<Sparse<StoredRun>, NullPath | 'guards'> &
  Pick<Run, NullPath> &
  Partial<Pick<Run, 'guards'>>;

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
    notify: Boolean,
    decision: Schema.Types.Mixed,
    decided: Schema.Types.Mixed,
    certificate: { type: Schema.Types.Mixed, default: null },
    undecided: Schema.Types.Mixed,
    counts: { type: Schema.Types.Mixed, required: true },
    groups: Schema.Types.Mixed,
    warnings: { type: [String], required: true },
    guards: { type: [Schema.Types.Mixed], default: undefined },
    error: { type: Schema.Types.Mixed, default: null },
    configRevision: { type: Number, required: true },
    requestedBy: { type: String, required: true },
    holder: String,
    cancelRequested: { type: Boolean, required: true },
    resumes: { type: Number, required: true },
    shape: Number,
    createdAt: { type: Date, required: true },
    startedAt: { type: Date, default: null },
    finishedAt: { type: Date, default: null },
    resolvedAt: { type: Date, default: null },
  },
  { collection: 'runs', strict: 'throw', minimize: false, versionKey: false, autoIndex: false },
);

const { encode, decode } = sparseCodec<StoredRun, RunDocument>(runSchema);

export function toRunDocument(run: Run): RunDocument {
  const proposed = run.proposed && toConfigDocument(run.proposed);
  return encode({ ...run, proposed, subject: subjectOf(run) });
}

export function toRun(document: RunDocument): Run {
  const { subject: _known, proposed, shape, ...run } = decode(document);
  return { ...run, shape: shape ?? 1, proposed: proposed && toConfig(proposed) };
}

/** Two previews of one configuration are the same run; null for runs with the store's own configuration. */
export function subjectOf({ undoOf, proposed }: Pick<Run, 'undoOf' | 'proposed'>): string | null {
  if (undoOf !== null) return undoOf;
  if (proposed === null) return null;
  return createHash('sha256').update(JSON.stringify(proposed)).digest('hex');
}
