import type { Command } from 'commander';
import type { Run } from '../../core/model/run.ts';
import { findStore } from '../../manage/find.ts';
import { requestSync } from '../../manage/runs/request-sync.ts';
import { runJson } from '../../presenters/run.ts';
import { addCommand, type Connected, type Context, withPorts } from '../context.ts';
import { exitCodeOf } from '../exit.ts';
import { summarizeRun } from '../views/describe-run.ts';
import { watchRun } from '../watch-run.ts';

interface SyncOptions {
  readonly plan?: true;
  readonly wait?: true;
  readonly notify?: true;
}

export function addSync(parent: Command, context: Context): void {
  addCommand(parent, {
    usage: 'sync <name>',
    summary: 'sync a store now; if a run is queued already, that is the one',
    examples: [
      'rollcall sync acme --wait',
      'rollcall sync acme --plan --wait   # what would change, without changing it',
    ],
  })
    .option('--plan', 'a preview: plan the changes, write nothing to members')
    .option('--notify', 'send mail to newcomers even though this is the first import')
    .option('--wait', 'follow the run; exit 0 succeeded or planned, 1 failed, 3 held, 4 cancelled')
    .action((name: string, options: SyncOptions) =>
      withPorts(context, (connected) => sync(connected, name, options)),
    );
}

async function sync(connected: Connected, name: string, options: SyncOptions): Promise<void> {
  const { context, ports } = connected;
  const store = await findStore(ports, name);
  const mode = options.plan === true ? 'plan' : 'full';
  const { run, created, queueError } = await requestSync(
    ports,
    { store, mode, notify: options.notify === true },
    context.actor,
  );
  const json = (latest: Run) => runJson(latest, store.name);
  if (queueError !== null) {
    // The run is stored although its job could not be enqueued, and scripts need its id.
    if (context.output.json) await context.output.answer(json(run), () => []);
    throw queueError;
  }
  if (options.wait !== true) {
    return context.output.answer(json(run), () => queuedLines(run, created));
  }
  await watchRun(connected, { run, json, lines: summarizeRun, exitCode: exitCodeOf });
}

function queuedLines(run: Run, created: boolean): readonly string[] {
  return [
    created ? `Queued run ${run.id}.` : `Run ${run.id} is queued already: that is the one.`,
    `See it with: rollcall runs show ${run.id}`,
  ];
}
