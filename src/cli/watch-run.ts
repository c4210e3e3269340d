import type { Run } from '../core/model/run.ts';
import type { Connected } from './context.ts';
import { followRun } from './follow-run.ts';

/** The exit code that shells give a command ended by a signal. */
const interruptedExitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Follows a run to its end and answers with it. An interrupt ends the watching alone. */
export async function watchRun(
  connected: Connected,
  watched: {
    readonly run: Run;
    readonly json: (run: Run) => object;
    readonly lines: (run: Run) => readonly string[];
    readonly exitCode: (run: Run) => number;
  },
): Promise<void> {
  const { context } = connected;
  const { output } = context;
  const { run, json, lines, exitCode } = watched;
  let latest = run;
  const onChange = (changed: Run): void => {
    latest = changed;
  };
  try {
    const { interrupted } = await followRun(connected, run, onChange);
    await output.answer(json(latest), () => lines(latest));
    if (interrupted === null) return context.setExitCode(exitCode(latest));
    output.note(`The run goes on without you. See it with: rollcall runs show ${run.id}`);
    output.note(`Stop it with: rollcall runs cancel ${run.id}`);
    context.setExitCode(interruptedExitCodes[interrupted]);
  } catch (error) {
    // The run exists even if watching it failed, and scripts need its id.
    if (output.json && !output.hasAnswered) await output.answer(json(latest), () => []);
    throw error;
  }
}
