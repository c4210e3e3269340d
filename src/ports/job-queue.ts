import type { Run } from '../core/model/run.ts';

/** How far a run is: users listed or records applied, of about so many. */
export interface Progress {
  readonly phase: 'listing' | 'confirming' | 'applying';
  readonly done: number;
  readonly total: number;
}

/** A run as the queue knows it: each decision on it is an occasion of its own. */
export type RunReference = Pick<Run, 'id' | 'decision'>;

/** Rings for a run that stands in MongoDB: the job carries its id and nothing else. */
export interface JobQueue {
  enqueueJob(run: RunReference): Promise<void>;
  /** Makes the schedulers follow the stores, after a store was added, changed, paused or removed. */
  reconcileSchedules(): Promise<void>;
  /** How many workers are listening. */
  workerCount(): Promise<number>;
  /** What the worker last said of a run under way; null when it said nothing. */
  progressOf(run: RunReference): Promise<Progress | null>;
}
