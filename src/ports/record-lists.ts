import type { RecordAction, RecordChoice, RecordStatus, SyncRecord } from '../core/model/record.ts';

/** What is asked of the records of a run. */
export interface RecordsAsked {
  readonly runId: string;
  readonly statuses?: readonly RecordStatus[];
  readonly actions?: readonly RecordAction[];
  readonly choice: RecordChoice;
}

/** What records can be counted by: fields that are stored on them. */
export const facetNames = ['reason', 'status', 'department', 'location'] as const;
export type FacetName = (typeof facetNames)[number];

export interface Facet {
  readonly by: FacetName;
  /** The most frequent ones, at most eight. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** How many records have no value. */
  readonly blank: number;
  /** How many have one that is not among these. */
  readonly others: number;
}

/** The records of a run as a person looks at them. */
export interface RecordLists {
  /** Ascending by `seq`. */
  page(
    asked: RecordsAsked & { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly SyncRecord[]>;
  /** How many there are; counts no further than `most`. */
  total(asked: RecordsAsked, most: number): Promise<number>;
  /** All of them counted, and the `seq` after which each page but the first begins. */
  marks(
    asked: RecordsAsked,
    every: number,
  ): Promise<{ readonly total: number; readonly after: readonly number[] }>;
  facet(asked: RecordsAsked, by: FacetName): Promise<Facet>;
}
