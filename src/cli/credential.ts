import type { Command } from 'commander';
import { Cancelled, InvalidInput, SourceError } from '../core/errors.ts';
import type { Credential, DirectoryKind, Region } from '../core/model/store.ts';
import type { ConnectDirectory, Organization, SourceDirectory } from '../sync/ports.ts';
import type { Context } from './context.ts';
import { readSecret } from './secrets.ts';

/**
 * Somebody is waiting: far less patience than a run has. Who has failed for `failingMs` is given up;
 * who is slow or asks for a pause has until `slowMs`.
 */
const checkPatience = { failingMs: 2_000, slowMs: 10_000 };

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

/** Whether any way to sign in to a directory was given. */
export function givesCredential(options: CredentialOptions): boolean {
  const { apiKeyStdin, clientId, clientSecretStdin } = options;
  return apiKeyStdin === true || clientId !== undefined || clientSecretStdin === true;
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

/** What is needed to ask a directory whether a credential is good. */
export interface CredentialCheck {
  readonly connectDirectory: ConnectDirectory;
  readonly env: Context['deps']['env'];
  readonly directory: DirectoryKind;
  readonly region: Region;
  readonly credential: Credential;
  readonly patience?: typeof checkPatience;
}

/**
 * Signs in and asks which organizations the credential can see, at least one.
 * `InvalidInput` when the directory refuses it, can't be reached or doesn't answer in time.
 */
export async function fetchOrganizations(check: CredentialCheck): Promise<readonly Organization[]> {
  const organizations = await ask(check, null, (directory) => directory.organizations());
  if (organizations.length > 0) return organizations;
  throw new InvalidInput(`The credential works at ${whereOf(check)} but can see no organization.`, {
    hint: 'Use the key of an administrator of the organization.',
  });
}

/**
 * Reads one page of users: a credential may sign in and still not be allowed to list anybody.
 * `orgId` is named only by multi-tenant credentials. `InvalidInput` as for `fetchOrganizations`.
 */
export async function checkUserAccess(check: CredentialCheck, orgId: string | null): Promise<void> {
  await ask(check, orgId, async (directory) => {
    const pages = directory.walkUsers();
    await pages.next();
    await pages.return({ broken: null, totalBefore: 0, totalAfter: 0, pages: 1, requests: 1 });
  });
}

const whereOf = ({ directory, region }: CredentialCheck) => `${directory} (region ${region})`;

async function ask<T>(
  check: CredentialCheck,
  orgId: string | null,
  question: (directory: SourceDirectory) => Promise<T>,
): Promise<T> {
  const { connectDirectory, env, directory, region, credential, patience = checkPatience } = check;
  const askFor = (timeoutMs: number): Promise<T> => {
    const signal = AbortSignal.timeout(timeoutMs);
    return question(connectDirectory({ directory, region, credential, orgId, signal }));
  };
  try {
    return await askFor(patience.failingMs).catch((error: unknown) => {
      if (error instanceof Cancelled && !isFailing(error.cause)) return askFor(patience.slowMs);
      throw error;
    });
  } catch (error) {
    const consoleUrl = env['JUMPCLOUD_CONSOLE_URL'] || undefined;
    throw signInProblem({ error, where: whereOf(check), consoleUrl });
  }
}

/** The directory client tries again and again; what went wrong last tells failing from being slow. */
function isFailing(lastProblem: unknown): boolean {
  return lastProblem instanceof SourceError && lastProblem.kind !== 'rate-limited';
}

function signInProblem({
  error,
  where,
  consoleUrl,
}: {
  readonly error: unknown;
  readonly where: string;
  readonly consoleUrl: string | undefined;
}): unknown {
  const address = consoleUrl === undefined ? '--region' : `JUMPCLOUD_CONSOLE_URL (${consoleUrl})`;
  const problem = error instanceof Cancelled ? error.cause : error;
  if (problem instanceof SourceError) {
    return new InvalidInput(`The credential can't be used at ${where}: ${problem.message}`, {
      cause: error,
      hint:
        problem.kind === 'auth'
          ? `Check the key, and that ${address} is where the organization lives.`
          : `Check the network and ${address}, then try again.`,
    });
  }
  if (!(error instanceof Cancelled)) return error;
  return new InvalidInput(`${where} gave no answer in time.`, {
    cause: error,
    hint: `Check the network and ${address}, then try again.`,
  });
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
