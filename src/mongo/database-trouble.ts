import { adviceOnTrust } from '../core/connection-advice.ts';
import { messageOf, Unavailable } from '../core/errors.ts';
import { seeRunbook } from '../core/runbooks.ts';

/** What the database says no to. It names no host and no user, so that any caller may read it. */
export interface DatabaseTrouble {
  readonly what: string;
  readonly hint: string;
}

/** The codes of MongoDB's errors that the person on call can do something about. */
const troublesByCode: Readonly<Record<number, DatabaseTrouble>> = {
  18: {
    what: 'refuses the name or the password of its user',
    hint: 'Correct them in MONGODB_URI, percent-encoded; its authSource names the database in which the user was made.',
  },
  13: {
    what: 'does not let its user do what Rollcall must',
    hint: 'Give the user of MONGODB_URI the role that deploy/mongodb/create-users.js makes, on the database that MONGODB_DATABASE names.',
  },
  10107: {
    what: 'is a secondary and takes no writes',
    hint: 'Name all hosts of the replica set and its replicaSet in MONGODB_URI, without directConnection.',
  },
};

/** Other codes with the same meaning: of Atlas, and of a secondary. */
const sameAs: Readonly<Record<number, number>> = { 8000: 18, 13435: 10107 };

/** What the database, or its TLS, says no to; null for an error that says that it is away. */
export function databaseTroubleIn(error: unknown): DatabaseTrouble | null {
  for (const { code, message } of causesOf(error)) {
    const byCode = troublesByCode[sameAs[Number(code)] ?? Number(code)];
    if (byCode !== undefined) return byCode;
    if (code === 'EPROTO' || /WRONG_VERSION_NUMBER/i.test(`${String(code)} ${message}`)) {
      const hint = 'Take tls=true out of MONGODB_URI, or have the server speak TLS.';
      return { what: 'does not speak TLS', hint };
    }
    const distrust = typeof code === 'string' ? adviceOnTrust(code) : null;
    if (distrust !== null) {
      const hint = 'tlsCAFile in MONGODB_URI or NODE_EXTRA_CA_CERTS names further authorities.';
      return { what: distrust, hint };
    }
  }
  const { reason } = error as { readonly reason?: Topology };
  if (reason?.type === 'ReplicaSetNoPrimary' && reason.servers.size === 0) {
    return {
      what: `is not of the replica set ${JSON.stringify(reason.setName)} that MONGODB_URI names`,
      hint: 'Correct replicaSet in MONGODB_URI, or leave it out for a server that stands alone.',
    };
  }
  return null;
}

/** The part of the driver's description of the servers that is read here. */
interface Topology {
  readonly type: string;
  readonly setName: string | null;
  readonly servers: ReadonlyMap<string, { readonly error?: unknown }>;
}

interface Cause {
  readonly code?: unknown;
  readonly message?: string;
}

/** The error, what caused it, and what each server said. */
function causesOf(error: unknown): readonly Cause[] {
  if (typeof error !== 'object' || error === null) return [];
  const found = error as Cause & { readonly cause?: unknown; readonly reason?: Topology };
  const ofServers = found.reason?.servers instanceof Map ? [...found.reason.servers.values()] : [];
  return [
    found,
    ...causesOf(found.cause),
    ...ofServers.flatMap((server) => causesOf(server.error)),
  ];
}

/** The error of a connection or a command as the person on call reads it. `where` is the server. */
export function tellDatabaseTrouble(
  where: string,
  cause: unknown,
  { asksForTls }: { readonly asksForTls: boolean },
): Unavailable {
  const trouble = databaseTroubleIn(cause);
  if (trouble !== null) {
    const hint = `${trouble.hint} ${seeRunbook('services-refuse')}`;
    return new Unavailable(`${where} ${trouble.what}.`, { cause, hint });
  }
  const message = messageOf(cause);
  const aboutTls = asksForTls
    ? ' If it speaks no TLS, take tls=true out of MONGODB_URI.'
    : ' If it speaks TLS alone, add tls=true to MONGODB_URI.';
  const isCutOff = /\bclosed\b|timed out/.test(message);
  return new Unavailable(`${where} can't be used: ${message}`, {
    cause,
    hint: `Start MongoDB there, or correct MONGODB_URI.${isCutOff ? aboutTls : ''} ${seeRunbook('services-lost')}`,
  });
}
