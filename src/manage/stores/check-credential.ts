import { Cancelled, InvalidInput, SourceError } from '../../core/errors.ts';
import type { ListedUser } from '../../core/model/source-user.ts';
import type { Connection, Credential, DirectoryStore } from '../../core/model/store.ts';
import type { ConnectDirectory, Organization, SourceDirectory } from '../../ports/directory.ts';

/**
 * The administrator is waiting, so the limits are far lower than a run's. A directory that has
 * failed for `failingMs` is given up; one that is slow or asks for a pause has until `slowMs`.
 */
const checkPatience = { failingMs: 2_000, slowMs: 10_000 };

/** What is needed to ask a directory whether a credential is valid. */
export interface CredentialCheck {
  readonly connectDirectory: ConnectDirectory;
  readonly directory: string;
  readonly connection: Connection;
  readonly credential: Credential;
  /** What says where the directory is, in words for a hint: `--region`. Without it, `the region`. */
  readonly address?: string;
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
 * Reads one page of users: a credential may sign in and still have no right to list users. `orgId`
 * is named only by multi-tenant credentials. `InvalidInput` as for `fetchOrganizations`.
 */
export async function checkUserAccess(check: CredentialCheck, orgId: string | null): Promise<void> {
  await ask(check, orgId, firstPage);
}

export async function firstPage(directory: SourceDirectory): Promise<readonly ListedUser[]> {
  const pages = directory.walkUsers();
  const { value, done } = await pages.next();
  await pages.return({ broken: null, totalBefore: 0, totalAfter: 0, pages: 1, requests: 1 });
  return done === true ? [] : value.users;
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
    hint: `Choose one (--org-id, orgId): ${listed}.`,
  });
}

/** Refuses credentials of other organizations: their users must never count as this organization's. */
export function checkOrganization(
  store: DirectoryStore,
  organizations: readonly Organization[],
): void {
  const seen = organizations.map(({ id, name }) => `${id} (${name})`).join(', ');
  if (!organizations.some(({ id }) => id === store.orgId)) {
    throw new InvalidInput(
      `This credential belongs to another organization: it can see ${seen}, but ${JSON.stringify(store.name)} is of ${store.orgId}.`,
      { hint: 'Use a key of that organization, or add the other one as a store of its own.' },
    );
  }
  if (organizations.length > 1 && !store.sendOrgId) {
    throw new InvalidInput(
      `This credential can see several organizations (${seen}), but ${JSON.stringify(store.name)} was added without naming one.`,
      { hint: `Use a key of ${store.orgId} alone.` },
    );
  }
}

function whereOf({ directory, connection }: CredentialCheck): string {
  const place = Object.entries(connection).map(([field, value]) => `${field} ${value}`);
  return place.length === 0 ? directory : `${directory} (${place.join(', ')})`;
}

async function ask<T>(
  check: CredentialCheck,
  orgId: string | null,
  question: (directory: SourceDirectory) => Promise<T>,
): Promise<T> {
  const { connectDirectory, directory, connection, credential, patience = checkPatience } = check;
  const askFor = (timeoutMs: number): Promise<T> => {
    const signal = AbortSignal.timeout(timeoutMs);
    return question(connectDirectory({ directory, connection, credential, orgId, signal }));
  };
  try {
    return await askFor(patience.failingMs).catch((error: unknown) => {
      if (error instanceof Cancelled && !isFailing(error.cause)) return askFor(patience.slowMs);
      throw error;
    });
  } catch (error) {
    throw signInProblem(error, check);
  }
}

/** The directory client retries; its last error tells whether the directory failed or was slow. */
function isFailing(lastProblem: unknown): boolean {
  return lastProblem instanceof SourceError && lastProblem.kind !== 'rate-limited';
}

function signInProblem(error: unknown, check: CredentialCheck): unknown {
  const fields = Object.keys(check.connection).join(' and ') || 'address';
  const { address = `the ${fields}` } = check;
  const problem = error instanceof Cancelled ? error.cause : error;
  if (problem instanceof SourceError) {
    return new InvalidInput(
      `The credential can't be used at ${whereOf(check)}: ${problem.message}`,
      {
        cause: error,
        hint:
          problem.kind === 'auth' || problem.kind === 'forbidden'
            ? `Check the key and its administrator’s rights, and that ${address} is where the organization lives.`
            : `Check the network and ${address}, then try again.`,
      },
    );
  }
  if (!(error instanceof Cancelled)) return error;
  return new InvalidInput(`${whereOf(check)} gave no answer in time.`, {
    cause: error,
    hint: `Check the network and ${address}, then try again.`,
  });
}
