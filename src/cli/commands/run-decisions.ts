import type { Command } from 'commander';
import { InvalidInput } from '../../core/errors.ts';
import type { Run } from '../../core/model/run.ts';
import { shellWord } from '../../core/shell-word.ts';
import { findRun, storeNames } from '../../manage/find.ts';
import { requestDecision } from '../../manage/runs/request-decision.ts';
import { requestUndo } from '../../manage/runs/request-undo.ts';
import { followSchedules } from '../../manage/stores/follow-schedules.ts';
import { runJson } from '../../presenters/run.ts';
import { addCommand, type Connected, type Context, withPorts } from '../context.ts';
import { exitCodeOf, exitCodeOfDecision } from '../exit.ts';
import { describeDecided, summarizeRun } from '../views/describe-run.ts';
import { noteLateSchedules } from '../views/note-late-schedules.ts';
import { watchRun } from '../watch-run.ts';

export function addRunDecisions(runs: Command, context: Context): void {
  for (const [verdict, summary] of [
    ['approve', 'let held records be applied, each confirmed afresh; waits until that is done'],
    ['reject', 'reject held records: they are not planned again while their cause stays the same'],
  ] as const) {
    addCommand(runs, {
      usage: `${verdict} <run>`,
      summary,
      examples: [
        `rollcall runs ${verdict} RUN`,
        `rollcall runs ${verdict} RUN --record ada@example.com`,
      ],
    })
      .option('--record <person...>', 'only those of these people, by address or source id')
      .action((id: string, { record }: { readonly record?: readonly string[] }) =>
        withPorts(context, (connected) =>
          decide(connected, id, { verdict, people: record ?? null }),
        ),
      );
  }
  addCommand(runs, {
    usage: 'undo <run>',
    summary: 'undo what a run applied, where it was not changed since; pauses the store',
    examples: [
      'rollcall runs undo RUN --plan   # what would be taken back',
      'rollcall runs undo RUN',
    ],
  })
    .option('--plan', 'a preview: plan it, write nothing to members')
    .action((id: string, options: { readonly plan?: true }) =>
      withPorts(context, (connected) => undo(connected, id, options.plan === true)),
    );
}

async function decide(
  connected: Connected,
  id: string,
  asked: { readonly verdict: 'approve' | 'reject'; readonly people: readonly string[] | null },
): Promise<void> {
  const { context, ports } = connected;
  await answerWithRun(connected, id, async (run, json) => {
    const opened = await requestDecision(ports, { ...asked, run, actor: context.actor });
    await watchRun(connected, {
      run: opened,
      json,
      lines: (latest) => describeDecided(latest, run),
      exitCode: exitCodeOfDecision,
    });
  });
}

async function undo(connected: Connected, id: string, isPreview: boolean): Promise<void> {
  const { context, ports } = connected;
  await answerWithRun(connected, id, async (undone, json) => {
    const { actor } = context;
    const { run, paused } = await requestUndo(ports, { run: undone, isPreview, actor });
    if (paused !== null) {
      noteLateSchedules(context, await followSchedules(ports.queue));
      const name = shellWord(paused.name);
      context.output.note(`${paused.name} is paused, so that no schedule does it all again.`);
      context.output.note(`See what would come back with: rollcall sync ${name} --plan --wait`);
      context.output.note(`Go on with: rollcall store resume ${name}`);
    }
    await watchRun(connected, { run, json, lines: summarizeRun, exitCode: exitCodeOf });
  });
}

/** Scripts are given the run on every way out of `work` but that of bad input, which exits 2. */
async function answerWithRun(
  { context: { output }, ports }: Connected,
  id: string,
  work: (run: Run, json: (latest: Run) => object) => Promise<void>,
): Promise<void> {
  const run = await findRun(ports, id);
  const names = await storeNames(ports);
  const json = (latest: Run) => runJson(latest, names.get(latest.storeId ?? '') ?? null);
  try {
    await work(run, json);
  } catch (error) {
    const latest = error instanceof InvalidInput ? null : await ports.runs.get(id);
    if (output.json && !output.hasAnswered && latest !== null) {
      await output.answer(json(latest), () => []);
    }
    throw error;
  }
}
