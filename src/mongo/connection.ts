import mongoose, { type Connection } from 'mongoose';
import { ConfigError, Unavailable } from '../core/errors.ts';
import { refuseClosedSockets } from './closed-sockets.ts';
import { tellDatabaseTrouble } from './database-trouble.ts';
import { probeDatabase } from './probe-database.ts';

refuseClosedSockets();

/** An open connection to one database, with its own models: nothing of it is global. */
export interface Database {
  readonly connection: Connection;
  /** `host:port` of the server, several parted by commas. */
  readonly host: string;
  /** Pings the server; `Unavailable` when it doesn't answer. */
  ping(): Promise<void>;
  /** Has the server take writes that change nothing, and returns its clock; `Unavailable` when it refuses. */
  probe(): Promise<Date | null>;
  close(): Promise<void>;
}

/** A logger for the database; a pino logger will do. */
interface DatabaseLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface DatabaseOptions {
  /** A MongoDB connection string; it may hold a password. */
  readonly uri: string;
  readonly database: string;
  readonly log?: DatabaseLog;
  /** How long a server is looked for, at the start and for each operation later. */
  readonly timeoutMs?: number;
}

/**
 * Leases, revisions and counts rest on what was written before, and on knowing that it was written: whatever the
 * connection string says, writes are acknowledged by a majority, and reads go to the primary.
 */
const acknowledged = {
  w: 'majority',
  readPreference: 'primary',
  readConcernLevel: 'local',
} as const;

/** Less than the 10 s within which a process says that its database can't be reached. */
const defaultTimeoutMs = 5000;

/**
 * Connects to MongoDB. `Unavailable` when it can't be reached or refuses, naming the host and no credential;
 * `ConfigError` when the driver doesn't understand the connection string.
 */
export async function connectDatabase({
  uri,
  database,
  log,
  timeoutMs = defaultTimeoutMs,
}: DatabaseOptions): Promise<Database> {
  const host = hostOf(uri);
  const unreachable = (error: unknown): Unavailable =>
    tellDatabaseTrouble(`The database at ${host}`, error, { asksForTls: asksForTls(uri) });
  const connection = mongoose.createConnection();
  const ping = async (): Promise<void> => {
    try {
      await connection.db?.command({ ping: 1 }, { timeoutMS: timeoutMs });
    } catch (error) {
      throw unreachable(error);
    }
  };
  // Without a listener, an error that mongoose also reports by rejecting would end the process.
  connection.on('error', () => {});
  try {
    await connection.openUri(uri, {
      dbName: database,
      appName: 'rollcall',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      ...acknowledged,
      connectTimeoutMS: timeoutMs,
      serverSelectionTimeoutMS: timeoutMs,
    });
    await ping();
  } catch (error) {
    await connection.close();
    if (error instanceof Error && invalidOptionErrors.has(error.name)) throw malformed();
    throw error instanceof Unavailable ? error : unreachable(error);
  }
  connection.on('disconnected', () => log?.warn(`lost the database at ${host}`));
  connection.on('reconnected', () => log?.info(`found the database at ${host} again`));
  return {
    connection,
    host,
    ping,
    probe: () =>
      probeDatabase(connection).catch((error: unknown) => {
        throw unreachable(error);
      }),
    async close() {
      connection.removeAllListeners('disconnected');
      await connection.close();
    },
  };
}

/** The errors that the driver throws for an invalid connection string or option. */
const invalidOptionErrors = new Set([
  'MongoParseError',
  'MongoInvalidArgumentError',
  'MongoMissingCredentialsError',
  'MongoAPIError',
]);

/** The driver quotes what it can't parse, passwords included: its error is not passed on. */
function malformed(): ConfigError {
  return new ConfigError("The settings can't be used:\n  MONGODB_URI: malformed.", {
    hint: 'Correct its options, and percent-encode special characters of the password.',
  });
}

/** `host:port[,host:port…]` of a connection string. */
function hostOf(uri: string): string {
  const authority = uri.replace(/^[^/]*\/\//, '').split(/[/?]/)[0] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1);
}

function asksForTls(uri: string): boolean {
  return /^mongodb\+srv:|[?&](tls|ssl)=true\b/.test(uri);
}
