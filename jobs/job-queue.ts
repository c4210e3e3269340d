import type { Queue } from 'bullmq';
import { z } from 'zod';
import { messageOf, Unavailable } from '../src/core/errors.ts';
import type { JobQueue, Progress, RunReference } from '../src/ports/job-queue.ts';
import { findWorkers, listWorkers } from './heartbeat.ts';
import { type Queues, queueNames } from './queues.ts';
import type { RedisSettings } from './redis.ts';
import { redisTroubleIn } from './redis-trouble.ts';

export const executeRunName = 'execute-run';

/**
 * The id of the job of a run, and of one job for each decision on it: the job before may not have
 * been removed yet. BullMQ refuses ids with a colon.
 */
export function runJobId({ id, decision }: Omit<RunReference, 'storeId'>): string {
  return decision === null ? `run-${id}` : `run-${id}-${decision.at.getTime()}`;
}

/** The run that a job's id names, for the log; none for other jobs. */
export function runOfJob(jobId: string): { readonly runId?: string } {
  const runId = /^run-(?<runId>[^-]+)/.exec(jobId)?.groups?.['runId'];
  return runId === undefined ? {} : { runId };
}

/**
 * Makes sure that a job is on its way for this run; true if there was none. A finished job of the
 * run is removed first: BullMQ ignores a new job with the id of an old one.
 */
export async function enqueueRunJob(runs: Queue, run: RunReference): Promise<boolean> {
  const jobId = runJobId(run);
  const state = await runs.getJobState(jobId);
  if (state === 'completed' || state === 'failed') await runs.remove(jobId);
  else if (state !== 'unknown') return false;
  await runs.add(executeRunName, { runId: run.id, storeId: run.storeId }, { jobId });
  return true;
}

/** BullMQ returns `0` for a job whose worker has reported no progress yet. */
const progress: z.ZodType<Progress> = z.object({
  phase: z.enum(['listing', 'confirming', 'applying']),
  done: z.number(),
  total: z.number(),
});

/** The port through which commands, routes and jobs enqueue. `Unavailable` when Redis is away. */
export function createJobQueue(
  queues: Queues,
  redis: Pick<RedisSettings, 'prefix'>,
  reconcileSchedules: () => Promise<unknown>,
): JobQueue {
  return {
    enqueueJob: (run) =>
      unlessAway(async () => {
        await enqueueRunJob(queues.runs, run);
      }),
    reconcileSchedules: () =>
      unlessAway(async () => {
        await reconcileSchedules();
      }),
    workers: () => unlessAway(() => findWorkers({ queues, redis })),
    listWorkers: () => unlessAway(() => listWorkers({ queues, redis })),
    lengths: () =>
      unlessAway(() =>
        Promise.all(
          queueNames.map(async (queue) => {
            const counts = await queues[queue].getJobCounts('wait', 'active', 'delayed', 'failed');
            const { wait: waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
            return { queue, waiting, active, delayed, failed };
          }),
        ),
      ),
    progressOf: (run) =>
      unlessAway(async () => {
        const job = await queues.runs.getJob(runJobId(run));
        return progress.safeParse(job?.progress).data ?? null;
      }),
  };
}

async function unlessAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    const trouble = redisTroubleIn(error);
    const said = trouble === null ? `can't be used: ${messageOf(error)}` : trouble.what;
    const advice = trouble === null ? '' : `${trouble.hint} `;
    throw new Unavailable(`Redis ${said}.`, {
      cause: error,
      hint: `${advice}What was decided is kept; a worker goes on with it when Redis is back.`,
    });
  }
}
