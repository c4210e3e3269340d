import type { MoveList } from '../core/model/record.ts';

/** So many ids a page of a list has at most. */
export const idsPerPage = 1000;

/** One page of the ids of a list. */
export interface PeoplePage {
  readonly runId: string;
  readonly recordId: string;
  readonly list: MoveList;
  /** From 0. */
  readonly page: number;
  readonly ids: readonly string[];
}

/** The source ids of people whom a record of a group puts in or takes out, in pages beside the record. */
export interface RecordPeople {
  /** Stores pages, in place of what they were. */
  putPages(pages: readonly PeoplePage[]): Promise<void>;
  /** The ids of a list, page by page. */
  pages(recordId: string, list: MoveList): AsyncGenerator<readonly string[]>;
  /** The first page of each list of some records. */
  firstPages(recordIds: readonly string[]): Promise<readonly PeoplePage[]>;
  /** Removes the lists of some records. */
  removeMany(recordIds: readonly string[]): Promise<void>;
  removeAll(runId: string): Promise<void>;
}
