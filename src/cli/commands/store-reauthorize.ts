import type { Command } from 'commander';
import { shellWord } from '../../core/shell-word.ts';
import { storeJson } from '../../json/store.ts';
import { reauthorizeStore } from '../../sync/manage/change-store.ts';
import { findStore } from '../../sync/manage/find.ts';
import { viewStore } from '../../sync/manage/view-store.ts';
import type { Ports } from '../../sync/ports.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import {
  addCredentialOptions,
  addressOf,
  type CredentialOptions,
  checkCredentialOptions,
  readCredential,
} from '../credential.ts';
import { noteLateSchedules } from '../note-late-schedules.ts';

/** `store reauthorize`. */
export function addStoreReauthorize(parent: Command, context: Context): void {
  const command = addCommand(parent, {
    usage: 'reauthorize <name>',
    summary: 'check a new (or the same) key and use it from now on; you become the owner',
    examples: ['rollcall store reauthorize acme --api-key-stdin < key-file'],
  });
  addCredentialOptions(command).action((name: string, options: CredentialOptions) =>
    withPorts(context, (ports) => reauthorize({ context, ports, name, options })),
  );
}

async function reauthorize({
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
  const given = { store, credential, address: addressOf(context.deps) };
  const reauthorized = await reauthorizeStore(ports, given, context.actor);
  noteLateSchedules(context, reauthorized.late);
  const view = await viewStore(ports, reauthorized.store);
  await context.output.answer(storeJson(view), () => [
    `${name} uses the new credential; its owner is ${view.store.owner} and it is ${view.store.status}.`,
    `No run was started. Sync it now with: rollcall sync ${shellWord(name)} --wait`,
  ]);
}
