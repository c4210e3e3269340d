import type { Command } from 'commander';
import { InvalidInput } from '../core/errors.ts';
import type { Credential, Region } from '../core/model/store.ts';
import type { Context } from './context.ts';
import { readSecret } from './terminal/secrets.ts';

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

/** What says where the directory is: a setting, or else the option. */
export function addressOf({ env }: Pick<Context['deps'], 'env'>): string {
  const consoleUrl = env['JUMPCLOUD_CONSOLE_URL'] || undefined;
  return consoleUrl === undefined ? '--region' : `JUMPCLOUD_CONSOLE_URL (${consoleUrl})`;
}
