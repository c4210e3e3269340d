import type { Logger } from 'pino';
import type { ExecuteRun } from '../../jobs/execute-run.job.ts';
import type { Run } from '../core/model/run.ts';
import type { RunStep } from '../sync/run/run-ports.ts';

/** The phase that a step ends. */
const phases = {
  listed: 'listing',
  planned: 'planning',
  applied: 'applying',
} as const satisfies Record<Exclude<RunStep, 'started'>, string>;

/** Carries out runs as `execute` does, and logs the beginning, each phase, and the handing back of each attempt. */
export function logRuns(execute: ExecuteRun, log: Logger): ExecuteRun {
  return async (runId, worker) => {
    let since = performance.now();
    let ids: Readonly<Record<string, unknown>> = { runId };
    const lap = (): number => {
      const before = since;
      since = performance.now();
      return Math.round(since - before);
    };
    const outcome = await execute(runId, {
      ...worker,
      onStep(step, run) {
        const ms = lap();
        const { counts, mode, trigger, resumes, decision } = run;
        ids = idsOf(run);
        if (step === 'started') {
          const verdict = decision?.verdict;
          log.info({ ...ids, mode, trigger, resumes, verdict }, 'A run started.');
        } else {
          log.info({ ...ids, phase: phases[step], ms, counts }, 'A phase of a run ended.');
        }
      },
    });
    if (outcome.outcome === 'handed-back') {
      log.info(ids, 'A run was handed back: this process stops, and another worker goes on.');
    }
    return outcome;
  };
}

/** Logs how a run ended. */
export function logRunEnd(run: Run, log: Logger): void {
  const { status, mode, counts, error, startedAt, finishedAt, warnings } = run;
  const ms = (finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? finishedAt?.getTime() ?? 0);
  const ended = { ...idsOf(run), status, mode, counts, ms, warnings: warnings.length };
  if (status === 'failed') log.warn({ ...ended, errorCode: error?.code }, 'A run failed.');
  else log.info(ended, 'A run ended.');
}

function idsOf({ id, storeId }: Run): Readonly<Record<string, unknown>> {
  return { runId: id, ...(storeId !== null && { storeId }) };
}
