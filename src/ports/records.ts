import type {
  RecordAction,
  RecordChoice,
  RecordKind,
  RecordStatus,
  SyncRecord,
} from '../core/model/record.ts';
import type { RiskCounts } from '../core/plan/brakes.ts';

export interface RecordFilter {
  readonly runId: string;
  /** Without it, the records of users. */
  readonly kind?: RecordKind;
  readonly statuses?: readonly RecordStatus[];
  readonly actions?: readonly RecordAction[];
  /**
   * Only some kinds: what is not confirmed by id, or the removals of it; or `moves`, by which a member may give
   * up its e-mail address.
   */
  readonly only?: 'unconfirmed' | 'unconfirmed-removals' | 'moves' | 'undecided';
  /** Only records with a greater `seq`. */
  readonly afterSeq?: number;
  readonly limit: number;
}

export interface RecordStore {
  insertMany(records: readonly SyncRecord[]): Promise<void>;
  /** Ascending by `seq`. */
  page(filter: RecordFilter): Promise<readonly SyncRecord[]>;
  /** Planned records that claim an address, ascending by `seq`; with `claims`, one of these. */
  claimsPage(
    filter: Omit<RecordFilter, 'statuses' | 'only'> & { readonly claims?: readonly string[] },
  ): Promise<readonly SyncRecord[]>;
  /** Address keys that more than one planned record of the run claims, and the lowest source id that does. */
  contestedClaims(
    runId: string,
  ): Promise<readonly { readonly claim: string; readonly winner: string }[]>;
  byIds(ids: readonly string[]): Promise<readonly SyncRecord[]>;
  /** The records of any run that show an address with this key. Reads all records: it may take a while. */
  withAddress(
    emailKey: string,
  ): Promise<readonly Pick<SyncRecord, 'runId' | 'externalId' | 'memberId'>[]>;
  /**
   * The records of any run whose changes, reason or error contain one of these texts, in any case. Reads all records: it
   * may take a while.
   */
  containing(texts: readonly string[]): Promise<readonly SyncRecord[]>;
  /** Whether any record of a user is held in the store, or was rejected by a person. */
  hasBlocking(storeId: string): Promise<boolean>;
  /** Those records for these people. */
  blocking(storeId: string, externalIds: readonly string[]): Promise<readonly SyncRecord[]>;
  /** The records of groups that are held in the store, or were rejected by a person. */
  blockingGroups(storeId: string): Promise<readonly SyncRecord[]>;
  /** The risks of what a run plans or holds. */
  countRisks(runId: string): Promise<RiskCounts>;
  /** The risks of records that runs have applied without an approval. */
  countAppliedRisks(runIds: readonly string[]): Promise<RiskCounts>;
  /** Holds the planned records of a run with a risk (`Brake.risk`), which then block later runs of this store. */
  hold(brake: {
    readonly runId: string;
    readonly risk: string;
    readonly blocksInStore: string | null;
  }): Promise<void>;
  /** Only records without a final status (applied, failed, undone): a late write changes nothing. */
  replaceMany(records: readonly SyncRecord[]): Promise<void>;
  /** Replaces records in any status: an erasure removes personal data from them. */
  redactMany(records: readonly SyncRecord[]): Promise<void>;
  /** Of those that are in one of these states; `planned` without any. */
  removeMany(ids: readonly string[], from?: readonly RecordStatus[]): Promise<void>;
  /** Marks records as applied; of those that are still `planned`, so that a late writer changes nothing. */
  markApplied(ids: readonly string[]): Promise<void>;
  /** Marks applied records as undone, or the other way round. */
  markUndone(ids: readonly string[], undone: boolean): Promise<void>;
  /** Marks records as failed; of those that are still `planned`, or that were taken as applied too early. */
  fail(
    failures: readonly { readonly id: string; readonly error: string }[],
    from?: 'planned' | 'applied',
  ): Promise<void>;
  /** Rejects what is still planned in a run that ended before it was applied. */
  rejectPlanned(runId: string, reason: string): Promise<void>;
  /**
   * Stores a decision: of the records in these states, those of the named people, or that a filter chooses, or all.
   * `group:ID` names a group.
   */
  decide(decision: {
    readonly runId: string;
    readonly people: readonly string[] | null;
    readonly choice?: RecordChoice | null;
    readonly from: readonly RecordStatus[];
    readonly to: 'planned' | 'rejected' | 'held';
    readonly by: string | null;
    readonly at: Date | null;
  }): Promise<void>;
  /** How many records of a run are in these states, of the named people (null: all), and chosen. */
  count(asked: {
    readonly runId: string;
    readonly statuses: readonly RecordStatus[];
    readonly people: readonly string[] | null;
    readonly choice: RecordChoice | null;
  }): Promise<number>;
  /** Of the whole run, or of what was decided at one time; `kind` as in `RecordFilter`. */
  countByStatus(
    runId: string,
    of?: { readonly decidedAt?: Date; readonly kind?: RecordKind },
  ): Promise<Readonly<Partial<Record<RecordStatus, number>>>>;
  countByAction(
    runId: string,
    kind?: RecordKind,
  ): Promise<Readonly<Partial<Record<RecordAction, number>>>>;
  /** Removes the plan of a run whose listing starts again; records with a final status stay. */
  removeAll(runId: string): Promise<void>;
}
