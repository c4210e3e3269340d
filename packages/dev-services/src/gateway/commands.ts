/** Every command that the gateway answers, and the DocumentDB function behind it. */
import { deserialize, serialize } from 'bson';
import { type Command, collectionOf, sessionKeyOf } from './command.ts';
import type { CursorFunction, Cursors } from './cursors.ts';
import { bsonParameter, fetchDocument, type Queryable } from './engine.ts';
import { CommandFailure } from './errors.ts';
import type { Transactions } from './transactions.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';
import { runWrite, type WriteFunction } from './writes.ts';

export interface CommandCall {
  readonly command: Command;
  /** The transaction's connection, or the pool. */
  readonly on: Queryable;
  /** The client connection that sent the command. */
  readonly connection: object;
  readonly cursors: Cursors;
  readonly transactions: Transactions;
}

type Handler = (call: CommandCall) => Promise<Uint8Array> | Uint8Array;

const ok = (): Uint8Array => serialize({ ok: 1 });

/** `msg: isdbgrid` presents a router, the one topology on which drivers use transactions without a replica set. */
const hello = (): Uint8Array =>
  serialize({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    msg: 'isdbgrid',
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 25_000, // DocumentDB's documentdb.maxWriteBatchSize
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  });

const buildInfo = (): Uint8Array =>
  serialize({ version: '7.0.0', versionArray: [7, 0, 0, 0], ok: 1 });

const write =
  (kind: WriteFunction): Handler =>
  ({ on, command }) =>
    runWrite(on, { kind, command });

const openCursor =
  (kind: CursorFunction): Handler =>
  ({ cursors, ...call }) =>
    cursors.open(kind, call);

/** A function that takes the database and the command, and gives the reply. */
const callFunction =
  (name: string): Handler =>
  ({ on, command }) =>
    fetchDocument(on, `${name}($1, ${bsonParameter(2)}) AS document`, [
      command.database,
      command.spec,
    ]);

async function createIndexes({ on, command }: CommandCall): Promise<Uint8Array> {
  return fetchDocument(
    on,
    `documentdb_api_internal.create_indexes_non_concurrently($1, ${bsonParameter(2)}, true) AS document`,
    [command.database, command.spec],
  );
}

async function dropIndexes({ on, command }: CommandCall): Promise<Uint8Array> {
  // A procedure can't be called in a subquery, so its answer arrives as PostgreSQL's text of BSON.
  const { rows } = await on.query<{ retval: string }>(
    `CALL documentdb_api.drop_indexes($1, ${bsonParameter(2)}, NULL)`,
    [command.database, command.spec],
  );
  return Buffer.from((rows[0]?.retval ?? '').replace(/^BSONHEX/, ''), 'hex');
}

async function drop({ on, command }: CommandCall): Promise<Uint8Array> {
  const { rows } = await on.query<{ dropped: boolean }>(
    'SELECT documentdb_api.drop_collection($1, $2) AS dropped',
    [command.database, collectionOf(command)],
  );
  if (rows[0]?.dropped !== true) throw new CommandFailure('NamespaceNotFound', 'ns not found');
  return ok();
}

async function dropDatabase({ on, command }: CommandCall): Promise<Uint8Array> {
  await on.query('SELECT documentdb_api.drop_database($1)', [command.database]);
  return serialize({ dropped: command.database, ok: 1 });
}

const EXPLAINED: Readonly<Record<string, string>> = {
  find: 'bson_aggregation_find',
  aggregate: 'bson_aggregation_pipeline',
  count: 'bson_aggregation_count',
  distinct: 'bson_aggregation_distinct',
};

/** PostgreSQL's plan in PostgreSQL's words: enough to see which index a query uses. */
async function explain({ on, command }: CommandCall): Promise<Uint8Array> {
  const explained = deserialize(command.spec, { promoteValues: false })['explain'];
  const kind = Object.keys(explained)[0] ?? '';
  const name = EXPLAINED[kind];
  if (name === undefined) throw new CommandFailure('CommandNotFound', `cannot explain '${kind}'`);
  const { rows } = await on.query<{ 'QUERY PLAN': [{ Plan: unknown }] }>(
    `EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.${name}($1, ${bsonParameter(2)})`,
    [command.database, serialize(explained)],
  );
  return serialize({ queryPlanner: { winningPlan: rows[0]?.['QUERY PLAN'][0].Plan }, ok: 1 });
}

async function ping({ on }: CommandCall): Promise<Uint8Array> {
  await on.query('SELECT 1');
  return ok();
}

async function endSessions({ command, transactions }: CommandCall): Promise<Uint8Array> {
  const given = command.field('endSessions');
  const sessions = (Array.isArray(given) ? given : []).map(sessionKeyOf);
  await transactions.endSessions(sessions.filter((session) => session !== undefined));
  return ok();
}

const collectionStatistics: Handler = ({ on, command }) =>
  fetchDocument(on, 'documentdb_api.coll_stats($1, $2) AS document', [
    command.database,
    collectionOf(command),
  ]);

const modifyCollection: Handler = ({ on, command }) =>
  fetchDocument(on, `documentdb_api.coll_mod($1, $2, ${bsonParameter(3)}) AS document`, [
    command.database,
    collectionOf(command),
    command.spec,
  ]);

const listDatabases: Handler = ({ on, command }) =>
  fetchDocument(on, `documentdb_api.list_databases(${bsonParameter(1)}) AS document`, [
    command.spec,
  ]);

const databaseStatistics: Handler = ({ on, command }) =>
  fetchDocument(on, 'documentdb_api.db_stats($1) AS document', [command.database]);

/** A command's handler by the name that drivers send; older names are included. */
export const COMMANDS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['hello', hello],
  ['ismaster', hello],
  ['isMaster', hello],
  ['buildInfo', buildInfo],
  ['buildinfo', buildInfo],
  ['ping', ping],
  ['refreshSessions', ok],
  ['endSessions', endSessions],
  ['insert', write('insert')],
  ['update', write('update')],
  ['delete', write('delete')],
  ['findAndModify', write('find_and_modify')],
  ['findandmodify', write('find_and_modify')],
  ['find', openCursor('find')],
  ['aggregate', openCursor('aggregate')],
  ['listCollections', openCursor('list_collections')],
  ['listIndexes', openCursor('list_indexes')],
  ['getMore', ({ cursors, ...call }) => cursors.readOn(call)],
  ['killCursors', ({ cursors, command }) => cursors.kill(command)],
  ['count', callFunction('documentdb_api.count_query')],
  ['distinct', callFunction('documentdb_api.distinct_query')],
  ['explain', explain],
  ['create', callFunction('documentdb_api.create_collection_view')],
  ['createIndexes', createIndexes],
  ['dropIndexes', dropIndexes],
  ['drop', drop],
  ['dropDatabase', dropDatabase],
  ['listDatabases', listDatabases],
  ['collStats', collectionStatistics],
  ['collMod', modifyCollection],
  ['dbStats', databaseStatistics],
]);
