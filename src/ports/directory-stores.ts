import type { GroupSizes } from '../core/criteria/group-size.ts';
import type { Credential, DirectoryStore, StoreRemoval, StoreStatus } from '../core/model/store.ts';
import type { StoreConfig } from '../core/model/store-config.ts';
import type { SyncSummary } from '../core/model/sync-summary.ts';

export interface NewDirectoryStore {
  readonly name: string;
  readonly directory: DirectoryStore['directory'];
  /** `scim` when its directory pushes into it; without it, `api`. */
  readonly via?: DirectoryStore['via'];
  readonly connection: DirectoryStore['connection'];
  readonly orgId: string;
  readonly orgName?: string;
  readonly sendOrgId: boolean;
  readonly owner: string;
  readonly config: StoreConfig;
  /** Null only for a store that is pushed into, and can't be asked. */
  readonly credential: Credential | null;
}

/** `current`: the first key had encrypted it already. `none`: the store has no credential, or is gone. */
export type Resealed = 'rotated' | 'current' | 'none';

/** The directory stores themselves. Names are unique without case; a name in use is a `Conflict`. */
export interface DirectoryStores {
  /** Keeps the credential encrypted. */
  create(store: NewDirectoryStore): Promise<DirectoryStore>;
  get(id: string): Promise<DirectoryStore | null>;
  /** By its very name, else by the one name that is the same without case. */
  byName(name: string): Promise<DirectoryStore | null>;
  /** By name. */
  list(): Promise<readonly DirectoryStore[]>;
  /** The sync summary of every store, or of one; its cost grows with the stores and not with their runs. */
  syncSummaries(storeId?: string): Promise<readonly SyncSummary[]>;
  /** Null when the store is pushed into, and can't be asked. */
  credential(id: string): Promise<Credential | null>;
  /**
   * Encrypts the credential anew with the first key, unless another process replaces it meanwhile. `ConfigError` when it
   * can't be decrypted.
   */
  resealCredential(id: string): Promise<Resealed>;
  /** The sizes of the groups that its criteria name, as its runs saw them last. */
  groupSizes(id: string): Promise<GroupSizes>;
  keepGroupSizes(id: string, sizes: GroupSizes): Promise<void>;
  setStatus(id: string, status: StoreStatus): Promise<void>;
  /** Remembers how many requests per second the directory allows; null when it refuses none. That is no change of the store. */
  setPerSecond(id: string, perSecond: number | null): Promise<void>;
  /** Replaces the credential, unless it is null, and the owner; the store becomes active, or stays paused. */
  reauthorize(
    id: string,
    by: {
      readonly credential: Credential | null;
      readonly owner: string;
      readonly orgName?: string;
      /** Set for a store that has had no credential so far. */
      readonly organization?: Pick<DirectoryStore, 'orgId' | 'sendOrgId'>;
    },
  ): Promise<DirectoryStore>;
  /** Replaces the configuration if it still has `fromRevision`, and keeps that revision; a `Conflict` otherwise. */
  configure(
    id: string,
    change: { readonly fromRevision: number; readonly config: StoreConfig; readonly by: string },
  ): Promise<DirectoryStore>;
  /** A name in use is a `Conflict`. */
  rename(id: string, name: string): Promise<DirectoryStore>;
  changeOwner(id: string, owner: string): Promise<DirectoryStore>;
  /** Pauses the store, and notes that it is being removed: a worker goes on with a removal that breaks off. */
  markRemoval(id: string, removal: Omit<StoreRemoval, 'at'>): Promise<void>;
  /** Removes the store, its runs, records, alerts and lease; its members are kept (unlinked) or deleted. */
  remove(store: DirectoryStore, members: 'keep' | 'delete'): Promise<{ readonly members: number }>;
}
