/** Calls into DocumentDB: every function of its SQL interface takes and returns BSON documents. */
import type pg from 'pg';

/** A pool or one of its connections. */
export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** `$n` as a BSON parameter; the value is given as bytes. */
export const bsonParameter = (position: number): string =>
  `documentdb_core.bson_from_bytea($${position})`;

/**
 * Runs a query whose column `document` is BSON and returns the bytes of its first row. `query` is
 * the text after SELECT, with `document` as `documentdb_core.bson`.
 */
export async function fetchDocument(
  on: Queryable,
  query: string,
  values: readonly unknown[],
): Promise<Buffer> {
  const { rows } = await on.query<{ document: Buffer }>(
    `SELECT documentdb_core.bson_to_bytea(document) AS document FROM (SELECT ${query}) AS answer`,
    [...values],
  );
  const document = rows[0]?.document;
  if (document === undefined) throw new Error('DocumentDB answered without a document');
  return document;
}
