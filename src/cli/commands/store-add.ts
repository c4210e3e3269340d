import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import {
  type DirectoryKind,
  directoryKinds,
  type Region,
  regions,
} from '../../core/model/store.ts';
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
  readCredential,
} from '../credential.ts';
import { storeJson } from '../json.ts';
import { reconcileSchedules } from '../reconcile-schedules.ts';
import { viewStore } from '../store-view.ts';

const longestName = 64;

interface AddOptions extends CredentialOptions {
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
    ],
  })
    .addOption(
      choiceOption('--directory <kind>', 'what to read from', directoryKinds).makeOptionMandatory(),
    )
    .addOption(
      choiceOption('--region <region>', 'where the organization lives', regions).default('us'),
    )
    .option('--org-id <id>', 'the organization, for keys that can see several');
  addCredentialOptions(command).action((name: string, options: AddOptions) => {
    checkName(name);
    checkCredentialOptions(options, options.region);
    return withPorts(context, (ports) => addStore({ context, ports, name, options }));
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

async function addStore({
  context,
  ports,
  name,
  options: { directory, region, orgId, ...credentialOptions },
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly name: string;
  readonly options: AddOptions;
}): Promise<void> {
  if ((await ports.stores.byName(name)) !== null) {
    throw new InvalidInput(`A directory store named ${JSON.stringify(name)} exists already.`, {
      hint: 'Choose another name, or see what is there with: rollcall store list',
    });
  }
  const credential = await readCredential(context, credentialOptions);
  const { connectDirectory } = ports;
  const { env } = context.deps;
  const check = { connectDirectory, env, directory, region, credential };
  const organization = chooseOrganization(await fetchOrganizations(check), orgId);
  await checkUserAccess(check, orgId ?? null);
  const store = await ports.stores.create({
    name,
    directory,
    region,
    orgId: organization.id,
    sendOrgId: orgId !== undefined,
    owner: context.by,
    config: defaultStoreConfig(directory),
    credential,
  });
  await reconcileSchedules(context, ports);
  await context.output.answer(storeJson(await viewStore(ports, store)), () => [
    `Added ${name}: ${directory}, organization ${organization.name} (${organization.id}).`,
    `Sync it now with: rollcall sync ${shellWord(name)} --wait`,
  ]);
}
