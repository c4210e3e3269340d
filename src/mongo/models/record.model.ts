import { Schema } from 'mongoose';
import type { SyncRecord } from '../../core/model/record.ts';
import { searchWords } from '../../core/search-words.ts';
import { type Sparse, sparseCodec } from './sparse.ts';

/** A record as it is stored: what is null or empty is left out. */
export interface RecordDocument
  extends Omit<Sparse<SyncRecord>, 'kind' | 'risks' | 'blocksInStore'> {
  /** Absent in the record of a user. */
  kind?: 'group';
  risks?: readonly string[];
  /** `blocksInStore` of the record. */
  standsIn?: string;
  /** Beginnings of these are searched for: of the name and the address. */
  words?: readonly string[];
}

export const recordSchema = new Schema<RecordDocument>(
  {
    _id: { type: String, required: true },
    runId: { type: String, required: true },
    kind: String,
    seq: { type: Number, required: true },
    externalId: String,
    memberId: String,
    email: String,
    name: String,
    department: String,
    location: String,
    words: { type: [String], default: undefined },
    action: { type: String, required: true },
    status: { type: String, required: true },
    reason: { type: String, required: true },
    changes: { type: [Schema.Types.Mixed], required: true },
    moves: Schema.Types.Mixed,
    cause: String,
    confirmed: { type: Boolean, required: true },
    risks: { type: [String], default: undefined },
    heldKind: String,
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

interface StoredRecord extends Omit<SyncRecord, 'kind'> {
  readonly kind: 'group' | null;
  readonly words: readonly string[];
}

const { encode, decode } = sparseCodec<StoredRecord, RecordDocument>(recordSchema, {
  standsIn: 'blocksInStore',
});

export function toRecordDocument(record: SyncRecord): RecordDocument {
  const kind = record.kind === 'user' ? null : record.kind;
  return encode({ ...record, kind, words: searchWords([record.name, record.email]) });
}

export function toRecord(document: RecordDocument): SyncRecord {
  const { words: _known, kind, ...record } = decode(document);
  return { ...record, kind: kind ?? 'user' };
}
