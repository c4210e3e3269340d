import type { Run } from '../core/model/run.ts';

/** The progress of a run: users listed or records applied, of about so many. */
export interface Progress {
  readonly phase: 'listing' | 'confirming' | 'applying';
  readonly done: number;
  readonly total: number;
}

/** A run as the queue identifies it: each decision on it has a job of its own. */
export type RunReference = Pick<Run, 'id' | 'storeId' | 'decision'>;

/** Enqueues a job for a run that is stored in MongoDB: the job carries its id and its store's. */
export interface JobQueue {
  enqueueJob(run: RunReference): Promise<void>;
  /** Makes the schedulers follow the stores, after a store was added, changed, paused or removed. */
  reconcileSchedules(): Promise<void>;
  /** How many workers are listening, and which ones are connected and give no sign of life: `HOST (pid PID)`. */
  workers(): Promise<{ readonly alive: number; readonly hanging: readonly string[] }>;
  /** The progress that the worker reported last for a run under way; null when it reported none. */
  progressOf(run: RunReference): Promise<Progress | null>;
}
