import type { MemberSort } from '../core/member-search.ts';
import type { Absence, InactiveCause, Member, Origin } from '../core/model/member.ts';
import type { MemberPatch } from '../core/plan/apply-record.ts';

/** A compare-and-set write: applied only to the member that still has `fromRevision`. */
export interface MemberUpdate {
  readonly id: string;
  readonly fromRevision: number;
  /** The store of the member in this revision; without it, the database is asked. */
  readonly fromStore?: string | null;
  readonly recordId: string;
  readonly set: MemberPatch;
}

/** Why a write had no effect. */
type WriteFailureCode =
  /** The member has another revision than the one that was planned on. */
  | 'changed'
  /** There is a member with this id, which another record inserted. */
  | 'exists'
  /** The member to be changed is not there. */
  | 'gone'
  | 'address-taken'
  | 'source-id-taken'
  /** The address or the source id was taken, and the member that had it can no longer be found. */
  | 'address-or-source-id-taken'
  /** The database refused the write for another reason. */
  | 'refused';

/** Why a write had no effect: the code is for decisions, the text for people. */
export interface WriteFailure {
  readonly code: WriteFailureCode;
  readonly error: string;
}

/** The result of a batch: the records whose write took effect, and why each other one didn't. */
export interface WriteOutcome {
  readonly applied: readonly string[];
  readonly failed: readonly (WriteFailure & { readonly recordId: string })[];
}

export interface MemberPageFilter {
  readonly storeId?: string;
  readonly status?: Member['status'];
  readonly emailPrefix?: string;
  /** What a first, last or display name begins with, in any case. No index has names: all members are read. */
  readonly namePrefix?: string;
  readonly after?: string;
  readonly limit: number;
}

export interface MemberListFilter {
  readonly storeId?: string;
  readonly status?: Member['status'];
  readonly inactiveCause?: InactiveCause;
  readonly department?: string;
  /** Words of which each begins a word of the name, the address or the employee id (`core/member-search.ts`). */
  readonly search?: string;
}

/** One part of a sorted list. Keys are opaque: `next` of a page, or a mark. */
export interface MemberSearch extends MemberListFilter {
  readonly sort: MemberSort;
  /** The key of the last member before the part. */
  readonly after?: string;
  /** The key of the last member that the part may have. */
  readonly upTo?: string;
  readonly limit: number;
}

export interface MemberPage {
  readonly members: readonly Member[];
  /** Null when there are no more. */
  readonly next: string | null;
}

/** As little of a member as shows that nothing is to be done about it. */
export interface MemberHead extends Pick<Member, 'fingerprint' | 'inactiveCause' | 'absence'> {
  readonly externalId: string;
}

/** A group of a store, by the group's source id. */
export interface GroupOfMembers {
  readonly storeId: string;
  readonly group: string;
}

