/** insert, update, delete and findAndModify, and MongoDB's error texts for them. */
import { type Document, deserialize, serialize } from 'bson';
import { type Command, collectionOf } from './command.ts';
import { describeNamedIndex, describeRefusedInsert, type Namespace } from './duplicate-keys.ts';
import { bsonParameter, fetchDocument, type Queryable } from './engine.ts';
import { codeNameOfPacked, numberOf } from './errors.ts';

/** DocumentDB's write functions. */
export type WriteFunction = 'insert' | 'update' | 'delete' | 'find_and_modify';

/** Keeps the types of 64-bit integers and binary values when a reply or a document is rewritten. */
const FAITHFUL = { promoteValues: false, promoteLongs: false } as const;

/** Runs a write. The reply may hold `writeErrors`. */
export async function runWrite(
  on: Queryable,
  { kind, command }: { kind: WriteFunction; command: Command },
): Promise<Uint8Array> {
  const bytes = await fetchDocument(
    on,
    `p_result AS document FROM documentdb_api.${kind}($1, ${bsonParameter(2)})`,
    [command.database, command.spec],
  );
  if (!bytes.includes('writeErrors')) return bytes;
  const reply = deserialize(bytes, FAITHFUL);
  const writeErrors: unknown = reply['writeErrors'];
  if (!Array.isArray(writeErrors)) return bytes;
  const namespace = { database: command.database, collection: collectionOf(command) };
  const documents = kind === 'insert' ? documentsOf(command) : [];
  const translated: Document[] = [];
  for (const writeError of writeErrors) {
    translated.push(await translateWriteError(on, { writeError, documents, namespace }));
  }
  return serialize({ ...reply, writeErrors: translated });
}

/** Whether a reply reports a write that failed: inside a transaction that ends it. */
export function hasWriteErrors(reply: Uint8Array): boolean {
  if (!Buffer.from(reply.buffer, reply.byteOffset, reply.length).includes('writeErrors'))
    return false;
  const { writeErrors } = deserialize(reply);
  return Array.isArray(writeErrors) && writeErrors.length > 0;
}

function documentsOf(command: Command): readonly Document[] {
  const decoded: unknown = deserialize(command.spec, FAITHFUL)['documents'];
  return Array.isArray(decoded) ? decoded : [];
}

async function translateWriteError(
  on: Queryable,
  given: { writeError: Document; documents: readonly Document[]; namespace: Namespace },
): Promise<Document> {
  const { writeError, documents, namespace } = given;
  const codeName = codeNameOfPacked(Number(writeError['code']));
  const code = numberOf(codeName);
  if (codeName !== 'DuplicateKey') return { ...writeError, code };
  const message = String(writeError['errmsg']);
  const document = documents[Number(writeError['index'])];
  const detail =
    document === undefined
      ? await describeNamedIndex(on, { message, namespace })
      : await describeRefusedInsert(on, { document, namespace });
  return { ...writeError, code, errmsg: `E11000 duplicate key error: ${message}`, ...detail };
}
