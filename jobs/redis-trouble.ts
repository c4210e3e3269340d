import { adviceOnTrust } from '../src/core/connection-advice.ts';
import { ConfigError, messageOf, Unavailable } from '../src/core/errors.ts';
import { seeRunbook } from '../src/core/runbooks.ts';

/*
 * What Redis says no to, in words for the person on call. Redis answers, so that trying again soon
 * gets the same answer.
 */

/** `what` goes after the name of the server. It names no host, so that any caller may read it. */
export interface RedisTrouble {
  readonly what: string;
  readonly hint: string;
  /** True where only another setting helps, and no change of the server. */
  readonly isSetting?: true;
  /** True where the same connection gets another answer once the server is itself again. */
  readonly mayPass?: true;
}

/** Redis and Valkey begin most refusals with a code; those of a script have it inside. */
const troubles: readonly (RedisTrouble & { readonly said: RegExp })[] = [
  {
    said: /\b(NOAUTH|WRONGPASS)\b/,
    what: 'wants another password',
    hint: 'Correct the password in REDIS_URL.',
  },
  {
    said: /\bDB index is out of range/,
    what: 'does not have the database that REDIS_URL names',
    hint: 'Leave the number at the end of REDIS_URL out, or take one below the “databases” of that server (16 unless it is set). Installations that share a server may differ in REDIS_PREFIX instead.',
    isSetting: true,
  },
  {
    said: /\bNOPERM\b|ACL failure in script|can't run this command|no permissions to/i,
    what: 'does not let its user do what Rollcall must',
    hint: 'Give the user of REDIS_URL the rules in deploy/redis/users.acl, with REDIS_PREFIX in the pattern of its keys.',
  },
  {
    said: /\bREADONLY\b/,
    what: 'is a read-only replica',
    hint: 'Set REDIS_URL to the primary, or make this server the primary.',
    mayPass: true,
  },
  {
    said: /\bOOM\b/,
    what: 'has no memory left and takes no writes',
    hint: 'Raise its maxmemory, or remove what other programs keep there. Leave maxmemory-policy at noeviction.',
    mayPass: true,
  },
  {
    said: /\bMISCONF\b/,
    what: 'cannot save its data and takes no writes',
    hint: 'Free the disk of Redis; its own log says why it can’t save.',
    mayPass: true,
  },
  {
    said: /\bNOREPLICAS\b/,
    what: 'has too few replicas and takes no writes',
    hint: 'Bring its replicas back, or lower its min-replicas-to-write.',
    mayPass: true,
  },
  {
    said: /\b(LOADING|MASTERDOWN|CLUSTERDOWN)\b/,
    what: 'is not ready yet',
    hint: 'Wait until it has loaded its data and knows its primary; its own log says more.',
    mayPass: true,
  },
];

/** What Redis, or its TLS, says no to; null for an error that says that it is away. */
export function redisTroubleIn(error: unknown): RedisTrouble | null {
  const message = messageOf(error);
  const found = troubles.find(({ said }) => said.test(message));
  if (found !== undefined) {
    const { said: _said, ...trouble } = found;
    return trouble;
  }
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return null;
  if (code === 'EPROTO' || /WRONG_VERSION_NUMBER/.test(code)) {
    return {
      what: 'does not speak TLS',
      hint: 'Write redis:// in REDIS_URL, or give it the port on which that server speaks TLS.',
    };
  }
  const distrust = adviceOnTrust(code);
  if (distrust === null) return null;
  return { what: distrust, hint: 'NODE_EXTRA_CA_CERTS names a file with further authorities.' };
}

/** A server that accepts the connection and closes it without a word. */
export class ClosedAtOnce extends Error {
  constructor() {
    super('it closes the connection without an answer');
  }
}

/** The error of a command or a connection as the person on call reads it. `where` is the server. */
export function tellRedisTrouble(
  where: string,
  cause: unknown,
  { asksForTls }: { readonly asksForTls: boolean },
): Error {
  const trouble = redisTroubleIn(cause);
  if (trouble === null) {
    const aboutTls = asksForTls
      ? ' If it speaks no TLS, write redis:// there.'
      : ' If it speaks TLS alone, write rediss:// there.';
    const isMute = cause instanceof ClosedAtOnce || asksForTls;
    return new Unavailable(`${where} can't be reached: ${reasonOf(cause)}.`, {
      cause,
      hint: `Start Redis, or set REDIS_URL to where it is.${isMute ? aboutTls : ''} ${seeRunbook('services-lost')}`,
    });
  }
  const { what, isSetting } = trouble;
  const hint = `${trouble.hint} ${seeRunbook('services-refuse')}`;
  return new (isSetting === true ? ConfigError : Unavailable)(`${where} ${what}.`, { cause, hint });
}

/** Several refused addresses make an error without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return messageOf(error);
}
