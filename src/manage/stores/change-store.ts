import { Conflict } from '../../core/errors.ts';
import type { Actor, AuditChange } from '../../core/model/audit.ts';
import type { Credential, DirectoryStore, StoreStatus } from '../../core/model/store.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import { expiryAfter } from '../../core/token-expiry.ts';
import type { Ports } from '../../ports/index.ts';
import { aboutStore, audited } from '../audit/audited.ts';
import {
  checkOrganization,
  checkUserAccess,
  chooseOrganization,
  fetchOrganizations,
} from './check-credential.ts';
import { findOwner } from './find-owner.ts';
import { type Followed, followSchedules } from './follow-schedules.ts';
import { refuseSecondStore } from './refuse-second-store.ts';
import { checkStoreName, refuseTakenName } from './store-name.ts';

type ChangePorts = Pick<Ports, 'stores' | 'audit' | 'queue'>;

/** Pauses a store's scheduled runs, or resumes them. `Conflict` when the store needs to be reauthorized first. */
export async function setStoreStatus(
  ports: ChangePorts,
  { store, to }: { readonly store: DirectoryStore; readonly to: 'active' | 'paused' },
  actor: Actor,
): Promise<Followed<DirectoryStore>> {
  if (store.status === 'needs-reauthorization') {
    throw new Conflict(
      `${JSON.stringify(store.name)} needs to be reauthorized: it has no runs until then.`,
      {
        hint: reauthorizeHint(store.name),
      },
    );
  }
  if (store.status !== to) {
    const action = to === 'paused' ? 'store-paused' : 'store-resumed';
    await audited(ports, { actor, action, ...aboutStore(store) }, () =>
      ports.stores.setStatus(store.id, to),
    );
  }
  return {
    store: { ...store, status: to satisfies StoreStatus },
    scheduleError: await followSchedules(ports.queue),
  };
}

/**
 * Checks a new (or the same) credential and uses it from now on; the actor becomes the owner.
 * `InvalidInput` when it is invalid, or of another organization, or when a store that had none gets that of another store.
 */
export async function reauthorizeStore(
  ports: ChangePorts & Pick<Ports, 'connectDirectory'>,
  given: {
    readonly store: DirectoryStore;
    readonly credential: Credential;
    readonly address?: string;
    readonly sameOrganization?: boolean | undefined;
    /** Whether the store has this credential already: its age stays. */
    readonly isStored?: boolean;
  },
  actor: Actor,
): Promise<Followed<DirectoryStore>> {
  const { store, credential, sameOrganization } = given;
  const { directory, connection, sendOrgId, orgId } = store;
  const { connectDirectory } = ports;
  const check = { ...given, connectDirectory, directory, connection };
  const organizations = await fetchOrganizations(check);
  // A store that was only pushed into gets the organization of its first credential.
  const first = orgId === '' ? chooseOrganization(organizations, undefined) : null;
  if (first === null) checkOrganization(store, organizations);
  else await refuseSecondStore(ports, { directory, organization: first, sameOrganization });
  await checkUserAccess(check, sendOrgId ? orgId : null);
  const orgName = organizations.find(({ id }) => id === (first?.id ?? orgId))?.name;
  const changes = [
    ...ownerChange(store, actor),
    ...(first === null ? [] : [{ path: 'orgId', from: null, to: first.id }]),
  ];
  const reauthorized = await audited(
    ports,
    { actor, action: 'store-reauthorized', ...aboutStore(store), changes },
    () =>
      ports.stores.reauthorize(store.id, {
        credential: given.isStored === true ? null : credential,
        owner: actor.by,
        ...(orgName !== undefined && { orgName }),
        ...(first !== null && { organization: { orgId: first.id, sendOrgId: false } }),
      }),
  );
  return { store: reauthorized, scheduleError: await followSchedules(ports.queue) };
}

/** Reauthorizes a store with the credential that it has: for one that was refused by mistake, or works again. */
export async function reauthorizeAgain(
  ports: Parameters<typeof reauthorizeStore>[0],
  given: { readonly store: DirectoryStore; readonly address?: string },
  actor: Actor,
): Promise<Followed<DirectoryStore>> {
  const credential = await ports.stores.credential(given.store.id);
  if (credential !== null) {
    return reauthorizeStore(ports, { ...given, credential, isStored: true }, actor);
  }
  throw new Conflict(`${JSON.stringify(given.store.name)} has no credential to try again.`, {
    hint: 'Give it one, or leave that out to make a new SCIM token.',
  });
}

/**
 * Makes a new token with which a directory pushes; the actor becomes the owner. The previous token
 * ends at once, or after `overlapMs`. `Conflict` for a store that is not pushed into.
 */
export async function renewScimToken(
  ports: ChangePorts & Pick<Ports, 'scimTokens' | 'clock'>,
  asked: {
    readonly store: DirectoryStore;
    readonly overlapMs: number;
    /** How long the new token works; without it, until the next one is made. */
    readonly expiresInMs?: number | undefined;
  },
  actor: Actor,
): Promise<{ readonly store: DirectoryStore; readonly scimToken: string }> {
  const { store, overlapMs } = asked;
  if (store.via !== 'scim') {
    throw new Conflict(`${JSON.stringify(store.name)} is not pushed into: it has no SCIM token.`, {
      hint: 'Give a new credential of its directory instead.',
    });
  }
  const expiresAt = expiryAfter(ports.clock.now(), asked.expiresInMs);
  const expiry = expiresAt && { path: 'scimTokenExpiresAt', to: expiresAt.toISOString() };
  const changes = [
    ...ownerChange(store, actor),
    ...(expiry === undefined ? [] : [{ ...expiry, from: null }]),
    { path: 'scimToken', from: null, to: `new; the one before ends after ${overlapMs / 1000} s` },
  ];
  return audited(
    ports,
    { actor, action: 'store-reauthorized', ...aboutStore(store), changes },
    async () => {
      const scimToken = await ports.scimTokens.issue(store.id, overlapMs, expiresAt);
      const by = { credential: null, owner: actor.by };
      return { store: await ports.stores.reauthorize(store.id, by), scimToken };
    },
  );
}

function ownerChange({ owner }: DirectoryStore, { by }: Actor): readonly AuditChange[] {
  return owner === by ? [] : [{ path: 'owner', from: owner, to: by }];
}

/** Gives a store another name. `InvalidInput` for one that is taken or invalid. */
export async function renameStore(
  ports: ChangePorts,
  { store, name }: { readonly store: DirectoryStore; readonly name: string },
  actor: Actor,
): Promise<DirectoryStore> {
  if (name === store.name) return store;
  checkStoreName(name);
  await refuseTakenName(ports, name, store);
  const changes = [{ path: 'name', from: store.name, to: name }];
  return audited(ports, { actor, action: 'store-renamed', ...aboutStore(store), changes }, () =>
    ports.stores.rename(store.id, name),
  );
}

/** Makes another actor the owner of a store: a person, or the holder of a token, of the role owner or admin. */
export async function changeStoreOwner(
  ports: ChangePorts & Pick<Ports, 'tokens' | 'people' | 'clock'>,
  { store, ownerId }: { readonly store: DirectoryStore; readonly ownerId: string },
  actor: Actor,
): Promise<DirectoryStore> {
  const owner = await findOwner(ports, ownerId);
  if (owner === store.owner) return store;
  const changes = [{ path: 'owner', from: store.owner, to: owner }];
  return audited(
    ports,
    { actor, action: 'store-owner-changed', ...aboutStore(store), changes },
    () => ports.stores.changeOwner(store.id, owner),
  );
}
