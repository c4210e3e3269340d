import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { parseDurationMs } from '../../core/store-file/duration.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Organization, Ports } from '../../sync/ports.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import {
  addCredentialOptions,
  type CredentialOptions,
  checkCredentialOptions,
  checkUserAccess,
  chooseOrganization,
  fetchOrganizations,
  givesCredential,
  readCredential,
} from '../credential.ts';
import { findStore } from '../find.ts';
import { scimJson, storeJson } from '../json.ts';
import { reconcileSchedules } from '../reconcile-schedules.ts';
import { describeEndpoint, viewStore } from '../store-view.ts';

/** `store reauthorize`. */
export function addStoreReauthorize(parent: Command, context: Context): void {
  const command = addCommand(parent, {
    usage: 'reauthorize <name>',
    summary: 'use a new (or the same) key, or make a new SCIM token; you become the owner',
    examples: [
      'rollcall store reauthorize acme --api-key-stdin < key-file',
      'rollcall store reauthorize acme-scim',
      'rollcall store reauthorize acme-scim --overlap 24h',
    ],
  }).option(
    '--overlap <duration>',
    'how long the SCIM token of before still works, such as 90m, 24h or 7d; without it, no longer',
  );
  addCredentialOptions(command).action((name: string, options: ReauthorizeOptions) =>
    withPorts(context, async (ports, { publicUrl }) => {
      const store = await findStore(ports, name);
      if (store.via === 'scim' && !givesCredential(options)) {
        return renewToken({ context, ports, store, publicUrl, overlap: options.overlap });
      }
      if (options.overlap !== undefined) {
        throw new InvalidInput('--overlap is about SCIM tokens, and no new one is made here.', {
          hint: 'Leave it out.',
        });
      }
      return reauthorizeStore({ context, ports, store, options });
    }),
  );
}

interface ReauthorizeOptions extends CredentialOptions {
  readonly overlap?: string;
}

/** Who asks for the new token owns the store from then on. */
async function renewToken(renewing: {
  readonly context: Context;
  readonly ports: Ports;
  readonly store: DirectoryStore;
  readonly publicUrl: string;
  readonly overlap: string | undefined;
}): Promise<void> {
  const { context, ports, store, publicUrl, overlap } = renewing;
  const overlapMs = overlap === undefined ? 0 : parseDurationMs(overlap);
  const token = await ports.scimTokens.issue(store.id, overlapMs);
  const owned = await ports.stores.reauthorize(store.id, { credential: null, owner: context.by });
  const endpoint = syncEndpoint(publicUrl, store.id);
  const json = { ...storeJson(await viewStore(ports, owned)), ...scimJson(endpoint, token) };
  const before = overlap === undefined ? 'no longer works' : `works for ${overlap} more`;
  await context.output.answer(json, () => [
    `${store.name} has a new SCIM token; the one before ${before}. Its owner is ${owned.owner}.`,
    ...describeEndpoint(endpoint, token),
  ]);
}

async function reauthorizeStore({
  context,
  ports,
  store,
  options,
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly store: DirectoryStore;
  readonly options: CredentialOptions;
}): Promise<void> {
  const { name } = store;
  checkCredentialOptions(options, store.region);
  const credential = await readCredential(context, options);
  const { connectDirectory } = ports;
  const { env } = context.deps;
  const { directory, region } = store;
  const check = { connectDirectory, env, directory, region, credential };
  const organizations = await fetchOrganizations(check);
  // A store that was only pushed into takes the organization of its first key.
  const isFirst = store.orgId === '';
  const organization = isFirst ? chooseOrganization(organizations, undefined) : null;
  if (organization === null) checkOrganization(store, organizations);
  await checkUserAccess(check, store.sendOrgId ? store.orgId : null);
  const reauthorized = await ports.stores.reauthorize(store.id, {
    credential,
    owner: context.by,
    ...(organization !== null && { organization: { orgId: organization.id, sendOrgId: false } }),
  });
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
