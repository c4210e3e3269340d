import { RunFailure, SourceError } from '../../core/errors.ts';
import type { Credential, DirectoryStore } from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { ConnectOptions, SourceDirectory } from '../../ports/directory.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Opened, Planning, SyncPorts } from '../run/run-ports.ts';

/** How to connect a store's directory. */
export function connectionTo(
  { directory, connection, orgId, sendOrgId, perSecond }: DirectoryStore,
  credential: Credential,
  signal: AbortSignal,
): ConnectOptions {
  return { directory, connection, credential, orgId: sendOrgId ? orgId : null, perSecond, signal };
}

/** The credential of a store whose directory is asked. */
export async function credentialOf(
  { stores }: { readonly stores: Pick<DirectoryStores, 'credential'> },
  { id, name }: DirectoryStore,
): Promise<Credential> {
  const credential = await stores.credential(id);
  if (credential !== null) return credential;
  throw new RunFailure('no-credential', `${name} has no credential to ask its directory with`, {
    hint: `Give it one with: rollcall store reauthorize ${shellWord(name)} --api-key-stdin`,
  });
}

export async function connect(
  ports: SyncPorts,
  { store, lease, opened }: Planning,
): Promise<SourceDirectory> {
  if (store.via === 'scim') return ports.connectPushed(store);
  const credential = await credentialOf(ports, store);
  const directory = ports.connectDirectory({
    ...connectionTo(store, credential, lease.signal),
    provesRefusals: true,
  });
  opened.push({ store, directory });
  await checkReach(directory, store);
  return directory;
}

const notableChange = 0.1;

/** Keeps the pace that a run found, so that the next one begins with it. */
export async function rememberPace(
  { stores }: { readonly stores: Pick<DirectoryStores, 'setPerSecond'> },
  { store: { id, perSecond: before = 0 }, directory }: Opened,
): Promise<void> {
  const found = directory.perSecond?.() ?? null;
  if (found === null || Math.abs(found - before) <= notableChange * found) return;
  await stores.setPerSecond(id, found);
}

/** Throws `SourceError` `other-organization` unless the store's organization answers. */
export async function checkReach(
  directory: SourceDirectory,
  { orgId }: DirectoryStore,
): Promise<void> {
  const organizations = await directory.organizations();
  if (organizations.some(({ id }) => id === orgId)) return;
  if (organizations.length === 0) {
    // An empty answer names no other organization, so it says nothing against the credential.
    throw new SourceError('retriable', 'source-failed', 'the credential reads no organization');
  }
  throw new SourceError(
    'auth',
    'other-organization',
    `the credential no longer reads organization ${orgId}`,
    { hint: 'Reauthorize the store with a credential of that organization.' },
  );
}
