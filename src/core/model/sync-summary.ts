import type { Run } from './run.ts';
import type { StoreStatus } from './store.ts';
import type { Schedule } from './store-config.ts';

/**
 * The state of a store and its syncs, in brief. A sync is a full or delta run: previews, edits by
 * hand and undo runs are none.
 */
export interface SyncSummary {
  readonly storeId: string;
  readonly status: StoreStatus;
  readonly schedule: Schedule | null;
  /** When it was set up, configured, paused, resumed or reauthorized last. */
  readonly changedAt: Date;
  /** How the newest finished sync ended; null when there is none. */
  readonly lastEnd: 'succeeded' | 'held' | 'failed' | null;
  /** That sync; null when there is none. */
  readonly last: {
    readonly runId: string;
    readonly endedAt: Date | null;
    readonly conflicts: number;
    readonly problems: number;
    readonly error: Run['error'];
  } | null;
  /** What that sync left open; null when there is nothing. */
  readonly undecided: Run['undecided'];
  /** When the newest successful sync ended. A held one counts: its held records are counted apart. */
  readonly lastSuccessAt: Date | null;
}
