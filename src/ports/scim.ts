import type { ScimToken } from '../core/model/token.ts';
import type { Sort } from '../core/scim/list-query.ts';
import type { ScimGroup, ScimMembership, ScimUser } from '../core/scim/model.ts';
import type { Filter } from '../core/scim/parse-filter.ts';

/** A page of the SCIM resources that match a filter, in a stable order. */
export interface ScimSearch {
  readonly storeId: string;
  /** Null matches every resource. */
  readonly filter: Filter | null;
  /** Null sorts by id. */
  readonly sort: Sort | null;
  readonly skip: number;
  readonly limit: number;
}

interface Found<Resource> {
  /** How many resources match, on all pages. */
  readonly total: number;
  /** Read one after the other, so that a page never is in memory as a whole. */
  readonly resources: AsyncIterable<Resource>;
}

/** How a write of a resource went; `taken`: another resource of the store has its name. */
export type ScimWrite<Resource> = Resource | 'taken' | 'changed';

interface ScimResources<Resource extends ScimUser | ScimGroup> {
  insert(added: Pick<Resource, 'storeId' | 'resource'>): Promise<Resource | 'taken'>;
  /** Replaces the resource if it still has that version; `changed` otherwise. */
  replace(resource: Resource): Promise<ScimWrite<Resource>>;
  byIds(storeId: string, ids: readonly string[]): Promise<readonly Resource[]>;
  /** Throws a `ScimError` `invalidFilter` for a filter on an attribute that can't be searched. */
  search(search: ScimSearch): Promise<Found<Resource>>;
}

export interface ScimUserStore extends ScimResources<ScimUser> {
  /**
   * Removes all data of the user but the fact of its removal; false when it doesn't exist, or has another version.
   */
  remove(user: {
    readonly storeId: string;
    readonly id: string;
    readonly version: number | null;
  }): Promise<boolean>;
  /** Which of these were there and were removed. */
  removed(storeId: string, ids: readonly string[]): Promise<readonly string[]>;
  versions(storeId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Ascending by id. */
  after(storeId: string, id: string | null, limit: number): Promise<readonly ScimUser[]>;
  count(storeId: string): Promise<number>;
  /** Ids of those who were changed or removed since then, ascending. */
  changedSince(storeId: string, since: Date): Promise<readonly string[]>;
  /** Users who are known to be these people of the directory's API, or have one of the (folded) addresses. */
  linked(
    storeId: string,
    to: { readonly pulledIds: readonly string[]; readonly addresses: readonly string[] },
  ): Promise<readonly ScimUser[]>;
  /** Stores which person of the directory's API a user is; that is no new version. */
  link(id: string, pulledId: string): Promise<void>;
  /** Users with an e-mail address or user name that is one of these, folded as filters do; null: of any store. */
  withAddress(storeId: string | null, folded: readonly string[]): Promise<readonly ScimUser[]>;
}

export interface ScimGroupStore extends ScimResources<ScimGroup> {
  /** Counts one more version, of the one given only; null when it isn't there, or has another version. */
  touch(group: {
    readonly storeId: string;
    readonly id: string;
    readonly version: number | null;
  }): Promise<ScimGroup | null>;
  /** Removes the group and its memberships; false when it isn't there, or has another version. */
  remove(group: {
    readonly storeId: string;
    readonly id: string;
    readonly version: number | null;
  }): Promise<boolean>;
  /** Groups that bear one of these names, folded as filters do, oldest first. */
  named(storeId: string, ...names: readonly string[]): Promise<readonly ScimGroup[]>;
  /** Groups whose name is the same as one of these, as `nameKey` compares names, oldest first. */
  namedLike(storeId: string, names: readonly string[]): Promise<readonly ScimGroup[]>;
  join(group: Pick<ScimGroup, 'id' | 'storeId'>, userIds: readonly string[]): Promise<void>;
  leave(groupId: string, userIds: readonly string[]): Promise<void>;
  memberCount(groupId: string): Promise<number>;
  /** How many users each of these groups of a store has; a group without any may be missing. */
  memberCounts(storeId: string, groupIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Those of these users who are in the group. */
  membersAmong(groupId: string, userIds: readonly string[]): Promise<readonly string[]>;
  /** A group's users, ascending, after that one. */
  members(groupId: string, after: string | null, limit: number): Promise<readonly string[]>;
  membershipsOf(userIds: readonly string[]): Promise<readonly ScimMembership[]>;
  /** Takes a user out of all groups. */
  leaveAll(userId: string): Promise<void>;
}

/** The resources pushed over SCIM: the source's own data, apart from the members that it makes. */
export interface ScimStore {
  readonly users: ScimUserStore;
  readonly groups: ScimGroupStore;
}

/** The tokens with which directories push. Only a hash is kept. */
export interface ScimTokenStore {
  /**
   * Makes a store's new token; earlier ones end at once, or after so long. The secret is shown once. Of tokens made at
   * once the last one stays; one that comes before another already is a `Conflict`. It works until `expiresAt`; without
   * that, until the next one is made.
   */
  issue(storeId: string, overlapMs: number, expiresAt?: Date): Promise<string>;
  /** The token of a push with this secret, expired or not; null when there is none (any more). */
  bySecret(secret: string): Promise<ScimToken | null>;
  /** The newest token of each store, or of one. */
  list(storeId?: string): Promise<readonly ScimToken[]>;
}
