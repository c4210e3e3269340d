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
type Collection = mongoose.mongo.Collection<StringIds>;
type Filter = mongoose.mongo.Filter<StringIds>;
type Update = mongoose.mongo.UpdateFilter<StringIds>;

/** A write of a batch; `writeOne` knows all of its parts. */
type Operation =
  | { readonly insertOne: { readonly document: StringIds } }
  | {
      readonly replaceOne: {
        readonly filter: Filter;
        readonly replacement: StringIds;
        readonly upsert?: true;
      };
    }
  | { readonly updateOne: { readonly filter: Filter; readonly update: Update } }
  | { readonly updateMany: { readonly filter: Filter; readonly update: Update } }
  | { readonly deleteOne: { readonly filter: Filter } };

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
  operations: readonly Operation[],
): Promise<BulkOutcome> {
  const [only, ...others] = operations;
  if (only === undefined) return nothing;
  const collection = model.db.collection<StringIds>(model.collection.collectionName);
  if (others.length === 0) return writeOne(collection, only);
  try {
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

const nothing: BulkOutcome = { inserted: 0, matched: 0, deleted: 0, refused: new Map() };

/** Makes a write alone: a batch of one costs the driver half as much again. */
async function writeOne(collection: Collection, operation: Operation): Promise<BulkOutcome> {
  try {
    if ('insertOne' in operation) {
      await collection.insertOne(operation.insertOne.document);
      return { ...nothing, inserted: 1 };
    }
    if ('replaceOne' in operation) {
      const { filter, replacement, ...options } = operation.replaceOne;
      const { matchedCount } = await collection.replaceOne(filter, replacement, options);
      return { ...nothing, matched: matchedCount };
    }
    if ('updateOne' in operation) {
      const { filter, update } = operation.updateOne;
      return { ...nothing, matched: (await collection.updateOne(filter, update)).matchedCount };
    }
    if ('updateMany' in operation) {
      const { filter, update } = operation.updateMany;
      return { ...nothing, matched: (await collection.updateMany(filter, update)).matchedCount };
    }
    const { filter } = operation.deleteOne;
    return { ...nothing, deleted: (await collection.deleteOne(filter)).deletedCount };
  } catch (error) {
    // A refused write has its place in the command; the failure of a whole command has none.
    if (!(error instanceof mongoose.mongo.MongoServerError) || error['index'] !== 0) throw error;
    return { ...nothing, refused: new Map([[0, Number(error.code)]]) };
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
