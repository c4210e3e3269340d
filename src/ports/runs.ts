import type { GroupResults } from '../core/model/group.ts';
import type {
  AskedDecision,
  Certificate,
  Counts,
  Decided,
  Guard,
  NewRun,
  Run,
  RunError,
  Undecided,
} from '../core/model/run.ts';
import type { StoreConfig } from '../core/model/store-config.ts';

/** What a worker can change in a run under way. */
export interface RunPatch {
  readonly holder?: string;
  readonly status?: Run['status'];
  readonly certificate?: Certificate | null;
  readonly undecided?: Undecided | null;
  readonly counts?: Counts;
  readonly groups?: GroupResults | null;
  readonly warnings?: readonly string[];
  readonly guards?: readonly Guard[];
  readonly error?: RunError | null;
  readonly startedAt?: Date;
  readonly finishedAt?: Date | null;
  readonly resumes?: number;
  readonly shape?: number;
  readonly configRevision?: number;
  readonly decision?: null;
  readonly decided?: Decided;
  readonly resolvedAt?: Date;
  readonly notify?: true;
}

export interface RunFilter {
  readonly storeId?: string;
  readonly statuses?: readonly Run['status'][];
  /** Only runs of which something is held for a person; previews hold nothing. */
  readonly holding?: true;
  /** Only runs that ended (or were held) since then, or are being applied. */
  readonly atWorkSince?: Date;
  readonly modes?: readonly Run['mode'][];
  /** Only runs that were created from then on, or before then. */
  readonly from?: Date;
  readonly to?: Date;
  /** Only runs that applied or hold something, or only the others. */
  readonly changed?: boolean;
  /** Only runs that use this revision of their store's configuration. */
  readonly configRevision?: number;
  /** Only runs older than the one with this id. */
  readonly before?: string;
  /** At most this many; all without it. */
  readonly limit?: number;
}

export interface RunStore {
  /** Inserts a queued run, or answers the one that is already queued for this store and mode. */
  enqueue(run: NewRun): Promise<{ readonly run: Run; readonly created: boolean }>;
  /** Inserts a run that the creating process carries out at once, without a worker (an edit by hand). */
  insertUnderWay(run: NewRun): Promise<Run>;
  get(id: string): Promise<Run | null>;
  /** Newest first. */
  list(filter: RunFilter): Promise<readonly Run[]>;
  /** Changes a run that has not ended and still has the given holder; null when it has ended, or has another one. */
  update(run: Pick<Run, 'id' | 'holder'>, patch: RunPatch): Promise<Run | null>;
  /** A queued run is cancelled at once; one under way is asked to stop. Null when it has ended. */
  requestCancel(id: string): Promise<Run | null>;
  /**
   * Opens an ended run again, without a holder, for a worker to carry out a decision; null when it
   * is not ended, or has one already.
   */
  openDecision(id: string, decision: AskedDecision): Promise<Run | null>;
  /** Changes a run that has ended; null while a worker has work to do on it. */
  amend(
    id: string,
    patch: Pick<RunPatch, 'status' | 'counts' | 'groups' | 'resolvedAt'>,
  ): Promise<Run | null>;
  /** Replaces the configuration of a preview, without the values that name a person who is erased. */
  redactProposed(id: string, proposed: StoreConfig): Promise<void>;
  /** Ended runs older than `before` without held records, oldest first: what pruning may remove. */
  prunable(before: Date, limit: number): Promise<readonly string[]>;
  /** Removes runs and their records. */
  removeMany(ids: readonly string[]): Promise<void>;
  /** How many runs were asked for since then, and the sums of their counts; without previews. */
  sumSince(since: Date): Promise<{ readonly runs: number; readonly counts: Counts }>;
  /** How many syncs of a store use each of these revisions of its configuration; none may be missing. */
  countByRevision(
    storeId: string,
    revisions: readonly number[],
  ): Promise<ReadonlyMap<number, number>>;
  /** How many runs have each status, for metrics. */
  countByStatus(): Promise<Readonly<Partial<Record<Run['status'], number>>>>;
}
