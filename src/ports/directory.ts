import type { ListedUser } from '../core/model/source-user.ts';
import type { Credential, DirectoryStore } from '../core/model/store.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
}

/** One page of a walk over all users, in ascending order of id, without the overlap. */
export interface ListedPage {
  readonly users: readonly ListedUser[];
  /** Rows whose id could not be read. */
  readonly withoutId: number;
  /** The total the source stated with this page. */
  readonly total: number;
  /** False from the first id on that is not greater than the one before it. */
  readonly inOrder: boolean;
}

/** How a walk over all users ended. */
export interface WalkEnd {
  /** Why the walk may have missed a user; null when every seam matched. */
  readonly broken: string | null;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly pages: number;
  readonly requests: number;
}

/** What the source says of one id. `gone` only for a 404 in the source's own words (JSON). */
export type UserAnswer =
  | { readonly found: true; readonly user: ListedUser }
  | { readonly found: false };

/** A directory that has been connected for one run. Every method throws `SourceError` or `Cancelled`. */
export interface SourceDirectory {
  /**
   * True where `found: false` is the source's own statement that a user is gone. Otherwise it
   * counts only between two other users who are found.
   */
  readonly removalsAreExplicit?: boolean;
  /** The organizations the credential can see. Also the cheapest check of a credential. */
  organizations(): Promise<readonly Organization[]>;
  /** Walks over all users once. */
  walkUsers(): AsyncGenerator<ListedPage, WalkEnd>;
  /**
   * The full record of one user. When only this id can't be had while other requests succeed, it gives up
   * after a few attempts with a `SourceError` of code `user-failed`.
   */
  getUser(externalId: string): Promise<UserAnswer>;
  /**
   * All users whose e-mail address at the source has the key of `email` (`emailKeyOf`), ascending by id. Empty only
   * if all users were looked at: a `SourceError` otherwise. It may take as long as a walk.
   */
  findByEmail(email: string): Promise<readonly ListedUser[]>;
  /** Ids of the groups named (by name or id); a `SourceError` with code `group-missing` for one that isn't there. */
  resolveGroups(references: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The ids of all users in a group, page by page. */
  walkGroupMembers(groupId: string): AsyncGenerator<readonly string[], void>;
  /** Ids of the groups one user is in. */
  groupsOf(externalId: string): Promise<readonly string[]>;
}

export interface ConnectOptions {
  readonly directory: DirectoryStore['directory'];
  readonly region: DirectoryStore['region'];
  readonly credential: Credential;
  /** Named in requests only by multi-tenant credentials; null otherwise. */
  readonly orgId: string | null;
  readonly signal: AbortSignal;
}

/** Opens a directory; no request is made yet. `InvalidInput` when it can't be signed in to this way. */
export type ConnectDirectory = (options: ConnectOptions) => SourceDirectory;

/** Opens the pushed users of a store as a directory of its own: the stored data of the source. */
export type ConnectPushed = (storeId: string) => SourceDirectory;
