import type { Command } from 'commander';
import { findStore } from '../../manage/find.ts';
import { setStoreStatus } from '../../manage/stores/change-store.ts';
import { removeStore } from '../../manage/stores/remove-store.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import { storeJson } from '../../presenters/store.ts';
import { addCommand, type Connected, type Context, choiceOption, withPorts } from '../context.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';
import { plural } from '../views/words.ts';

export function addStoreLifecycle(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'remove <name>',
    summary: 'remove a directory store, and keep or delete its members',
    examples: [
      'rollcall store remove acme --members keep',
      'rollcall store remove acme --members delete',
    ],
  })
    .addOption(
      choiceOption('--members <what>', 'what becomes of its members', [
        'keep',
        'delete',
      ]).makeOptionMandatory(),
    )
    .action((name: string, options: { readonly members: 'keep' | 'delete' }) =>
      withPorts(context, (connected) => remove(connected, name, options.members)),
    );
  for (const [verb, to, summary] of [
    ['pause', 'paused', 'stop the scheduled runs of a store'],
    ['resume', 'active', 'go on with the scheduled runs of a paused store'],
  ] as const) {
    const examples = [`rollcall store ${verb} acme`];
    addCommand(parent, { usage: `${verb} <name>`, summary, examples }).action((name: string) =>
      withPorts(context, (connected) => changeStatus(connected, name, to)),
    );
  }
}

async function remove(
  { context, ports }: Connected,
  name: string,
  members: 'keep' | 'delete',
): Promise<void> {
  const store = await findStore(ports, name);
  const removed = await removeStore(ports, { store, members }, context.actor);
  noteLateSchedules(context, removed.scheduleError);
  const outcome = members === 'keep' ? 'kept' : 'deleted';
  await context.output.answer(
    { id: store.id, name: store.name, removed: true, members: { [outcome]: removed.members } },
    () => [`Removed ${store.name}; ${plural(removed.members, 'member')} ${outcome}.`],
  );
}

async function changeStatus(
  { context, ports }: Connected,
  name: string,
  to: 'active' | 'paused',
): Promise<void> {
  const before = await findStore(ports, name);
  const asked = { store: before, to };
  const { store, scheduleError } = await setStoreStatus(ports, asked, context.actor);
  noteLateSchedules(context, scheduleError);
  const words = to === 'paused' ? 'paused: it has no scheduled runs' : 'active';
  await context.output.answer(storeJson(await viewStore(ports, store)), () => [
    `${store.name} is ${before.status === to ? 'already ' : ''}${words}.`,
  ]);
}
