import type { Command } from 'commander';
import { Conflict, Unavailable } from '../../core/errors.ts';
import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Ports } from '../../sync/ports.ts';
import { addCommand, type Context, withPorts } from '../context.ts';
import { summarizeRun } from '../describe-run.ts';
import { exitCodeOf } from '../exit.ts';
import { findStore } from '../find.ts';
import { runJson } from '../json.ts';
import { watchRun } from '../watch-run.ts';

interface SyncOptions {
  readonly plan?: true;
  readonly wait?: true;
}

/** `sync`. */
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
    .option('--wait', 'follow the run; exit 0 succeeded or planned, 1 failed, 3 held, 4 cancelled')
    .action((name: string, options: SyncOptions) =>
      withPorts(context, (ports) => sync({ context, ports, name, options })),
    );
}

async function sync({
  context,
  ports,
  name,
  options,
}: {
  readonly context: Context;
  readonly ports: Ports;
  readonly name: string;
  readonly options: SyncOptions;
}): Promise<void> {
  const store = await findStore(ports, name);
  if (store.status === 'needs-reauthorization') throw await reauthorizationNeeded(ports, store);
  const { run, created } = await ports.runs.enqueue({
    storeId: store.id,
    mode: options.plan === true ? 'plan' : 'full',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: context.by,
  });
  const json = (latest: Run) => runJson(latest, store.name);
  try {
    await ring(ports, run);
  } catch (error) {
    // The run is there although nobody was told, and scripts rely on being told which.
    if (context.output.json) await context.output.answer(json(run), () => []);
    throw error;
  }
  if (options.wait !== true) {
    return context.output.answer(json(run), () => queuedLines(run, created));
  }
  await watchRun({ context, ports, run, json, lines: summarizeRun, exitCode: exitCodeOf });
}

async function ring(ports: Pick<Ports, 'queue'>, run: Run): Promise<void> {
  try {
    await ports.queue.ringRun(run);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new Unavailable(
      `Run ${run.id} is queued, but no worker could be told: ${error.message}`,
      {
        cause: error,
        hint: 'Workers find it by themselves within minutes once Redis can be reached again.',
      },
    );
  }
}

function queuedLines(run: Run, created: boolean): readonly string[] {
  return [
    created ? `Queued run ${run.id}.` : `Run ${run.id} is queued already: that is the one.`,
    `See it with: rollcall runs show ${run.id}`,
  ];
}

/** Names the failure that made the store need reauthorization. */
async function reauthorizationNeeded(
  ports: Pick<Ports, 'runs'>,
  store: DirectoryStore,
): Promise<Conflict> {
  const [lastFailed] = await ports.runs.list({ storeId: store.id, statuses: ['failed'], limit: 1 });
  const reason = lastFailed?.error?.message ?? 'its directory refused the credential.';
  return new Conflict(`${JSON.stringify(store.name)} needs to be reauthorized: ${reason}`, {
    hint: `Give it a working key with: rollcall store reauthorize ${shellWord(store.name)} --api-key-stdin`,
  });
}
