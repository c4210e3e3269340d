import mongoose, { type Model } from 'mongoose';

/** The server's number for a write that breaks a unique index. */
export const duplicateKeyCode = 11_000;

/** Whether a single write was refused because of a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === duplicateKeyCode;
}

/** What an insertion created; `taken` when it was refused because of a unique index. Any other refusal is thrown. */
export function insertedOr<T>(made: T, refusal: number | undefined): T | 'taken' {
  if (refusal === undefined) return made;
  if (refusal === duplicateKeyCode) return 'taken';
  throw new Error(`the database refused the write (error ${refusal})`);
}

type StringIds = mongoose.mongo.Document & { _id: string };
type BulkOperations = readonly mongoose.mongo.AnyBulkWriteOperation<StringIds>[];

/** The result of an unordered batch of writes. */
export interface BulkOutcome {
  readonly inserted: number;
  readonly matched: number;
  readonly deleted: number;
  /** The server's error number for each refused operation, by its place in the batch. */
  readonly refused: ReadonlyMap<number, number>;
}

/**
 * Writes a batch in one round trip; a refused operation doesn't stop the others. Any other failure is thrown.
 * Goes past the model's casting to the driver: the documents are made by one typed function each, and casting
 * them again costs as much as writing them.
 */
export async function writeBatch<T>(
  model: Model<T>,
  operations: BulkOperations,
): Promise<BulkOutcome> {
  if (operations.length === 0) return { inserted: 0, matched: 0, deleted: 0, refused: new Map() };
  try {
    const collection = model.db.collection<StringIds>(model.collection.collectionName);
    const result = await collection.bulkWrite([...operations], { ordered: false });
    return outcomeOf(result, []);
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
    const refusals = [error.writeErrors].flat();
    // Without refused operations it is the connection or the whole batch that failed.
    if (refusals.length === 0) throw error;
    return outcomeOf(error.result, refusals);
  }
}

/** Inserts documents as `writeBatch` does. */
export function insertBatch<T>(
  model: Model<T>,
  documents: readonly StringIds[],
): Promise<BulkOutcome> {
  return writeBatch(
    model,
    documents.map((document) => ({ insertOne: { document } })),
  );
}

function outcomeOf(
  result: mongoose.mongo.BulkWriteResult,
  refusals: readonly mongoose.mongo.WriteError[],
): BulkOutcome {
  return {
    inserted: result.insertedCount,
    matched: result.matchedCount,
    deleted: result.deletedCount,
    refused: new Map(refusals.map(({ index, code }) => [index, code])),
  };
}
