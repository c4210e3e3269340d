import type { Command } from 'commander';
import {
  type DirectoryKind,
  type DirectoryStore,
  directoryKinds,
  type Region,
  regions,
} from '../../core/model/store.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { shellWord } from '../../core/shell-word.ts';
import { addStore } from '../../manage/stores/add-store.ts';
import { checkStoreName, refuseTakenName } from '../../manage/stores/store-name.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { reachableStoreJson } from '../../presenters/store.ts';
import { addCommand, type Connected, type Context, choiceOption, withPorts } from '../context.ts';
import {
  addCredentialOptions,
  addressOf,
  type CredentialOptions,
  checkCredentialOptions,
  givesCredential,
  readCredential,
} from '../credential.ts';
import { describeEndpoint } from '../views/describe-endpoint.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';

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
    checkStoreName(name);
    const isAsked = options.via === 'api' || givesCredential(options);
    if (isAsked) checkCredentialOptions(options, options.region);
    return withPorts(context, (connected) => add(connected, { ...options, name, isAsked }));
  });
}

async function add(
  { context, ports, publicUrl }: Connected,
  // `isAsked`: whether the directory can be asked with a credential.
  options: AddOptions & { readonly name: string; readonly isAsked: boolean },
): Promise<void> {
  const { name, directory, via, region, orgId, isAsked } = options;
  await refuseTakenName(ports, name);
  const credential = isAsked ? await readCredential(context, options) : null;
  const address = addressOf(context.deps);
  const asked = { name, directory, via, region, orgId, credential, address };
  const {
    store,
    organization: of,
    scimToken,
    scheduleError,
  } = await addStore(ports, asked, context.actor);
  noteLateSchedules(context, scheduleError);
  const json = reachableStoreJson(await viewStore(ports, store), publicUrl, scimToken);
  const added = `Added ${name}: ${directory}${of ? `, organization ${of.name} (${of.id})` : ', over SCIM'}.`;
  if (scimToken === null) {
    return context.output.answer(json, () => [
      added,
      `Sync it now with: rollcall sync ${shellWord(name)} --wait`,
    ]);
  }
  const endpoint = syncEndpoint(publicUrl, store.id);
  await context.output.answer(json, () => [added, ...describeEndpoint(endpoint, scimToken)]);
}
