/**
 * Open cursors. DocumentDB keeps a cursor's rest in a file and its position in a continuation
 * document, so any pooled connection can read on and none is held by a cursor.
 * Inside a transaction DocumentDB has room for one sorted or aggregated cursor at a time; the earlier one is lost.
 */
import { Long, serialize } from 'bson';
import type pg from 'pg';
import type { Command } from './command.ts';
import { bsonParameter, type Queryable } from './engine.ts';
import { CommandFailure } from './errors.ts';

/** MongoDB's own limit: a cursor that is not read for ten minutes is closed. */
const IDLE_LIMIT_MS = 600_000;

interface Cursor {
  continuation: Buffer;
  /** The client connection that used it last. */
  connection: object;
  usedAtMs: number;
}

interface PageRow {
  page: Buffer;
  continuation: Buffer | null;
  cursorid: string | null;
}

/** Functions of DocumentDB that open a cursor. */
export type CursorFunction = 'find' | 'aggregate' | 'list_collections' | 'list_indexes';

export interface CursorCall {
  readonly on: Queryable;
  readonly command: Command;
  readonly connection: object;
}

export type Cursors = ReturnType<typeof createCursors>;

/** Keeps the cursors of all connections; `nowMs` is the clock. */
export function createCursors(pool: pg.Pool, nowMs: () => number) {
  const cursors = new Map<string, Cursor>();

  const forget = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    for (const id of ids) cursors.delete(id);
    await pool.query('SELECT documentdb_api_internal.delete_cursors($1::bigint[])', [ids]);
  };

  const forgetIf = (condition: (cursor: Cursor) => boolean): Promise<void> =>
    forget([...cursors].filter(([, cursor]) => condition(cursor)).map(([id]) => id));

  return {
    /** Runs a command that opens a cursor and returns its first page. */
    async open(kind: CursorFunction, { on, command, connection }: CursorCall): Promise<Buffer> {
      await forgetIf((cursor) => nowMs() - cursor.usedAtMs > IDLE_LIMIT_MS);
      const { rows } = await on.query<PageRow>(
        `SELECT documentdb_core.bson_to_bytea(cursorpage) AS page,
                documentdb_core.bson_to_bytea(continuation) AS continuation, cursorid::text
           FROM documentdb_api.${kind}_cursor_first_page($1, ${bsonParameter(2)})`,
        [command.database, command.spec],
      );
      const row = onlyRow(rows);
      if (row.continuation !== null && row.cursorid !== null && row.cursorid !== '0') {
        const { continuation } = row;
        cursors.set(row.cursorid, { continuation, connection, usedAtMs: nowMs() });
      }
      return row.page;
    },

    /** Returns the next page of a cursor. */
    async readOn({ on, command, connection }: CursorCall): Promise<Buffer> {
      const id = String(command.field('getMore'));
      const cursor = cursors.get(id);
      if (cursor === undefined)
        throw new CommandFailure('CursorNotFound', `cursor id ${id} not found`);
      cursor.connection = connection;
      const { rows } = await on.query<PageRow>(
        `SELECT documentdb_core.bson_to_bytea(cursorpage) AS page,
                documentdb_core.bson_to_bytea(continuation) AS continuation
           FROM documentdb_api.cursor_get_more($1, ${bsonParameter(2)}, ${bsonParameter(3)})`,
        [command.database, command.spec, cursor.continuation],
      );
      const row = onlyRow(rows);
      if (row.continuation === null) cursors.delete(id);
      else Object.assign(cursor, { continuation: row.continuation, usedAtMs: nowMs() });
      return row.page;
    },

    /** Closes cursors at the client's request. */
    async kill(command: Command): Promise<Uint8Array> {
      const asked = command.field('cursors');
      const ids = Array.isArray(asked) ? asked.map(String) : [];
      const killed = ids.filter((id) => cursors.has(id));
      await forget(killed);
      const numbers = (of: readonly string[]): Long[] => of.map((id) => Long.fromString(id));
      return serialize({
        cursorsKilled: numbers(killed),
        cursorsNotFound: numbers(ids.filter((id) => !killed.includes(id))),
        cursorsAlive: [],
        cursorsUnknown: [],
        ok: 1,
      });
    },

    /** Closes the cursors of a closed connection. */
    releaseConnection: (connection: object): Promise<void> =>
      forgetIf((cursor) => cursor.connection === connection),
  };
}

function onlyRow(rows: readonly PageRow[]): PageRow {
  const row = rows[0];
  if (row === undefined) throw new Error('DocumentDB answered without a page');
  return row;
}
