import type { Actor } from '../../core/model/audit.ts';
import type { Credential, DirectoryKind, DirectoryStore, Region } from '../../core/model/store.ts';
import { defaultStoreConfig } from '../../core/store-file/default-config.ts';
import { audited } from '../audited.ts';
import type { Organization, Ports } from '../ports.ts';
import { checkUserAccess, chooseOrganization, fetchOrganizations } from './check-credential.ts';
import { type Followed, followSchedules } from './follow-schedules.ts';
import { checkStoreName, refuseTakenName } from './store-name.ts';

export interface AskedStore {
  readonly name: string;
  readonly directory: DirectoryKind;
  readonly region: Region;
  /** Which organization, for credentials that can see several. */
  readonly orgId: string | undefined;
  readonly credential: Credential;
  /** What says where the directory is, in words for a hint. */
  readonly address: string;
}

export interface AddedStore extends Followed<DirectoryStore> {
  readonly organization: Organization;
}

/**
 * Connects a directory: checks its credential and keeps it encrypted. `InvalidInput` when the name is taken or the
 * credential is no good; nothing is stored then.
 */
export async function addStore(
  ports: Pick<Ports, 'stores' | 'audit' | 'queue' | 'connectDirectory'>,
  asked: AskedStore,
  actor: Actor,
): Promise<AddedStore> {
  const { name, directory, region, orgId, credential } = asked;
  checkStoreName(name);
  await refuseTakenName(ports, name);
  const check = { ...asked, connectDirectory: ports.connectDirectory };
  const organization = chooseOrganization(await fetchOrganizations(check), orgId);
  await checkUserAccess(check, orgId ?? null);
  const changes = Object.entries({ directory, region, orgId: organization.id }).map(
    ([path, to]) => ({ path, from: null, to }),
  );
  const store = await audited(
    ports,
    { actor, action: 'store-added', storeName: name, changes },
    () =>
      ports.stores.create({
        name,
        directory,
        region,
        orgId: organization.id,
        sendOrgId: orgId !== undefined,
        owner: actor.by,
        config: defaultStoreConfig(directory),
        credential,
      }),
    ({ id }) => ({ storeId: id }),
  );
  return { store, organization, late: await followSchedules(ports.queue) };
}
