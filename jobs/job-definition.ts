import { z } from 'zod';
import type { Progress } from '../src/ports/job-queue.ts';
import type { QueueName } from './queues.ts';

/** One attempt to carry out a job. */
export interface JobCall<Data> {
  readonly data: Data;
  /** Aborted when this process stops: the job must end soon, as handed back. */
  readonly signal: AbortSignal;
  /** Names this attempt as the holder of leases; no other attempt, here or in another process, has the same. */
  readonly holder: string;
  /** Whether the job had finished before and was retried from the dashboard. */
  readonly retried: boolean;
  /** Shows the progress of the job. */
  readonly showProgress: (progress: Progress) => void;
}

/**
 * How a job ended.
 * - `done`: completed; `result` contains only ids, statuses and counts.
 * - `failed`: a failed job that no attempt repeats; `reason` begins with a code and names no
 *   person.
 * - `delayed`: it can't be done yet; the same job comes again after `delayMs`.
 * - `handed-back`: this process stops; another worker takes the job at once.
 */
export type JobOutcome =
  | { readonly end: 'done'; readonly result: Readonly<Record<string, string | number>> }
  | { readonly end: 'failed'; readonly reason: string }
  | { readonly end: 'delayed'; readonly delayMs: number }
  | { readonly end: 'handed-back' };

/**
 * A kind of job. An error thrown by `handle` is a crash: the job is attempted again, later each
 * time. `data` contains only ids, since it is shown in the dashboard and stored in Redis.
 */
export interface JobDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly queue: QueueName;
  readonly name: string;
  readonly data: Schema;
  /** The interval at which the job runs by itself; jobs without it are enqueued. */
  readonly everyMs?: number;
  readonly handle: (call: JobCall<z.output<Schema>>) => Promise<JobOutcome>;
}

/** A job that comes by itself every so often, with nothing to tell it. */
export function defineRecurring(
  name: string,
  everyMs: number,
  handle: JobDefinition['handle'],
): JobDefinition {
  return defineJob({ queue: 'maintenance', name, data: z.object({}), everyMs, handle });
}

/** Types `handle` by `data`, so that one list can hold jobs with different data. */
export function defineJob<Schema extends z.ZodType>(job: JobDefinition<Schema>): JobDefinition {
  return { ...job, handle: (call) => job.handle({ ...call, data: job.data.parse(call.data) }) };
}
