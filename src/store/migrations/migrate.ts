import type { Connection } from 'mongoose';
import { Conflict, messageOf } from '../../core/errors.ts';
import type { Database } from '../connection.ts';
import { indexesByCollection } from './indexes.ts';

/** Makes the indexes that are missing. Processes that start together may all do it. */
export async function migrate({ connection }: Pick<Database, 'connection'>): Promise<void> {
  for (const [collection, indexes] of Object.entries(indexesByCollection)) {
    try {
      await connection.collection(collection).createIndexes([...indexes]);
    } catch (cause) {
      throw new Conflict(`The indexes of '${collection}' can't be made: ${messageOf(cause)}`, {
        cause,
        hint: 'Remove the index or the documents that stand in the way, then start again.',
      });
    }
  }
}

/** The indexes that `migrate` would make, as `collection.index`. */
export async function missingIndexes({
  connection,
}: Pick<Database, 'connection'>): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [collection, indexes] of Object.entries(indexesByCollection)) {
    const present = await indexNames(connection, collection);
    for (const { name } of indexes) if (!present.has(name)) missing.push(`${collection}.${name}`);
  }
  return missing;
}

async function indexNames(connection: Connection, collection: string): Promise<Set<string>> {
  const exists = await connection.listCollections();
  if (!exists.some(({ name }) => name === collection)) return new Set();
  const indexes = await connection.collection(collection).listIndexes().toArray();
  return new Set(indexes.map(({ name }) => String(name)));
}
