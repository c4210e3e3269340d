import type { Command } from 'commander';
import { parseDurationMs } from '../../core/duration.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { syncEndpoint } from '../../core/scim/endpoint.ts';
import { shellWord } from '../../core/shell-word.ts';
import { findStore } from '../../manage/find.ts';
import {
  reauthorizeAgain,
  reauthorizeStore,
  renewScimToken,
} from '../../manage/stores/change-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { reachableStoreJson, storeJson } from '../../presenters/store.ts';
import { addCommand, type Connected, type Context, withPorts } from '../context.ts';
import { chooseSignIn, credentialFields, givesCredential, readCredential } from '../credential.ts';
import { addFieldOptions, addressOf, type GivenOptions } from '../directory-options.ts';
import { describeEndpoint } from '../views/describe-endpoint.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';
import { sameOrganizationHelp } from './store-add.ts';

interface ReauthorizeOptions extends GivenOptions {
  readonly overlap?: string;
  readonly expires?: string;
  readonly sameKey?: true;
  readonly sameOrganization?: true;
}

export async function addStoreReauthorize(parent: Command, context: Context): Promise<void> {
  const directories = await context.deps.directories();
  const command = addCommand(parent, {
    usage: 'reauthorize <name>',
    summary: 'use a new (or the same) key, or make a new SCIM token; you become the owner',
    examples: [
      'rollcall store reauthorize acme --api-key-stdin < key-file',
      'rollcall store reauthorize acme --same-key',
      'rollcall store reauthorize acme-scim',
      'rollcall store reauthorize acme-scim --overlap 24h --expires 90d',
    ],
  })
    .option('--same-key', 'try again with the credential that the store has')
    .option(
      '--overlap <duration>',
      'how long the SCIM token of before still works, such as 90m, 24h or 7d; without it, no longer',
    )
    .option(
      '--expires <duration>',
      'how long the new SCIM token works; without it, until the next',
    );
  addFieldOptions(command, directories, credentialFields).option(
    '--same-organization',
    sameOrganizationHelp,
  );
  command.action((name: string, options: ReauthorizeOptions) =>
    withPorts(context, async (connected) => {
      const store = await findStore(connected.ports, name);
      const { overlap, expires, sameKey = false } = options;
      const isGiven = givesCredential(directories, options);
      if (sameKey && isGiven) {
        throw new InvalidInput('--same-key takes the credential that the store has.', {
          hint: 'Give a new one or --same-key, not both.',
        });
      }
      if (store.via === 'scim' && !isGiven && !sameKey) {
        return renewToken(connected, store, options);
      }
      if (overlap !== undefined || expires !== undefined) {
        const option = overlap === undefined ? '--expires' : '--overlap';
        throw new InvalidInput(`${option} is about SCIM tokens, and no new one is made here.`, {
          hint: 'Leave it out.',
        });
      }
      return useCredential(connected, store, options);
    }),
  );
}

async function renewToken(
  { context, ports, publicUrl }: Connected,
  store: DirectoryStore,
  { overlap, expires }: Pick<ReauthorizeOptions, 'overlap' | 'expires'>,
): Promise<void> {
  const overlapMs = overlap === undefined ? 0 : parseDurationMs(overlap);
  const expiresInMs = expires === undefined ? undefined : parseDurationMs(expires);
  const asked = { store, overlapMs, expiresInMs };
  const { store: owned, scimToken: token } = await renewScimToken(ports, asked, context.actor);
  const json = reachableStoreJson(await viewStore(ports, owned), publicUrl, { scimToken: token });
  const before = overlap === undefined ? 'no longer works' : `works for ${overlap} more`;
  await context.output.answer(json, () => [
    `${store.name} has a new SCIM token; the one before ${before}. Its owner is ${owned.owner}.`,
    ...describeEndpoint(syncEndpoint(publicUrl, owned.id), token),
  ]);
}

async function useCredential(
  { context, ports }: Connected,
  store: DirectoryStore,
  options: ReauthorizeOptions,
): Promise<void> {
  const { name } = store;
  const profile = ports.directories.of(store.directory);
  const { sameOrganization } = options;
  const given = { store, address: addressOf(context.deps, profile), sameOrganization };
  const newCredential = () => {
    const signIn = chooseSignIn(profile, store.connection, options);
    return readCredential(context, profile, { signIn, options });
  };
  const reauthorized = await (options.sameKey === true
    ? reauthorizeAgain(ports, given, context.actor)
    : reauthorizeStore(ports, { ...given, credential: await newCredential() }, context.actor));
  noteLateSchedules(context, reauthorized.scheduleError);
  const view = await viewStore(ports, reauthorized.store);
  await context.output.answer(storeJson(view), () => [
    `${name} uses the ${options.sameKey === true ? 'same' : 'new'} credential; its owner is ${view.store.owner} and it is ${view.store.status}.`,
    `No run was started. Sync it now with: rollcall sync ${shellWord(name)} --wait`,
  ]);
}
