import type { Command } from 'commander';
import { hasEnded, type Run } from '../../core/model/run.ts';
import { findRun, findStore, storeNames } from '../../manage/find.ts';
import { cancelRun } from '../../manage/runs/cancel-run.ts';
import { viewRecordsOf } from '../../manage/runs/view-records.ts';
import { recordJson } from '../../presenters/record.ts';
import { runJson } from '../../presenters/run.ts';
import { addCommand, type ConnectedToDatabase, type Context, withDatabase } from '../context.ts';
import {
  describeRun,
  recordColumns,
  resultText,
  runStyles,
  tookText,
} from '../views/describe-run.ts';
import { shortRelativeTime } from '../views/words.ts';
import { addRunDecisions } from './run-decisions.ts';

/** `runs`: the runs, their times and their results. */
export function addRuns(program: Command, context: Context): void {
  const runs = program.command('runs').description('see, cancel, approve, reject and undo runs');
  addCommand(runs, {
    usage: 'list',
    summary: 'list runs, newest first',
    examples: ['rollcall runs list', 'rollcall runs list --store acme --json'],
  })
    .option('--store <name>', 'only those of one store')
    .action((options: { readonly store?: string }) =>
      withDatabase(context, (connected) => listRuns(connected, options.store)),
    );
  addCommand(runs, {
    usage: 'show <run>',
    summary: 'show one run',
    examples: ['rollcall runs show RUN', 'rollcall runs show RUN --records'],
  })
    .option('--records', 'also each planned change, by seq')
    .action((id: string, options: { readonly records?: true }) =>
      withDatabase(context, (connected) => showRun(connected, id, options.records === true)),
    );
  addCommand(runs, {
    usage: 'cancel <run>',
    summary: 'cancel a queued run, or stop one under way at the next safe point',
    examples: ['rollcall runs cancel RUN'],
  }).action((id: string) => withDatabase(context, (connected) => cancel(connected, id)));
  addRunDecisions(runs, context);
}

async function listRuns(
  { context, ports }: ConnectedToDatabase,
  storeName: string | undefined,
): Promise<void> {
  const filter = storeName === undefined ? {} : { storeId: (await findStore(ports, storeName)).id };
  const [items, names] = await Promise.all([ports.runs.list(filter), storeNames(ports)]);
  const now = ports.clock.now();
  const isOneStore = storeName !== undefined || names.size < 2;
  await context.output.list<Run>({
    items,
    json: (run) => runJson(run, nameOf(names, run)),
    empty: 'There is no run yet. Start one with: rollcall sync NAME',
    columns: [
      { title: 'RUN', value: ({ id }) => id, whole: true },
      {
        title: 'STORE',
        value: (run) => nameOf(names, run) ?? '–',
        ...(isOneStore && { leaveOut: 1 }),
      },
      { title: 'MODE', value: ({ mode }) => mode, leaveOut: 2 },
      { title: 'BY', value: ({ requestedBy }) => requestedBy, leaveOut: 3 },
      {
        title: 'STATUS',
        value: ({ status }) => status,
        style: ({ status }) => runStyles[status],
        whole: true,
      },
      { title: 'WHEN', value: (run) => shortRelativeTime(run.startedAt ?? run.createdAt, now) },
      { title: 'TOOK', value: (run) => tookText(run) ?? '–', leaveOut: 4 },
      { title: 'RESULT', value: resultText },
    ],
  });
}

function nameOf(names: ReadonlyMap<string, string>, { storeId }: Run): string | null {
  return storeId === null ? null : (names.get(storeId) ?? null);
}

async function showRun(
  { context: { output }, ports }: ConnectedToDatabase,
  id: string,
  withRecords: boolean,
): Promise<void> {
  const run = await findRun(ports, id);
  const storeName = nameOf(await storeNames(ports), run);
  const head = runJson(run, storeName);
  if (!withRecords || !output.json) {
    await output.answer(head, () => describeRun(run, storeName, ports.clock.now()));
  }
  if (!withRecords) return;
  const items = viewRecordsOf(ports, run);
  if (output.json) return output.objectWithList(head, 'records', { items, json: recordJson });
  await output.write('\n');
  await output.table({ items, columns: recordColumns, empty: 'No records: no member changed.' });
}

async function cancel({ context, ports }: ConnectedToDatabase, id: string): Promise<void> {
  const run = await cancelRun(ports, await findRun(ports, id), context.actor);
  const storeName = nameOf(await storeNames(ports), run);
  await context.output.answer(runJson(run, storeName), () =>
    hasEnded(run)
      ? [`Run ${id} is cancelled.`]
      : [
          `Run ${id} was asked to stop at the next safe point.`,
          `See it with: rollcall runs show ${id}`,
        ],
  );
}
