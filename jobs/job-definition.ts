import { z } from 'zod';
import type { Progress } from '../src/ports/job-queue.ts';
import type { QueueName } from './queues.ts';

/** One occasion on which a job is carried out. */
export interface JobCall<Data> {
  readonly data: Data;
  /** Aborted when this process stops: end soon, and say `hand-back`. */
  readonly signal: AbortSignal;
  /** Names this occasion as the holder of leases; no other occasion, here or elsewhere, has the same. */
  readonly holder: string;
  /** Whether the job had finished before and somebody had it retried. */
  readonly retried: boolean;
  /** Shows how far the job is. */
  readonly showProgress: (progress: Progress) => void;
}

/**
 * How a job ended.
 * - `done`: completed; `result` holds ids, statuses and counts alone.
 * - `failed`: a failed job that no attempt repeats; `reason` begins with a code and names nobody.
 * - `delayed`: it can't be done yet; the same job comes again after `delayMs`.
 * - `handed-back`: this process stops; another worker takes the job at once.
 */
export type JobOutcome =
  | { readonly end: 'done'; readonly result: Readonly<Record<string, string | number>> }
  | { readonly end: 'failed'; readonly reason: string }
  | { readonly end: 'delayed'; readonly delayMs: number }
  | { readonly end: 'handed-back' };

/**
 * A kind of job. What `handle` throws is a crash: the job is attempted again, later each time.
 * `data` holds ids alone, since it is shown in the dashboard and kept in Redis.
 */
export interface JobDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly queue: QueueName;
  readonly name: string;
  readonly data: Schema;
  /** How often the job comes by itself; jobs without it are rung for. */
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

/** Types `handle` by `data`, and lets jobs of different data stand in one list. */
export function defineJob<Schema extends z.ZodType>(job: JobDefinition<Schema>): JobDefinition {
  return { ...job, handle: (call) => job.handle({ ...call, data: job.data.parse(call.data) }) };
}
