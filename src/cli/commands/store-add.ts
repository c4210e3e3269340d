import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import {
  type DirectoryKind,
  type DirectoryStore,
  directoryKinds,
  type Region,
  regions,
} from '../../core/model/store.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { shellWord } from '../../core/shell-word.ts';
import { defaultStoreConfig } from '../../core/store-file/default-config.ts';
import type { Ports } from '../../sync/ports.ts';
import { addCommand, type Context, choiceOption, withPorts } from '../context.ts';
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
import { scimJson, storeJson } from '../json.ts';
import { reconcileSchedules } from '../reconcile-schedules.ts';
import { describeEndpoint, viewStore } from '../store-view.ts';

const longestName = 64;

const ways = ['api', 'scim'] as const satisfies DirectoryStore['via'][];

interface AddOptions extends CredentialOptions {
  readonly via: DirectoryStore['via'];
  readonly directory: DirectoryKind;
  readonly region: Region;
  readonly orgId?: string;
}

/** `store add`. */
export function addStoreAdd(parent: Command, context: Context): void {
  const command = addCommand(parent, {
    usage: 'add <name>',
    summary: 'connect a directory: checks the key and keeps it encrypted',
    examples: [
      'rollcall store add acme --directory jumpcloud --api-key-stdin < key-file',
      'rollcall store add acme-eu --directory jumpcloud --region eu --api-key-stdin < key-file',
      'rollcall store add acme --directory jumpcloud --client-id ID --client-secret-stdin < secret-file',
      'rollcall store add acme --directory jumpcloud --via scim',
    ],
  })
    .addOption(
      choiceOption('--directory <kind>', 'what to read from', directoryKinds).makeOptionMandatory(),
    )
    .addOption(
      choiceOption('--via <way>', 'whether it is asked, or pushes over SCIM', ways).default('api'),
    )
    .addOption(
      choiceOption('--region <region>', 'where the organization lives', regions).default('us'),
    )
    .option('--org-id <id>', 'the organization, for keys that can see several');
  addCredentialOptions(command).action((name: string, options: AddOptions) => {
    checkName(name);
    const isAsked = options.via === 'api' || givesCredential(options);
    if (isAsked) checkCredentialOptions(options, options.region);
    return withPorts(context, (ports, { publicUrl }) =>
      addStore({ context, ports, publicUrl, name, options, isAsked }),
    );
  });
}

/** A name that can be shown on one line and typed again; `InvalidInput` otherwise. */
function checkName(name: string): void {
  const length = Array.from(name).length;
  const wrong =
    length === 0 || length > longestName
      ? `it has ${length} characters`
      : /[\p{Control}\u2028\u2029]/u.test(name)
        ? 'it has a control character'
        : name !== name.trim()
          ? 'it begins or ends with a blank'
          : null;
  if (wrong === null) return;
  throw new InvalidInput(`This can't be the name of a store: ${wrong}.`, {
    hint: `A name has 1 to ${longestName} characters, none of them a control character, and no blank around it.`,
  });
}

interface Adding {
  readonly context: Context;
  readonly ports: Ports;
  readonly publicUrl: string;
  readonly name: string;
  readonly options: AddOptions;
  /** Whether the directory can be asked with a credential. */
  readonly isAsked: boolean;
}

async function addStore(adding: Adding): Promise<void> {
  const { context, ports, publicUrl, name, options, isAsked } = adding;
  const { directory, via, region, orgId } = options;
  if ((await ports.stores.byName(name)) !== null) {
    throw new InvalidInput(`A directory store named ${JSON.stringify(name)} exists already.`, {
      hint: 'Choose another name, or see what is there with: rollcall store list',
    });
  }
  const checked = isAsked ? await checkDirectory(adding) : null;
  const store = await ports.stores.create({
    name,
    directory,
    via,
    region,
    orgId: checked?.organization.id ?? '',
    sendOrgId: checked !== null && orgId !== undefined,
    owner: context.by,
    config: defaultStoreConfig(directory),
    credential: checked?.credential ?? null,
  });
  await reconcileSchedules(context, ports);
  const json = storeJson(await viewStore(ports, store));
  const of = checked?.organization;
  const added = `Added ${name}: ${directory}${of ? `, organization ${of.name} (${of.id})` : ', over SCIM'}.`;
  if (via === 'api') {
    return context.output.answer(json, () => [
      added,
      `Sync it now with: rollcall sync ${shellWord(name)} --wait`,
    ]);
  }
  const endpoint = syncEndpoint(publicUrl, store.id);
  const token = await ports.scimTokens.issue(store.id, 0);
  await context.output.answer({ ...json, ...scimJson(endpoint, token) }, () => [
    added,
    ...describeEndpoint(endpoint, token),
  ]);
}

async function checkDirectory({ context, ports, options }: Adding) {
  const { directory, region, orgId, ...credentialOptions } = options;
  const credential = await readCredential(context, credentialOptions);
  const { connectDirectory } = ports;
  const { env } = context.deps;
  const check = { connectDirectory, env, directory, region, credential };
  const organization = chooseOrganization(await fetchOrganizations(check), orgId);
  await checkUserAccess(check, orgId ?? null);
  return { credential, organization };
}
