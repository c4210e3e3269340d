import type { SyncRecord } from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';

/** What a listing knows of a draft that it hands to the writer. */
export interface ListedDraft {
  readonly fingerprint: string | null;
  /** Whether the page covers an id range, so that no user of the range can follow on a later page. */
  readonly isInRange: boolean;
  /** Whether a member has the address that the draft claims. */
  readonly isAddressTaken: boolean;
}

/**
 * Stores the records of a run while the source is listed. A writer may apply a record at once when no later
 * step can concern it; the listing only asks what was written.
 */
export interface RecordWriter {
  /** The place of the next record in the run's order. */
  takeSeq(): number;
  /** Numbers a draft and keeps it for the next batch. */
  add(draft: Draft, listed: ListedDraft): SyncRecord;
  /** Which address keys belong to members that are being written. Must be asked before the store is. */
  arriving(keys: readonly string[]): ReadonlySet<string>;
  /** Whether this run wrote the user's member before it was interrupted. */
  hasWritten(externalId: string): boolean;
  /** How many active members this run has created. */
  readonly activeCreated: number;
  /** Stores the waiting records once they fill a batch; waits while too many batches are under way. */
  flush(): Promise<void>;
  /** Stores all records, and waits until they are written. */
  end(): Promise<void>;
  /** Waits for the batches under way, whether they succeed or fail. */
  awaitPending(): Promise<void>;
}
