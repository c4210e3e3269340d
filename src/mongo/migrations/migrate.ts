import mongoose, { type Connection } from 'mongoose';
import { Conflict, messageOf } from '../../core/errors.ts';
import type { Database } from '../connection.ts';
import { databaseTroubleIn } from '../database-trouble.ts';
import { isAway, tell } from '../unless-away.ts';
import { renewAddressKeys } from './address-keys.ts';
import { formerCollections, formerIndexes, indexesByCollection } from './indexes.ts';
import { fillSearchKeys } from './search-keys.ts';
import { renewStoreNames } from './store-names.ts';

/**
 * Creates the missing indexes, drops indexes and collections of earlier releases, and renews what they computed otherwise.
 * Processes that start together, and processes of the release before, may go on working meanwhile.
 * Returns the names of stores that differ in case alone, together. `Unavailable` when the database is away.
 */
export async function migrate({
  connection,
}: Pick<Database, 'connection'>): Promise<readonly (readonly string[])[]> {
  try {
    await makeIndexes(connection);
    await renewAddressKeys(connection);
    await fillSearchKeys(connection);
    return await renewStoreNames(connection);
  } catch (error) {
    return tell(error);
  }
}

async function makeIndexes(connection: Connection): Promise<void> {
  for (const [collection, indexes] of Object.entries(indexesByCollection)) {
    try {
      await connection.collection(collection).createIndexes([...indexes]);
    } catch (cause) {
      if (isAway(cause) || databaseTroubleIn(cause) !== null) throw cause;
      throw new Conflict(`The indexes of '${collection}' can't be made: ${messageOf(cause)}`, {
        cause,
        hint: 'Remove the index or the documents that prevent it, then start again.',
      });
    }
  }
  for (const [collection, names] of Object.entries(formerIndexes)) {
    const present = await indexNames(connection, collection);
    for (const name of names.filter((former) => present.has(former))) {
      await connection.collection(collection).dropIndex(name).catch(unlessGone);
    }
  }
  const collections = await collectionNames(connection);
  for (const name of formerCollections.filter((former) => collections.has(former))) {
    await connection.dropCollection(name).catch(unlessGone);
  }
}

/** Another starting process dropped it first. */
function unlessGone(error: unknown): void {
  const isGone =
    error instanceof mongoose.mongo.MongoServerError && notFoundCodes.includes(Number(error.code));
  if (!isGone) throw error;
}

/** `NamespaceNotFound` and `IndexNotFound`. */
const notFoundCodes: readonly number[] = [26, 27];

/** The indexes that `migrate` would create, as `collection.index`. */
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
  if (!(await collectionNames(connection)).has(collection)) return new Set();
  const indexes = await connection.collection(collection).listIndexes().toArray();
  return new Set(indexes.map(({ name }) => String(name)));
}

async function collectionNames(connection: Connection): Promise<Set<string>> {
  return new Set((await connection.listCollections()).map(({ name }) => name));
}
