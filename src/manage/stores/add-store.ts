import type { Actor } from '../../core/model/audit.ts';
import type { Connection, Credential, DirectoryStore } from '../../core/model/store.ts';
import { defaultStoreConfig } from '../../core/store-file/default-config.ts';
import { expiryAfter } from '../../core/token-expiry.ts';
import type { Organization } from '../../ports/directory.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';
import { checkUserAccess, chooseOrganization, fetchOrganizations } from './check-credential.ts';
import { type Followed, followSchedules } from './follow-schedules.ts';
import { refuseSecondStore } from './refuse-second-store.ts';
import { checkStoreName, refuseTakenName } from './store-name.ts';

export interface AskedStore {
  readonly name: string;
  readonly directory: string;
  readonly via: DirectoryStore['via'];
  readonly connection: Connection;
  /** Which organization, for credentials that can see several. */
  readonly orgId: string | undefined;
  /** Null only for a store that is pushed into and can't be asked. */
  readonly credential: Credential | null;
  readonly address?: string;
  /** How long the SCIM token works; without it, until the next one is made. */
  readonly expiresInMs?: number | undefined;
  /** Whether another store may read the same organization. */
  readonly sameOrganization?: boolean | undefined;
}

export interface AddedStore extends Followed<DirectoryStore> {
  /** Null when no credential names it. */
  readonly organization: Organization | null;
  /** The secret with which the directory pushes; null for a store that is only asked. It can't be read again. */
  readonly scimToken: string | null;
}

/**
 * Connects a directory: checks its credential and stores it encrypted, or makes the token with which it pushes, or
 * both. `InvalidInput` when the name is taken, the credential is invalid, or another store reads its organization; nothing
 * is stored then.
 */
export async function addStore(
  ports: Pick<
    Ports,
    'stores' | 'scimTokens' | 'audit' | 'clock' | 'queue' | 'directories' | 'connectDirectory'
  >,
  asked: AskedStore,
  actor: Actor,
): Promise<AddedStore> {
  const { name, directory, via, connection, orgId, credential } = asked;
  checkStoreName(name);
  await refuseTakenName(ports, name);
  const organization =
    credential === null ? null : await checkCredential(ports, { ...asked, credential });
  if (organization !== null) await refuseSecondStore(ports, { ...asked, organization });
  const expiresAt = expiryAfter(ports.clock.now(), via === 'scim' ? asked.expiresInMs : undefined);
  const scimTokenExpiresAt = expiresAt?.toISOString();
  const given = { directory, via, ...connection, orgId: organization?.id, scimTokenExpiresAt };
  const changes = Object.entries(given).flatMap(([path, to]) =>
    to === undefined ? [] : [{ path, from: null, to }],
  );
  const { store, scimToken } = await audited(
    ports,
    { actor, action: 'store-added', storeName: name, changes },
    async () => {
      const created = await ports.stores.create({
        name,
        directory,
        via,
        connection,
        orgId: organization?.id ?? '',
        ...(organization !== null && { orgName: organization.name }),
        sendOrgId: organization !== null && orgId !== undefined,
        owner: actor.by,
        config: defaultStoreConfig(ports.directories.of(directory).defaultMapping),
        credential,
      });
      const token = via === 'scim' ? await ports.scimTokens.issue(created.id, 0, expiresAt) : null;
      return { store: created, scimToken: token };
    },
    (added) => ({ storeId: added.store.id }),
  );
  return { store, organization, scimToken, scheduleError: await followSchedules(ports.queue) };
}

async function checkCredential(
  { connectDirectory }: Pick<Ports, 'connectDirectory'>,
  asked: AskedStore & { readonly credential: Credential },
): Promise<Organization> {
  const check = { ...asked, connectDirectory };
  const organization = chooseOrganization(await fetchOrganizations(check), asked.orgId);
  await checkUserAccess(check, asked.orgId ?? null);
  return organization;
}