export interface MemberStore {
  get(id: string): Promise<Member | null>;
  byIds(ids: readonly string[]): Promise<readonly Member[]>;
  byEmailKey(emailKey: string): Promise<Member | null>;
  byEmailKeys(emailKeys: readonly string[]): Promise<readonly Member[]>;
  /**
   * Members that show an address without a claim on it, ascending by id, at most `limit`. Leaves out those that are
   * proven gone, which gave it up. Reads all members: it may take a while.
   */
  withoutClaim(limit: number): Promise<readonly Member[]>;
  /** Of members of a store with `after < externalId <= upTo` (null: unbounded), ascending, at most `limit`. */
  headsInIdRange(range: {
    readonly storeId: string;
    readonly after: string | null;
    readonly upTo: string | null;
    readonly limit: number;
  }): Promise<readonly MemberHead[]>;
  bySourceIds(storeId: string, externalIds: readonly string[]): Promise<readonly Member[]>;
  /** Members kept from a removed store of this origin, among the ids given. */
  keptFrom(origin: Origin, externalIds: readonly string[]): Promise<readonly Member[]>;
  hasKeptFrom(origin: Origin): Promise<boolean>;
  counts(storeId: string): Promise<{ readonly active: number; readonly inactive: number }>;
  /** Source ids of the members in a group of a store, ascending, after that one. */
  inGroup(
    asked: GroupOfMembers & {
      readonly after: string | null;
      readonly limit: number;
    },
  ): Promise<readonly string[]>;
  /** Which of these source ids have a member in the store. */
  sourceIdsAmong(storeId: string, externalIds: readonly string[]): Promise<readonly string[]>;
  /** How many members each of these groups of a store has. */
  groupSizes(storeId: string, groups: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Puts members of a store into a group, or takes them out of it, by source id. The revision stays: groups stand apart
   * from what records of users change, and putting in twice changes nothing.
   */
  joinGroup(group: GroupOfMembers, externalIds: readonly string[]): Promise<void>;
  /** With `noneLeft` the members that are in none of these groups then are marked as having left their groups. */
  leaveGroup(
    group: GroupOfMembers,
    externalIds: readonly string[],
    noneLeft?: readonly string[],
  ): Promise<void>;
  /** Source ids of the members of a store that left the last followed group that they were in. */
  leftGroups(storeId: string): Promise<readonly string[]>;
  /** Members with a role from a group of a store, ascending by source id, after that one. */
  roleHolders(
    asked: GroupOfMembers & { readonly after: string | null; readonly limit: number },
  ): Promise<readonly Member[]>;
  /** Source ids of the groups from which members of a store have roles. */
  groupsWithRoles(storeId: string): Promise<readonly string[]>;
  /** Gives active members a role from a group, or takes away what they have from it; the revision stays. */
  grantRole(group: GroupOfMembers, role: string, externalIds: readonly string[]): Promise<void>;
  revokeRoles(group: GroupOfMembers, externalIds: readonly string[]): Promise<void>;
  /** Inserts new members. A member already there with the same `lastRecord` counts as applied. */
  insertMany(members: readonly Member[]): Promise<WriteOutcome>;
  updateMany(updates: readonly MemberUpdate[]): Promise<WriteOutcome>;
  deleteMany(deletes: readonly Omit<MemberUpdate, 'set'>[]): Promise<WriteOutcome>;
  /** Whole members, ascending by `externalId`, those without one last; read in pages. */
  list(filter: MemberListFilter): AsyncGenerator<Member>;
  /** How many members `list` has; counts no further than `limit`. */
  count(filter: MemberListFilter, limit?: number): Promise<number>;
  search(asked: MemberSearch): Promise<MemberPage>;
  /** The key of each member whose place in the sorted list, from 1, is a multiple of `every`; at most `limit`. */
  marks(
    asked: Omit<MemberSearch, 'after' | 'upTo'> & { readonly every: number },
  ): Promise<readonly string[]>;
  /**
   * A page of whole members: by address for those whose address key begins with `emailPrefix`, else by source id in
   * one store, else by id. `after` is what `next` was of the page before.
   */
  page(filter: MemberPageFilter): Promise<MemberPage>;
  /**
   * Stores that inactive members are proven gone, so that later runs need not ask for them again;
   * leaves the revision as it is.
   */
  markGone(members: readonly Pick<Member, 'id' | 'revision'>[]): Promise<void>;
  /** Stores confirmations of absence, or removes them (null); leaves the revision as it is. */
  noteAbsences(
    notes: readonly { readonly id: string; readonly absence: Absence | null }[],
  ): Promise<void>;
  /** Stores the fingerprints of members that need no change; leaves the revision as it is. */
  noteFingerprints(
    notes: readonly (Pick<Member, 'id' | 'revision'> & { readonly fingerprint: string })[],
  ): Promise<void>;
  /** Gives up address claims ahead of the updates that move them; leaves the revision as it is. */
  releaseEmailKeys(
    releases: readonly { readonly id: string; readonly fromRevision: number }[],
  ): Promise<void>;
}
