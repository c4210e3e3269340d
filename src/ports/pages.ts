import type { KnownPage } from '../core/model/known-page.ts';

/** What runs found on the pages of a store's listing. It may be gone at any time: runs then read the pages anew. */
export interface PageStore {
  /** Pages that begin at this row or later, ascending, at most `limit`. */
  from(storeId: string, skip: number, limit: number): Promise<readonly KnownPage[]>;
  /** Keeps these pages in place of what was known of theirs. */
  put(storeId: string, pages: readonly KnownPage[]): Promise<void>;
  /** Forgets the pages that begin at this row or later. */
  removeFrom(storeId: string, skip: number): Promise<void>;
}
