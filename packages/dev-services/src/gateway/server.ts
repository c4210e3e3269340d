import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { answerCommand, type GatewayState } from './answer.ts';
import { commandOf } from './command.ts';
import { createCursors } from './cursors.ts';
import { createTransactions } from './transactions.ts';
import { encodeReply, MalformedMessage, parseRequest, readMessages } from './wire.ts';

export interface GatewayOptions {
  readonly port: number;
  readonly postgresPort: number;
  /** Called with each line for people. */
  readonly log: (line: string) => void;
  /** Called when PostgreSQL has ended. */
  readonly onPostgresEnd: () => void;
}

/** Connections to PostgreSQL; the rest of its limit of 200 is for its own workers and for people. */
const POOL_SIZE = 120;

/**
 * A cursor's rest goes to a file, which any connection can read on. A conflict of two writers is an
 * error of the whole command, which then can be repeated, and not one of its write errors.
 */
const SESSION_SETTINGS = [
  '-c documentdb.useFileBasedPersistedCursors=on',
  '-c documentdb.throwDeadlockOnCRUD=on',
  '-c deadlock_timeout=20ms',
  '-c client_min_messages=error',
].join(' ');

/** Listens on the loopback interface for MongoDB's drivers and serves them from DocumentDB. */
export async function startGateway(options: GatewayOptions): Promise<Server> {
  const { port, postgresPort, log, onPostgresEnd } = options;
  const address = { host: '127.0.0.1', port: postgresPort, user: 'postgres', database: 'postgres' };
  const watch = new pg.Client(address);
  await watch.connect();
  watch.on('error', () => undefined); // `end` follows
  watch.once('end', onPostgresEnd);
  const pool = new pg.Pool({ ...address, max: POOL_SIZE, options: SESSION_SETTINGS });
  pool.on('connect', (client) => client.on('error', () => undefined)); // its query rejects as well
  pool.on('error', (error) => log(`an idle PostgreSQL connection broke: ${error.message}`));
  const state = {
    pool,
    cursors: createCursors(pool, Date.now),
    transactions: createTransactions(pool),
  };
  const server = createServer({ noDelay: true }, (socket) => {
    serve(state, socket)
      .catch((error: unknown) => {
        if (error instanceof MalformedMessage) log(`closed a connection: ${error.message}`);
      })
      .finally(() => socket.destroy());
    socket.once('close', () => {
      release(state, socket).catch((error: unknown) => log(`releasing failed: ${String(error)}`));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Answers a connection's commands one after the other; it reads and writes no faster than the client. */
async function serve(state: GatewayState, socket: Socket): Promise<void> {
  for await (const message of readMessages(socket)) {
    const request = parseRequest(message);
    const command = readCommand(request);
    const reply = await answerCommand(state, { command, connection: socket });
    if (socket.destroyed) return release(state, socket); // the cursors of this command have no owner
    if (request.wantsReply && !socket.write(encodeReply(request, reply))) {
      await drained(socket);
    }
  }
}

/** Resolves when the client has read enough, or has disconnected. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

function readCommand(request: Parameters<typeof commandOf>[0]): ReturnType<typeof commandOf> {
  try {
    return commandOf(request);
  } catch (error) {
    throw new MalformedMessage('a command could not be read', { cause: error });
  }
}

async function release(state: GatewayState, socket: Socket): Promise<void> {
  await Promise.all([
    state.cursors.releaseConnection(socket),
    state.transactions.releaseConnection(socket),
  ]);
}
