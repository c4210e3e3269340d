import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Conflict } from '../../core/errors.ts';
import type { DirectoryStore, StoreStatus } from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Ports } from '../../sync/ports.ts';
import { addCommand, type Context, choiceOption, withPorts } from '../context.ts';
import { findStore } from '../find.ts';
import { storeJson } from '../json.ts';
import { reconcileSchedules } from '../reconcile-schedules.ts';
import { viewStore } from '../store-view.ts';
import { plural } from '../words.ts';

/** Longer than a removal takes, so that no run begins meanwhile. */
const removalLeaseMs = 15 * 60_000;

/** `store remove`, `store pause` and `store resume`. */
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
      withPorts(context, (ports) =>
        removeStore({ context, ports, name, members: options.members }),
      ),
    );
  addCommand(parent, {
    usage: 'pause <name>',
    summary: 'stop the scheduled runs of a store',
    examples: ['rollcall store pause acme'],
  }).action((name: string) =>
    withPorts(context, (ports) => changeStatus({ context, ports, name, to: 'paused' })),
  );
  addCommand(parent, {
    usage: 'resume <name>',
    summary: 'go on with the scheduled runs of a paused store',
    examples: ['rollcall store resume acme'],
  }).action((name: string) =>
    withPorts(context, (ports) => changeStatus({ context, ports, name, to: 'active' })),
  );
}

async function removeStore({
  context,
  ports,
  name,
  members,
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly name: string;
  readonly members: 'keep' | 'delete';
}): Promise<void> {
  const store = await findStore(ports, name);
  await refuseWhileUnderWay(ports, store);
  // The lease keeps workers away from now on; removing the store removes it too.
  const lease = { storeId: store.id, holder: `${context.by}:${randomUUID()}` };
  if (!(await ports.leases.acquire({ ...lease, ttlMs: removalLeaseMs }))) {
    throw new Conflict(`A worker is at work on ${JSON.stringify(name)} right now.`, {
      hint: 'Try again when its run has ended: rollcall runs list',
    });
  }
  let removed: { readonly members: number };
  try {
    removed = await ports.stores.remove(store, members);
  } catch (error) {
    await ports.leases.release(lease);
    throw error;
  }
  await reconcileSchedules(context, ports);
  const outcome = members === 'keep' ? 'kept' : 'deleted';
  await context.output.answer(
    { id: store.id, name, removed: true, members: { [outcome]: removed.members } },
    () => [`Removed ${name}; ${plural(removed.members, 'member')} ${outcome}.`],
  );
}

/** A run that was asked to stop but whose worker is gone would never end: it is no obstacle. */
async function refuseWhileUnderWay(ports: Ports, store: DirectoryStore): Promise<void> {
  const begun = await ports.runs.list({
    storeId: store.id,
    statuses: ['listing', 'planned', 'applying'],
  });
  const underWay = begun.find((run) => run.finishedAt === null && !run.cancelRequested);
  if (underWay === undefined) return;
  throw new Conflict(`Run ${underWay.id} of ${JSON.stringify(store.name)} is under way.`, {
    hint: `Wait until it ends, or stop it with: rollcall runs cancel ${underWay.id}`,
  });
}

async function changeStatus({
  context,
  ports,
  name,
  to,
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly name: string;
  readonly to: Exclude<StoreStatus, 'needs-reauthorization'>;
}): Promise<void> {
  const store = await findStore(ports, name);
  if (store.status === 'needs-reauthorization') {
    throw new Conflict(
      `${JSON.stringify(name)} needs to be reauthorized: it has no runs until then.`,
      {
        hint: `Give it a working key with: rollcall store reauthorize ${shellWord(name)} --api-key-stdin`,
      },
    );
  }
  if (store.status !== to) await ports.stores.setStatus(store.id, to);
  await reconcileSchedules(context, ports);
  const view = await viewStore(ports, { ...store, status: to });
  const words = to === 'paused' ? 'paused: it has no scheduled runs' : 'active';
  await context.output.answer(storeJson(view), () => [
    `${name} is ${store.status === to ? 'already ' : ''}${words}.`,
  ]);
}
