/** Adds to a duplicate key error which index it violates, as MongoDB does in `keyPattern` and `keyValue`. */
import { type Document, deserialize, serialize } from 'bson';
import { DatabaseError } from 'pg';
import { bsonParameter, fetchDocument, type Queryable } from './engine.ts';

interface UniqueIndex {
  readonly name: string;
  readonly key: Document;
  readonly partialFilter: Document | undefined;
}

interface IndexRow {
  name: string;
  key: Buffer;
  filter: Buffer | null;
}

export interface Namespace {
  readonly database: string;
  readonly collection: string;
}

export interface DuplicateKey {
  readonly errmsg: string;
  readonly keyPattern: Document;
  readonly keyValue?: Document;
}

const ID_INDEX: UniqueIndex = { name: '_id_', key: { _id: 1 }, partialFilter: undefined };

const SPEC = '(index_spec::documentdb_api_catalog.index_spec_type_internal)';
const INDEX_COLUMNS = `${SPEC}.index_name AS name,
  documentdb_core.bson_to_bytea(${SPEC}.index_key) AS key,
  documentdb_core.bson_to_bytea(${SPEC}.index_pfe) AS filter`;

const indexOf = ({ name, key, filter }: IndexRow): UniqueIndex => ({
  name,
  key: deserialize(key),
  partialFilter: filter === null ? undefined : deserialize(filter),
});

/** The index whose PostgreSQL constraint an error names; undefined when it names none. */
export async function describeConstraint(
  on: Queryable,
  { error, namespace }: { error: unknown; namespace: Namespace },
): Promise<DuplicateKey | undefined> {
  if (!(error instanceof DatabaseError)) return undefined;
  if (error.constraint?.startsWith('collection_pk_')) {
    return wordDuplicate(namespace, ID_INDEX);
  }
  const id = /^documents_rum_index_(\d+)/.exec(error.constraint ?? '')?.[1];
  if (id === undefined) return undefined;
  const { rows } = await on.query<IndexRow>(
    `SELECT ${INDEX_COLUMNS} FROM documentdb_api_catalog.collection_indexes WHERE index_id = $1`,
    [id],
  );
  return rows[0] === undefined ? undefined : wordDuplicate(namespace, indexOf(rows[0]));
}

/** The index that a write error names in its text; undefined when it names none. */
export async function describeNamedIndex(
  on: Queryable,
  { message, namespace }: { message: string; namespace: Namespace },
): Promise<DuplicateKey | undefined> {
  const name = /Index '(.+)'$/.exec(message)?.[1];
  const index = [ID_INDEX, ...(await uniqueIndexes(on, namespace))].find(
    (one) => one.name === name,
  );
  return index === undefined ? undefined : wordDuplicate(namespace, index);
}

/** The unique index that keeps `document` out of a collection: another document has the same key in it. */
export async function describeRefusedInsert(
  on: Queryable,
  { document, namespace }: { document: Document; namespace: Namespace },
): Promise<DuplicateKey | undefined> {
  for (const index of [ID_INDEX, ...(await uniqueIndexes(on, namespace))]) {
    const keyValue = keyValueOf(document, index.key);
    const conditions = [
      ...keyConditions(keyValue),
      ...(index.partialFilter ? [index.partialFilter] : []),
    ];
    const count = await fetchDocument(
      on,
      `document FROM documentdb_api.count_query($1, ${bsonParameter(2)})`,
      [
        namespace.database,
        serialize({ count: namespace.collection, query: { $and: conditions }, limit: 1 }),
      ],
    );
    if (Number(deserialize(count)['n']) > 0) return wordDuplicate(namespace, index, keyValue);
  }
  return undefined;
}

async function uniqueIndexes(on: Queryable, namespace: Namespace): Promise<UniqueIndex[]> {
  const { rows } = await on.query<IndexRow>(
    `SELECT ${INDEX_COLUMNS}
       FROM documentdb_api_catalog.collection_indexes
       JOIN documentdb_api_catalog.collections USING (collection_id)
      WHERE database_name = $1 AND collection_name = $2 AND ${SPEC}.index_is_unique
      ORDER BY index_id`,
    [namespace.database, namespace.collection],
  );
  return rows.map(indexOf);
}

function keyValueOf(document: Document, key: Document): Document {
  return Object.fromEntries(
    Object.keys(key).map((path) => [path, valueAt(document, path) ?? null]),
  );
}

const keyConditions = (keyValue: Document): Document[] =>
  Object.entries(keyValue).map(([path, value]) => ({ [path]: { $eq: value } }));

function valueAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function wordDuplicate(
  { database, collection }: Namespace,
  { name, key }: UniqueIndex,
  keyValue?: Document,
): DuplicateKey {
  const values = keyValue === undefined ? '' : ` dup key: ${JSON.stringify(keyValue)}`;
  return {
    errmsg: `E11000 duplicate key error collection: ${database}.${collection} index: ${name}${values}`,
    keyPattern: key,
    ...(keyValue === undefined ? {} : { keyValue }),
  };
}
