import type { Command } from 'commander';
import { parseDurationMs } from '../../core/duration.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { shellWord } from '../../core/shell-word.ts';
import { type AskedStore, addStore } from '../../manage/stores/add-store.ts';
import { checkStoreName, refuseTakenName } from '../../manage/stores/store-name.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { reachableStoreJson } from '../../presenters/store.ts';
import { addCommand, type Connected, type Context, choiceOption, withPorts } from '../context.ts';
import { chooseSignIn, credentialFields, givesCredential, readCredential } from '../credential.ts';
import {
  addFieldOptions,
  addressOf,
  connectionFields,
  type GivenOptions,
  readConnection,
} from '../directory-options.ts';
import { describeEndpoint } from '../views/describe-endpoint.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';

const ways = ['api', 'scim'] as const satisfies DirectoryStore['via'][];

/** For the options of the commands that can give a store an organization. */
export const sameOrganizationHelp = 'even if another store reads the same organization';

interface AddOptions extends GivenOptions {
  readonly via: DirectoryStore['via'];
  readonly directory: string;
  readonly orgId?: string;
  readonly expires?: string;
  readonly sameOrganization?: true;
}

export async function addStoreAdd(parent: Command, context: Context): Promise<void> {
  const directories = await context.deps.directories();
  const command = addCommand(parent, {
    usage: 'add <name>',
    summary: 'connect a directory: checks the key and keeps it encrypted',
    examples: directories.all.flatMap(({ words }) => words.examples),
  })
    .addOption(
      choiceOption(
        '--directory <kind>',
        'what to read from',
        directories.kinds,
      ).makeOptionMandatory(),
    )
    .addOption(
      choiceOption('--via <way>', 'whether it is asked, or pushes over SCIM', ways).default('api'),
    );
  addFieldOptions(command, directories, connectionFields)
    .option('--org-id <id>', 'the organization, for keys that can see several')
    .option('--expires <duration>', 'with --via scim: how long the SCIM token works, such as 90d')
    .option('--same-organization', sameOrganizationHelp);
  addFieldOptions(command, directories, credentialFields);
  command.action((name: string, options: AddOptions) => {
    checkStoreName(name);
    const { directory, via, orgId, expires, sameOrganization } = options;
    if (via === 'api' && expires !== undefined) {
      throw new InvalidInput('--expires is about the SCIM token of a store that is pushed into.', {
        hint: 'Leave it out, or add the store with --via scim.',
      });
    }
    const expiresInMs = expires === undefined ? undefined : parseDurationMs(expires);
    const profile = directories.of(directory);
    const connection = readConnection(directories, profile, options);
    const isAsked = via === 'api' || givesCredential(directories, options);
    const signIn = isAsked ? chooseSignIn(profile, connection, options) : null;
    return withPorts(context, async (connected) => {
      await refuseTakenName(connected.ports, name);
      const credential = signIn && (await readCredential(context, profile, { signIn, options }));
      const address = addressOf(context.deps, profile);
      const asked = { name, directory, via, connection, orgId, credential, address };
      await add(connected, { ...asked, expiresInMs, sameOrganization });
    });
  });
}

async function add({ context, ports, publicUrl }: Connected, asked: AskedStore): Promise<void> {
  const { name, directory } = asked;
  const {
    store,
    organization: of,
    scimToken,
    scheduleError,
  } = await addStore(ports, asked, context.actor);
  noteLateSchedules(context, scheduleError);
  const json = reachableStoreJson(await viewStore(ports, store), publicUrl, { scimToken });
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
