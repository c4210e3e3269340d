import type { DirectoryStore } from '../core/model/store.ts';
import type { ConfigRevision, StoreConfig } from '../core/model/store-config.ts';

/** The configurations that stores had. `DirectoryStores.configure` keeps each before it replaces it. */
export interface RevisionStore {
  /** The present revision and those before it, newest first; only older ones than `before`. */
  list(
    store: DirectoryStore,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly ConfigRevision[]>;
  /** Null when it is not kept (any more). */
  get(store: DirectoryStore, revision: number): Promise<ConfigRevision | null>;
  /** Replaces the configuration of an earlier revision, without the values that name a person who is erased. */
  redact(storeId: string, revision: number, config: StoreConfig): Promise<void>;
}
