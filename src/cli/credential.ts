import type { Command } from 'commander';
import { InvalidInput, messageOf, SourceError } from '../core/errors.ts';
import type { Credential, DirectoryKind, Region } from '../core/model/store.ts';
import type { ConnectDirectory, Organization } from '../sync/ports.ts';
import type { Context } from './context.ts';
import { readSecret } from './secrets.ts';

/** Somebody is waiting: far less patience than a run has. */
const checkTimeoutMs = 12_000;

export interface CredentialOptions {
  readonly apiKeyStdin?: true;
  readonly clientId?: string;
  readonly clientSecretStdin?: true;
}

/** The options that say how to sign in to a directory. */
export function addCredentialOptions(command: Command): Command {
  return command
    .option('--api-key-stdin', 'read the API key of an administrator from standard input')
    .option('--client-id <id>', 'sign in as a service account (region us)')
    .option('--client-secret-stdin', "read the service account's secret from standard input");
}

/** Checks the options before anything is asked or connected; `InvalidInput` when they don't go together. */
export function checkCredentialOptions(options: CredentialOptions, region: Region): void {
  const byKey = options.apiKeyStdin === true;
  const byClient = options.clientId !== undefined || options.clientSecretStdin === true;
  if (byKey === byClient) {
    throw new InvalidInput(
      byKey
        ? 'An API key and a service account are two ways to sign in.'
        : 'No way to sign in was given.',
      { hint: 'Give --api-key-stdin, or --client-id ID with --client-secret-stdin.' },
    );
  }
  if (!byClient) return;
  if (options.clientId === undefined || options.clientSecretStdin === undefined) {
    throw new InvalidInput('A service account needs its id and its secret.', {
      hint: 'Give both --client-id ID and --client-secret-stdin.',
    });
  }
  if (region !== 'us') {
    throw new InvalidInput(`Service accounts can't sign in to region ${region}.`, {
      hint: 'Use --api-key-stdin there; service accounts work in region us.',
    });
  }
}

/** Reads the secret that the (checked) options announce. */
export async function readCredential(
  { deps }: Pick<Context, 'deps'>,
  options: CredentialOptions,
): Promise<Credential> {
  const source = { stdin: deps.stdin, stderr: deps.stderr };
  if (options.clientId === undefined) {
    return { type: 'api-key', apiKey: await readSecret({ ...source, label: 'API key' }) };
  }
  const clientSecret = await readSecret({ ...source, label: 'client secret' });
  return { type: 'client-credentials', clientId: options.clientId, clientSecret };
}

/**
 * Signs in and asks which organizations the credential can see, at least one.
 * `InvalidInput` when the directory refuses it, can't be reached or doesn't answer in time.
 */
export async function fetchOrganizations({
  connectDirectory,
  directory,
  region,
  credential,
  timeoutMs = checkTimeoutMs,
}: {
  readonly connectDirectory: ConnectDirectory;
  readonly directory: DirectoryKind;
  readonly region: Region;
  readonly credential: Credential;
  readonly timeoutMs?: number;
}): Promise<readonly Organization[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const where = `${directory} (region ${region})`;
  let organizations: readonly Organization[];
  try {
    organizations = await connectDirectory({
      directory,
      region,
      credential,
      orgId: null,
      signal,
    }).organizations();
  } catch (error) {
    throw signInProblem({ error, where, timedOut: signal.aborted, timeoutMs });
  }
  if (organizations.length > 0) return organizations;
  throw new InvalidInput(`The credential works at ${where} but can see no organization.`, {
    hint: 'Use the key of an administrator of the organization.',
  });
}

function signInProblem({
  error,
  where,
  timedOut,
  timeoutMs,
}: {
  readonly error: unknown;
  readonly where: string;
  readonly timedOut: boolean;
  readonly timeoutMs: number;
}): unknown {
  if (error instanceof SourceError) {
    return new InvalidInput(`The credential can't be used at ${where}: ${error.message}`, {
      cause: error,
      hint:
        error.kind === 'auth'
          ? 'Check the key, and that --region is where the organization lives.'
          : 'Check the network and --region, then try again.',
    });
  }
  if (!timedOut) return error;
  const reason =
    error instanceof Error && error.cause !== undefined
      ? ` The last problem: ${messageOf(error.cause)}`
      : '';
  return new InvalidInput(
    `${where} gave no usable answer within ${timeoutMs / 1000} seconds.${reason}`,
    { cause: error, hint: 'Check the network and --region, then try again.' },
  );
}

/** The organization to sync from: the one asked for, or the only one there is. */
export function chooseOrganization(
  organizations: readonly Organization[],
  wanted: string | undefined,
): Organization {
  const listed = organizations.map(({ id, name }) => `${id} (${name})`).join(', ');
  if (wanted !== undefined) {
    const found = organizations.find(({ id }) => id === wanted);
    if (found !== undefined) return found;
    throw new InvalidInput(`The credential can't see an organization ${JSON.stringify(wanted)}.`, {
      hint: `It can see: ${listed}.`,
    });
  }
  const [only, ...others] = organizations;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidInput('The credential can see several organizations.', {
    hint: `Choose one with --org-id: ${listed}.`,
  });
}
