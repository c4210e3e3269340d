import type { Run } from '../core/model/run.ts';

/** The progress of a run: users listed or records applied, of about so many. */
export interface Progress {
  readonly phase: 'listing' | 'confirming' | 'applying';
  readonly done: number;
  readonly total: number;
}

/** A run as the queue identifies it: each decision on it has a job of its own. */
export type RunReference = Pick<Run, 'id' | 'storeId' | 'decision'>;

/** A worker process, as it was heard of last. */
export interface WorkerSeen {
  readonly host: string;
  readonly pid: string;
  /** Null for one of an earlier release. */
  readonly version: string | null;
  /** For how long it has given no sign of life; null for one of a release without signs. */
  readonly silentForMs: number | null;
  /** `hanging`: connected, and silent. `gone`: not connected, and it did not say that it stops. */
  readonly state: 'alive' | 'hanging' | 'gone';
}

/** How many jobs of a queue are where. */
interface QueueLength {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

/** Enqueues a job for a run that is stored in MongoDB: the job carries its id and its store's. */
export interface JobQueue {
  enqueueJob(run: RunReference): Promise<void>;
  /** Makes the schedulers follow the stores, after a store was added, changed, paused or removed. */
  reconcileSchedules(): Promise<void>;
  /** How many workers are listening, and which ones are connected and give no sign of life: `HOST (pid PID)`. */
  workers(): Promise<{ readonly alive: number; readonly hanging: readonly string[] }>;
  /** Each worker process, also those of the last hour that ended without saying so. */
  listWorkers(): Promise<readonly WorkerSeen[]>;
  lengths(): Promise<readonly QueueLength[]>;
  /** The progress that the worker reported last for a run under way; null when it reported none. */
  progressOf(run: RunReference): Promise<Progress | null>;
}
