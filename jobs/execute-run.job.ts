import { z } from 'zod';
import { appliedIn, hasEnded, type Run } from '../src/core/model/run.ts';
import type { DirectoryStores } from '../src/ports/directory-stores.ts';
import type { JobQueue } from '../src/ports/job-queue.ts';
import type { RunStore } from '../src/ports/runs.ts';
import type { TokenStore } from '../src/ports/tokens.ts';
import type { RunOutcome, Worker as RunWorker } from '../src/sync/run/run-ports.ts';
import { defineJob, type JobCall, type JobDefinition, type JobOutcome } from './job-definition.ts';
import { executeRunName } from './job-queue.ts';

/** Carries out a run, or resumes it. */
export type ExecuteRun = (runId: string, worker: RunWorker) => Promise<RunOutcome>;

export interface ExecuteRunDependencies {
  readonly executeRun: ExecuteRun;
  readonly runs: Pick<RunStore, 'get' | 'enqueue'>;
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly tokens: Pick<TokenStore, 'get'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
  /** Called with every run that ended here, for metrics. */
  readonly onRunEnded: (run: Run) => void;
  readonly random: () => number;
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** `retriedBy` is who had the job retried: the id of an access token, or a person as an actor; `storeId` is there for the log. */
const data = z.object({
  runId: z.string(),
  storeId: z.string().nullish(),
  retriedBy: z.string().optional(),
});
type Data = z.output<typeof data>;

/** Carries out the run of the job; a job that is retried after its run ended starts a new run of the store. */
export function executeRunJob(dependencies: ExecuteRunDependencies): JobDefinition {
  return defineJob({
    queue: 'runs',
    name: executeRunName,
    data,
    handle: (call) => handle(dependencies, call),
  });
}

async function handle(
  dependencies: ExecuteRunDependencies,
  call: JobCall<Data>,
): Promise<JobOutcome> {
  const { runId } = call.data;
  const run = await dependencies.runs.get(runId);
  if (run === null) return { end: 'done', result: { runId, status: 'removed' } };
  if (!hasEnded(run)) return carryOut(dependencies, call);
  return call.retried ? startAnew(dependencies, run, call.data.retriedBy) : outcomeOf(run);
}

/** How long a run that this worker leaves alone waits for another worker to take it. */
const newerMs = 5_000;

async function carryOut(
  { executeRun, onRunEnded, random, log }: ExecuteRunDependencies,
  { data: { runId }, signal, holder, showProgress }: JobCall<Data>,
): Promise<JobOutcome> {
  const result = await executeRun(runId, { signal, holder, onProgress: showProgress });
  switch (result.outcome) {
    case 'lease-taken':
      // Spread, so that the waiting runs of one store don't all come back at once.
      return { end: 'delayed', delayMs: 1000 + Math.floor(random() * 1000) };
    case 'newer':
      log(
        { runId },
        'Left a run to a worker of a newer release, which made it. Update this worker, or start a newer one.',
      );
      return { end: 'delayed', delayMs: newerMs };
    case 'handed-back':
      return { end: 'handed-back' };
    case 'ended':
      onRunEnded(result.run);
      return outcomeOf(result.run);
  }
}

/** A failed run is a failed job. */
function outcomeOf(run: Run): JobOutcome {
  if (run.status === 'failed') {
    const code = run.error?.code ?? 'failed';
    return { end: 'failed', reason: `${code}: rollcall runs show ${run.id} says more.` };
  }
  return {
    end: 'done',
    result: { runId: run.id, status: run.status, applied: appliedIn(run) },
  };
}

async function startAnew(
  { runs, stores, tokens, queue }: ExecuteRunDependencies,
  ended: Run,
  retriedBy: string | undefined,
): Promise<JobOutcome> {
  if (ended.mode === 'undo' || ended.mode === 'single')
    return { end: 'failed', reason: 'not-repeatable: a run of this kind is not started anew.' };
  const store = ended.storeId === null ? null : await stores.get(ended.storeId);
  if (store === null)
    return { end: 'failed', reason: 'store-removed: the store of this run is gone.' };
  if (store.status === 'needs-reauthorization') {
    return { end: 'failed', reason: 'needs-reauthorization: the store needs a new key first.' };
  }
  const isPerson = retriedBy?.startsWith('user:') === true;
  const token = retriedBy === undefined || isPerson ? null : await tokens.get(retriedBy);
  const { run } = await runs.enqueue({
    storeId: store.id,
    // A push can't be repeated by its job: a full run plans all pushed users again.
    mode: ended.trigger === 'push' ? 'full' : ended.mode,
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: isPerson ? retriedBy : `ops:${token?.name ?? 'retry'}`,
    ...(ended.undoOf !== null && { undoOf: ended.undoOf }),
    ...(ended.proposed !== null && { proposed: ended.proposed }),
  });
  await queue.enqueueJob(run);
  return { end: 'done', result: { runId: ended.id, startedRunId: run.id } };
}
