import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Organization, Ports } from '../../sync/ports.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import {
  addCredentialOptions,
  type CredentialOptions,
  checkCredentialOptions,
  checkUserAccess,
  fetchOrganizations,
  readCredential,
} from '../credential.ts';
import { findStore } from '../find.ts';
import { storeJson } from '../json.ts';
import { reconcileSchedules } from '../reconcile-schedules.ts';
import { viewStore } from '../store-view.ts';

/** `store reauthorize`. */
export function addStoreReauthorize(parent: Command, context: Context): void {
  const command = addCommand(parent, {
    usage: 'reauthorize <name>',
    summary: 'check a new (or the same) key and use it from now on; you become the owner',
    examples: ['rollcall store reauthorize acme --api-key-stdin < key-file'],
  });
  addCredentialOptions(command).action((name: string, options: CredentialOptions) =>
    withPorts(context, (ports) => reauthorizeStore({ context, ports, name, options })),
  );
}

async function reauthorizeStore({
  context,
  ports,
  name,
  options,
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly name: string;
  readonly options: CredentialOptions;
}): Promise<void> {
  const store = await findStore(ports, name);
  checkCredentialOptions(options, store.region);
  const credential = await readCredential(context, options);
  const { connectDirectory } = ports;
  const { env } = context.deps;
  const { directory, region } = store;
  const check = { connectDirectory, env, directory, region, credential };
  checkOrganization(store, await fetchOrganizations(check));
  await checkUserAccess(check, store.sendOrgId ? store.orgId : null);
  const reauthorized = await ports.stores.reauthorize(store.id, { credential, owner: context.by });
  await reconcileSchedules(context, ports);
  const view = await viewStore(ports, reauthorized);
  await context.output.answer(storeJson(view), () => [
    `${name} uses the new credential; its owner is ${reauthorized.owner} and it is ${reauthorized.status}.`,
    `No run was started. Sync it now with: rollcall sync ${shellWord(name)} --wait`,
  ]);
}

/** Another organization's people must never be taken for this one's. */
function checkOrganization(store: DirectoryStore, organizations: readonly Organization[]): void {
  const seen = organizations.map(({ id, name }) => `${id} (${name})`).join(', ');
  if (!organizations.some(({ id }) => id === store.orgId)) {
    throw new InvalidInput(
      `This credential belongs to another organization: it can see ${seen}, but ${JSON.stringify(store.name)} is of ${store.orgId}.`,
      { hint: 'Use a key of that organization, or add the other one as a store of its own.' },
    );
  }
  if (organizations.length > 1 && !store.sendOrgId) {
    throw new InvalidInput(
      `This credential can see several organizations (${seen}), but ${JSON.stringify(store.name)} was added without --org-id.`,
      { hint: `Use a key of ${store.orgId} alone.` },
    );
  }
}
