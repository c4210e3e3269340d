/** From a command to its reply: transactions, retries after contention, and errors as replies. */
import { setTimeout as sleep } from 'node:timers/promises';
import { serialize } from 'bson';
import type pg from 'pg';
import { type Command, collectionOf, type TransactionMark, transactionMarkOf } from './command.ts';
import { COMMANDS, type CommandCall } from './commands.ts';
import type { Cursors } from './cursors.ts';
import { describeConstraint } from './duplicate-keys.ts';
import { CommandFailure, errorReplyOf, isContention } from './errors.ts';
import type { Transactions } from './transactions.ts';
import { hasWriteErrors } from './writes.ts';

/** Writers that conflict without end would be a fault of their own; MongoDB also gives up at last. */
const CONTENTION_ATTEMPTS = 20;
const CONTENTION_PAUSE_MS = 20;

export interface GatewayState {
  readonly pool: pg.Pool;
  readonly cursors: Cursors;
  readonly transactions: Transactions;
}

/** Runs one command of a client connection. Never throws: an error is a reply too. */
export async function answerCommand(
  state: GatewayState,
  { command, connection }: { command: Command; connection: object },
): Promise<Uint8Array> {
  const mark = transactionMarkOf(command);
  try {
    if (command.name === 'commitTransaction' || command.name === 'abortTransaction') {
      if (mark === undefined)
        throw new CommandFailure('NoSuchTransaction', 'no transaction is named');
      if (command.name === 'commitTransaction') await state.transactions.commit(mark);
      else await state.transactions.rollBack(mark.session);
      return serialize({ ok: 1 });
    }
    return mark === undefined
      ? await runAlone({ command, connection, on: state.pool, ...state })
      : await runInTransaction(state, { command, connection, mark });
  } catch (error) {
    return errorDocument(state, { error, command, isInTransaction: mark !== undefined });
  }
}

/** A single command is repeated when other writers came between, as MongoDB does internally. */
async function runAlone(call: CommandCall): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await handlerOf(call.command)(call);
    } catch (error) {
      if (attempt >= CONTENTION_ATTEMPTS || !isContention(error)) throw error;
      await sleep(attempt * CONTENTION_PAUSE_MS); // the loser lets the winner finish
    }
  }
}

async function runInTransaction(
  state: GatewayState,
  given: { command: Command; connection: object; mark: TransactionMark },
): Promise<Uint8Array> {
  const { command, connection, mark } = given;
  const handler = handlerOf(command);
  const on = await state.transactions.clientFor(mark, connection);
  try {
    const reply = await handler({ command, connection, on, ...state });
    if (hasWriteErrors(reply)) await state.transactions.rollBack(mark.session);
    return reply;
  } catch (error) {
    await state.transactions.rollBack(mark.session);
    throw error;
  }
}

function handlerOf(command: Command) {
  const handler = COMMANDS.get(command.name);
  if (handler !== undefined) return handler;
  throw new CommandFailure('CommandNotFound', `no such command: '${command.name}'`);
}

async function errorDocument(
  state: GatewayState,
  given: { error: unknown; command: Command; isInTransaction: boolean },
): Promise<Uint8Array> {
  const { error, command, isInTransaction } = given;
  const reply = errorReplyOf(error);
  const isTransient = reply.codeName === 'WriteConflict' || reply.codeName === 'NoSuchTransaction';
  const labels =
    isInTransaction && isTransient ? { errorLabels: ['TransientTransactionError'] } : {};
  const namespace = { database: command.database, collection: collectionOf(command) };
  const detail =
    reply.codeName === 'DuplicateKey'
      ? await describeConstraint(state.pool, { error, namespace }).catch(() => undefined) // a detail must not hide the error
      : undefined;
  return serialize({ ...reply, ...labels, ...detail });
}
