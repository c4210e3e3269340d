import type { StoreStatus } from './store.ts';
import type { Schedule } from './store-config.ts';

/**
 * How a store and its syncs stand, in brief. A sync is a full or delta run: previews, edits by hand and undoing
 * are none.
 */
export interface SyncSummary {
  readonly storeId: string;
  readonly status: StoreStatus;
  readonly schedule: Schedule | null;
  /** When it was set up, configured, paused, resumed or reauthorized last. */
  readonly changedAt: Date;
  /** How the newest sync that came to an end ended; null when none has. */
  readonly lastEnd: 'succeeded' | 'held' | 'failed' | null;
  /** When the newest sync that got through ended. A held one did: what is held is told apart. */
  readonly lastSuccessAt: Date | null;
}
