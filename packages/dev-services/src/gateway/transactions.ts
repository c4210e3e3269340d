/** Multi-document transactions: each holds one PostgreSQL connection from its first command to its end. */
import type pg from 'pg';
import type { TransactionMark } from './command.ts';
import { CommandFailure } from './errors.ts';

/** MongoDB's own limit. A transaction left open would keep its locks from all others. */
const LIFETIME_LIMIT_MS = 60_000;

interface Transaction {
  readonly number: bigint;
  readonly client: pg.PoolClient;
  readonly expiry: NodeJS.Timeout;
  /** The client connection that used it last. */
  connection: object;
}

export type Transactions = ReturnType<typeof createTransactions>;

/** Keeps the open transactions of all sessions. */
export function createTransactions(pool: pg.Pool) {
  const open = new Map<string, Transaction>();
  /** The last committed transaction of a session: a driver that lost the answer asks again. */
  const committed = new Map<string, bigint>();

  const end = async (session: string, statement: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    const transaction = open.get(session);
    if (transaction === undefined) return;
    open.delete(session);
    clearTimeout(transaction.expiry);
    try {
      await transaction.client.query(statement);
      transaction.client.release();
    } catch (error) {
      transaction.client.release(true); // PostgreSQL rolls back the transaction of a closed connection
      if (statement === 'COMMIT') throw error;
    }
  };

  const begin = async (mark: TransactionMark, connection: object): Promise<Transaction> => {
    await end(mark.session, 'ROLLBACK'); // a new number ends the session's earlier transaction
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    } catch (error) {
      client.release(true);
      throw error;
    }
    const expiry = setTimeout(() => void end(mark.session, 'ROLLBACK'), LIFETIME_LIMIT_MS).unref();
    const transaction = { number: mark.number, client, expiry, connection };
    open.set(mark.session, transaction);
    return transaction;
  };

  const find = ({ session, number }: TransactionMark): Transaction => {
    const transaction = open.get(session);
    if (transaction?.number === number) return transaction;
    throw new CommandFailure(
      'NoSuchTransaction',
      `transaction ${number} of this session has ended or was never started`,
    );
  };

  return {
    /** The PostgreSQL connection on which a command of this transaction runs. Its first command starts it. */
    async clientFor(mark: TransactionMark, connection: object): Promise<pg.PoolClient> {
      const transaction = mark.starts ? await begin(mark, connection) : find(mark);
      transaction.connection = connection;
      return transaction.client;
    },

    /** Commits a transaction. Committing twice is harmless. */
    async commit(mark: TransactionMark): Promise<void> {
      if (committed.get(mark.session) === mark.number) return;
      find(mark);
      await end(mark.session, 'COMMIT');
      committed.set(mark.session, mark.number);
    },

    /** Rolls a transaction back. */
    rollBack: (session: string): Promise<void> => end(session, 'ROLLBACK'),

    /** Ends sessions and their open transactions. */
    async endSessions(sessions: readonly string[]): Promise<void> {
      for (const session of sessions) {
        committed.delete(session);
        await end(session, 'ROLLBACK');
      }
    },

    /** Rolls back the transactions of a closed connection. */
    async releaseConnection(connection: object): Promise<void> {
      const left = [...open].filter(([, transaction]) => transaction.connection === connection);
      for (const [session] of left) await end(session, 'ROLLBACK');
    },
  };
}
