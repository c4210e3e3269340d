import type { Group } from '../core/model/group.ts';

/** The groups of directory stores. Who is in them stands on the members. */
export interface GroupStore {
  /** All groups of a store, or of all stores, ascending by store and source id. */
  list(storeId?: string): Promise<readonly Group[]>;
  get(storeId: string, externalId: string): Promise<Group | null>;
  /** Stores groups whole, in place of those with the same source id. */
  putMany(groups: readonly Group[]): Promise<void>;
  removeMany(storeId: string, externalIds: readonly string[]): Promise<void>;
}
