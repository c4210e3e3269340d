import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { z } from 'zod';
import type { JobCall, JobDefinition, JobOutcome } from './job-definition.ts';
import { runOfJob } from './job-queue.ts';
import { concurrencies, type QueueName, queueNames, repeatStrategy } from './queues.ts';
import { type FoundRedis, keyPrefix, workerConnection } from './redis.ts';

interface WorkerLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface WorkerOptions {
  readonly jobs: readonly JobDefinition[];
  readonly redis: FoundRedis;
  readonly log: WorkerLog;
  /** As in the signs of life of this process. */
  readonly name: string;
  /** Called with every error of a connection to Redis. */
  readonly onConnectionError: (error: Error) => void;
}

/** The workers of one process. */
export interface Workers {
  /** Resolves once all of them listen. */
  ready(): Promise<void>;
  /** Takes no more jobs and asks those under way to hand themselves back. */
  stop(): Promise<void>;
  /** Resolves when no job is under way here any more and the connections to Redis are closed. */
  close(): Promise<void>;
}

/**
 * The jobs of a crashed worker are taken over after at most twice this time, without a limit on how
 * often: the run itself counts how many times it was claimed without progress.
 */
const lockMs = 15_000;
const noStallLimit = 1_000_000;
/** How long a worker without jobs may take to close its connections. */
const closeTimeoutMs = 5_000;

/** Starts a worker for each queue. */
export function startWorkers(options: WorkerOptions): Workers {
  const stopping = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const workers = queueNames.map((queue) => startWorker(queue, options, stopping.signal, underWay));
  let closed: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    await Promise.all(workers.map((worker) => worker.pause(true)));
    await Promise.allSettled(underWay);
    await Promise.all(workers.map((worker) => closeWorker(worker, options.log)));
  }
  return {
    async ready() {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.pause(true)));
      stopping.abort();
    },
    close: () => (closed ??= closeAll()),
  };
}

/**
 * Closes a worker whose jobs have ended. On a cluster a command that waits for a job can outlive the
 * client it was given to (ioredis 6.0.0 sets the status of a client that ended back to `close`), and
 * BullMQ waits for that command: after `closeTimeoutMs` the connections are cut instead.
 */
async function closeWorker(worker: Worker, log: WorkerLog): Promise<void> {
  const deadline = new AbortController();
  const isClosed = await Promise.race([
    worker.close().then(() => true),
    setTimeout(closeTimeoutMs, false, { signal: deadline.signal, ref: false }).catch(() => false),
  ]);
  deadline.abort();
  if (isClosed) return;
  log.warn({ queue: worker.name }, 'The worker did not close in time; its connections are cut.');
  worker.disconnect().catch(() => undefined);
}

function startWorker(
  queue: QueueName,
  options: WorkerOptions,
  stopSignal: AbortSignal,
  underWay: Set<Promise<unknown>>,
): Worker {
  const jobs = new Map(
    options.jobs.filter((job) => job.queue === queue).map((job) => [job.name, job]),
  );
  const worker = new Worker(
    queue,
    (job, token) => {
      const definition = jobs.get(job.name);
      const work = carryOut({ job, token, definition, log: options.log, stopSignal });
      underWay.add(work);
      return work.finally(() => underWay.delete(work));
    },
    {
      connection: workerConnection(options.redis),
      prefix: keyPrefix(options.redis),
      name: options.name,
      concurrency: concurrencies[queue],
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: noStallLimit,
      settings: { repeatStrategy },
    },
  );
  worker.on('error', options.onConnectionError);
  worker.on('stalled', (jobId) =>
    options.log.warn(
      { queue, jobId, ...runOfJob(jobId) },
      'Took over the job of a worker that is gone.',
    ),
  );
  return worker;
}

interface JobAttempt {
  readonly job: Job;
  readonly token: string | undefined;
  readonly definition: JobDefinition | undefined;
  readonly log: WorkerLog;
  readonly stopSignal: AbortSignal;
}

async function carryOut(attempt: JobAttempt): Promise<unknown> {
  const { job, definition } = attempt;
  if (definition === undefined) throw unrepeatable(`No job is named ${job.name}.`);
  if (!definition.data.safeParse(job.data).success)
    throw unrepeatable('The data of this job is malformed.');
  // A worker that stops still gets the job that it was waiting for.
  const outcome = attempt.stopSignal.aborted
    ? ({ end: 'handed-back' } as const)
    : await handle(definition, attempt);
  return finishJob(outcome, attempt);
}

/** An error may contain personal data, so the whole of it goes to the log and only its kind to Redis. */
async function handle(
  definition: JobDefinition,
  { job, log, stopSignal }: JobAttempt,
): Promise<JobOutcome> {
  try {
    return await definition.handle(callOf(job, stopSignal, log));
  } catch (error) {
    log.error({ err: error, ...namesOf(job), attempt: job.attemptsMade + 1 }, 'A job crashed.');
    throw withoutStack(new Error(`${kindOf(error)}: the log of the worker says more.`));
  }
}

/** What a line of the log says of a job: its data are ids. */
function namesOf({ name, id, data }: Job): Readonly<Record<string, unknown>> {
  const ids = logged.safeParse(data).data;
  return { job: name, jobId: id, ...ids };
}

const logged = z.object({ runId: z.string().optional(), storeId: z.string().nullish() });

function callOf(job: Job, signal: AbortSignal, log: WorkerLog): JobCall<unknown> {
  let shownAt = 0;
  return {
    data: job.data,
    signal,
    holder: `${hostname()}-${randomUUID()}`,
    retried: wasRetried(job),
    showProgress(progress) {
      if (Date.now() - shownAt < 500) return;
      shownAt = Date.now();
      job
        .updateProgress({ ...progress })
        .catch((err: unknown) =>
          log.warn({ err, ...namesOf(job) }, 'Progress could not be shown.'),
        );
    },
  };
}

/**
 * A retry from the dashboard clears the reason of the failure but keeps the count of attempts; an
 * attempt after a crash keeps both, and a job taken over from a dead worker has neither.
 */
function wasRetried(job: Job): boolean {
  return job.attemptsMade > 0 && !job.failedReason;
}

async function finishJob(outcome: JobOutcome, { job, token }: JobAttempt): Promise<unknown> {
  switch (outcome.end) {
    case 'done':
      return outcome.result;
    case 'failed':
      throw unrepeatable(outcome.reason);
    case 'delayed':
      await job.moveToDelayed(Date.now() + outcome.delayMs, token);
      throw new DelayedError();
    case 'handed-back':
      await job.moveToWait(token);
      throw new WaitingError();
  }
}

function unrepeatable(reason: string): Error {
  return withoutStack(new UnrecoverableError(reason));
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** The dashboard shows stacks; ours would reveal the paths of the program, and say nothing about the job. */
function withoutStack<E extends Error>(error: E): E {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
