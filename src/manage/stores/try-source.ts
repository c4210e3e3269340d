import { compileCriteria } from '../../core/criteria/criteria.ts';
import { Conflict, InvalidInput, SourceError } from '../../core/errors.ts';
import { listAttributes } from '../../core/mapping/list-attributes.ts';
import {
  type MappableAttribute,
  mappableAttributes,
} from '../../core/mapping/mappable-attributes.ts';
import { traceMapping } from '../../core/mapping/trace-mapping.ts';
import { isUnreadable, type SourceUser } from '../../core/model/source-user.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { Criteria, Mapping } from '../../core/model/store-config.ts';
import type { Organization } from '../../ports/directory.ts';
import type { Ports } from '../../ports/index.ts';
import { askSource } from '../../sync/source/ask-source.ts';
import { prepareScope } from '../../sync/source/scope.ts';
import {
  type CredentialCheck,
  checkOrganization,
  checkUserAccess,
  fetchOrganizations,
  firstPage,
} from './check-credential.ts';

/** The limit for a form, where a person waits: a slow directory is reported as slow. */
export const patienceMs = 20_000;

export type TryPorts = Pick<Ports, 'connectDirectory' | 'connectPushed'> & {
  readonly stores: Pick<Ports['stores'], 'credential'>;
};

/** Whether a credential reads a directory, and which organizations; or the reason why not. */
export interface ConnectionTest {
  readonly organizations: readonly Organization[];
  readonly problem: InvalidInput | null;
}

/** Tries a credential before anything is stored. */
export async function testConnection(
  check: CredentialCheck,
  orgId: string | null,
): Promise<ConnectionTest> {
  return outcomeOf(async () => {
    const organizations = await fetchOrganizations(check);
    await checkUserAccess(check, orgId);
    return organizations;
  });
}

/** Tries the stored credential of a store. */
export async function testStore(
  { connectDirectory, stores }: TryPorts,
  store: DirectoryStore,
): Promise<ConnectionTest> {
  const { directory, connection, orgId, sendOrgId } = store;
  const credential = await stores.credential(store.id);
  if (credential === null) {
    throw new Conflict(
      `${JSON.stringify(store.name)} is pushed into: no credential can be tested.`,
      {
        hint: 'Use Test Connection in the directory, or give the store a credential too.',
      },
    );
  }
  const check = { connectDirectory, directory, connection, credential };
  return outcomeOf(async () => {
    const organizations = await fetchOrganizations(check);
    checkOrganization(store, organizations);
    await checkUserAccess(check, sendOrgId ? orgId : null);
    return organizations;
  });
}

async function outcomeOf(test: () => Promise<readonly Organization[]>): Promise<ConnectionTest> {
  try {
    return { organizations: await test(), problem: null };
  } catch (error) {
    if (error instanceof InvalidInput) return { organizations: [], problem: error };
    throw error;
  }
}

/** What a mapping can read: the attributes of the first page of a store's users, and those of the default mapping. */
export async function seeAttributes(
  ports: TryPorts & Pick<Ports, 'directories'>,
  store: DirectoryStore,
): Promise<{ readonly users: number; readonly attributes: readonly MappableAttribute[] }> {
  const users = await firstUsers(ports, store);
  const { defaultMapping } = ports.directories.of(store.directory);
  const { mapping } = store.config;
  const attributes = mappableAttributes(listAttributes(users), { mapping, defaultMapping });
  return { users: users.length, attributes };
}

/** The fields that a mapping gives one user, each with a value, blank (null), or a problem. */
export interface TriedUser {
  readonly externalId: string;
  readonly fields: readonly {
    readonly field: string;
    readonly value: string | null;
    readonly problem: string | null;
  }[];
}

/** Applies a mapping to the first few users of a store; nothing is stored. */
export async function tryMapping(
  ports: TryPorts & Pick<Ports, 'expressions'>,
  store: DirectoryStore,
  { mapping, limit }: { readonly mapping: Mapping; readonly limit: number },
): Promise<readonly TriedUser[]> {
  const users = (await firstUsers(ports, store)).slice(0, limit);
  const traces = await traceMapping(mapping, users, ports.expressions.forRequest());
  return users.map(({ externalId }, at) => {
    const fields = [...(traces[at] ?? [])].map(([field, { made }]) =>
      typeof made === 'object' && made !== null
        ? { field, value: null, problem: made.problem }
        : { field, value: made, problem: null },
    );
    return { externalId, fields };
  });
}

/** How many users match the criteria, of those that could be listed in time. */
export interface ScopeCount {
  readonly listed: number;
  readonly inScope: number;
  readonly outOfScope: number;
  /** Users whose criteria can't be decided, or whose record can't be read. */
  readonly unknown: number;
  /** The number of users that the source states. */
  readonly total: number;
  /** Whether all were listed. */
  readonly complete: boolean;
  /** The attributes of the criteria, in words, that none of the listed users has. */
  readonly unseen: readonly string[];
}

/**
 * Counts the users that match the criteria, within the time that a person can be expected to wait; nothing is stored.
 */
export async function countScope(
  ports: TryPorts,
  store: DirectoryStore,
  criteria: Criteria,
): Promise<ScopeCount> {
  const counts = { listed: 0, inScope: 0, outOfScope: 0, unknown: 0, total: 0, complete: false };
  const unseen = new Map(
    compileCriteria(criteria).conditions.flatMap(({ subject, actual }) =>
      actual === null ? [] : [[subject, actual] as const],
    ),
  );
  const asked = await askSource(
    ports,
    store,
    async (directory) => {
      const { fromListing } = await prepareScope(criteria, directory);
      for await (const { users, total } of directory.walkUsers()) {
        counts.total = total;
        for (const user of users) {
          const verdict = isUnreadable(user) ? null : fromListing(user);
          counts.listed += 1;
          for (const [subject, actual] of unseen) {
            if (!isUnreadable(user) && actual(user).length > 0) unseen.delete(subject);
          }
          if (verdict === 'in') counts.inScope += 1;
          else if (verdict === 'out') counts.outOfScope += 1;
          else counts.unknown += 1;
        }
      }
      counts.complete = true;
    },
    patienceMs,
  );
  // The count when the time was up is returned, as a part.
  if ('unreachable' in asked && counts.listed === 0) throw unreachable(store, asked.unreachable);
  return { ...counts, unseen: [...unseen.keys()] };
}

/** The readable users of the first page. */
async function firstUsers(ports: TryPorts, store: DirectoryStore): Promise<readonly SourceUser[]> {
  const asked = await askSource(ports, store, firstPage, patienceMs);
  if ('unreachable' in asked) throw unreachable(store, asked.unreachable);
  return asked.answer.filter((user): user is SourceUser => !isUnreadable(user));
}

/** What an answer of 502 says of a directory. */
export function unreachable({ name }: DirectoryStore, why: string): SourceError {
  return new SourceError(
    'retriable',
    'source-unread',
    `The directory of ${JSON.stringify(name)} can't be asked: ${why}`,
  );
}
