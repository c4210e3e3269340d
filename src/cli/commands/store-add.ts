import type { Command } from 'commander';
import {
  type DirectoryKind,
  directoryKinds,
  type Region,
  regions,
} from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import { storeJson } from '../../json/store.ts';
import { addStore } from '../../sync/manage/add-store.ts';
import { checkStoreName, refuseTakenName } from '../../sync/manage/store-name.ts';
import { viewStore } from '../../sync/manage/view-store.ts';
import type { Ports } from '../../sync/ports.ts';
import { addCommand, type Context, choiceOption, withPorts } from '../context.ts';
import {
  addCredentialOptions,
  addressOf,
  type CredentialOptions,
  checkCredentialOptions,
  readCredential,
} from '../credential.ts';
import { noteLateSchedules } from '../note-late-schedules.ts';

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
    checkStoreName(name);
    checkCredentialOptions(options, options.region);
    return withPorts(context, (ports) => add({ context, ports, name, options }));
  });
}

async function add({
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
  await refuseTakenName(ports, name);
  const credential = await readCredential(context, credentialOptions);
  const asked = { name, directory, region, orgId, credential, address: addressOf(context.deps) };
  const { store, organization, late } = await addStore(ports, asked, context.actor);
  noteLateSchedules(context, late);
  await context.output.answer(storeJson(await viewStore(ports, store)), () => [
    `Added ${name}: ${directory}, organization ${organization.name} (${organization.id}).`,
    `Sync it now with: rollcall sync ${shellWord(name)} --wait`,
  ]);
}
