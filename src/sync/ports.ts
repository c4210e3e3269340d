/*
 * What a run needs from the outside. The adapters in directories/, store/ and jobs/ implement these;
 * tests pass fakes. Each step of a run takes no more of a port than it uses (`Pick`).
 */
import type { Alert, NewAlert } from '../core/model/alert.ts';
import type {
  AuditAction,
  AuditEntry,
  AuditOutcome,
  AuditSubject,
  NewAuditEntry,
} from '../core/model/audit.ts';
import type { KnownPage, ReadPage } from '../core/model/known-page.ts';
import type { Absence, Member, Origin } from '../core/model/member.ts';
import type { RecordAction, RecordStatus, SyncRecord } from '../core/model/record.ts';
import type {
  AskedDecision,
  Certificate,
  Counts,
  Decided,
  NewRun,
  Run,
  RunError,
} from '../core/model/run.ts';
import type { ListedUser } from '../core/model/source-user.ts';
import type { Credential, DirectoryStore, StoreStatus } from '../core/model/store.ts';
import type { StoreConfig } from '../core/model/store-config.ts';
import type { StoreStand } from '../core/model/store-stand.ts';
import type { MemberPatch } from '../core/plan/apply-record.ts';
import type { RiskCounts } from '../core/plan/guard.ts';
import type { Query } from '../core/scim/compile-filter.ts';
import type { ScimGroup, ScimMembership, ScimUser } from '../core/scim/model.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
}

/** One page of a walk over all users, in ascending order of id, without the overlap. */
export interface ListedPage {
  readonly users: readonly ListedUser[];
  /** What to learn this page by; null for one that was known, or can't be. */
  readonly read: ReadPage | null;
  /** Rows whose id could not be read. */
  readonly withoutId: number;
  /** The total the source stated with this page. */
  readonly total: number;
  /** False from the first id on that is not greater than the one before it. */
  readonly inOrder: boolean;
}

/** What a walk may ask of the pages that it meets. */
export interface PageRecall {
  /** The hash by which a page is known again, of all its bytes that say something of its users. */
  hashOf(parts: readonly Uint8Array[]): string;
  /** The page that began at this row; null when none is known. To be asked for in ascending order. */
  at(skip: number): Promise<KnownPage | null>;
}

/** How a walk over all users ended. */
export interface WalkEnd {
  /** Why the walk may have missed somebody; null when every seam matched. */
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
   * True where `found: false` repeats the source's own word that somebody is gone. Without it, it counts only between
   * two others who are found.
   */
  readonly tellsRemovals?: boolean;
  /** The organizations the credential can see. Also the cheapest check of a credential. */
  organizations(): Promise<readonly Organization[]>;
  /** Walks over all users once. */
  walkUsers(recall?: PageRecall): AsyncGenerator<ListedPage, WalkEnd>;
  /**
   * The full record of one user. When only this id can't be had while other requests succeed, it gives up
   * after a few attempts with a `SourceError` of code `user-failed`.
   */
  getUser(externalId: string): Promise<UserAnswer>;
  /**
   * Everybody whose e-mail address at the source has the key of `email` (`emailKeyOf`), ascending by id. Nobody only
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

/** Opens what was pushed of a store's directory as a directory of its own: the source's own word, kept. */
type ConnectPushed = (storeId: string) => SourceDirectory;

/** A compare-and-set write: applied only to the member that still has `fromRevision`. */
export interface MemberUpdate {
  readonly id: string;
  readonly fromRevision: number;
  readonly recordId: string;
  readonly set: MemberPatch;
}

/** What became of a batch: the records whose write stands, and why each other one does not. */
export interface WriteOutcome {
  readonly applied: readonly string[];
  readonly failed: readonly { readonly recordId: string; readonly error: string }[];
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

export interface MemberPage {
  readonly members: readonly Member[];
  /** Null when there are no more. */
  readonly next: string | null;
}

/** As little of a member as shows that nothing is to be done about it. */
export interface MemberHead extends Pick<Member, 'fingerprint' | 'inactiveCause' | 'absence'> {
  readonly externalId: string;
}

export interface MemberStore {
  get(id: string): Promise<Member | null>;
  byIds(ids: readonly string[]): Promise<readonly Member[]>;
  byEmailKey(emailKey: string): Promise<Member | null>;
  byEmailKeys(emailKeys: readonly string[]): Promise<readonly Member[]>;
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
  /** Inserts new members. A member already there with the same `lastRecord` counts as applied. */
  insertMany(members: readonly Member[]): Promise<WriteOutcome>;
  updateMany(updates: readonly MemberUpdate[]): Promise<WriteOutcome>;
  deleteMany(deletes: readonly Omit<MemberUpdate, 'set'>[]): Promise<WriteOutcome>;
  /** Whole members, ascending by `externalId`, those without one last; read in pages. */
  list(filter: {
    readonly storeId?: string;
    readonly status?: Member['status'];
  }): AsyncGenerator<Member>;
  /**
   * A page of whole members: by address for those whose address key begins with `emailPrefix`, else by source id in
   * one store, else by id. `after` is what `next` was of the page before.
   */
  page(filter: MemberPageFilter): Promise<MemberPage>;
  /**
   * Remembers that inactive members are proven gone, so that later runs need not ask for them again; leaves the
   * revision as it is.
   */
  markGone(members: readonly Pick<Member, 'id' | 'revision'>[]): Promise<void>;
  /** Remembers confirmations of absence, or forgets them (null); leaves the revision as it is. */
  noteAbsences(
    notes: readonly { readonly id: string; readonly absence: Absence | null }[],
  ): Promise<void>;
  /** Remembers what the source says of members that need no change; leaves the revision as it is. */
  noteFingerprints(
    notes: readonly (Pick<Member, 'id' | 'revision'> & { readonly fingerprint: string })[],
  ): Promise<void>;
  /** Gives up address claims ahead of the updates that move them; leaves the revision as it is. */
  releaseEmailKeys(
    releases: readonly { readonly id: string; readonly fromRevision: number }[],
  ): Promise<void>;
}

interface RecordFilter {
  readonly runId: string;
  readonly statuses?: readonly RecordStatus[];
  readonly actions?: readonly RecordAction[];
  /**
   * Only some kinds: what is not confirmed by id, or the removals of it; or `moves`, by which a member may give
   * up its e-mail address.
   */
  readonly only?: 'unconfirmed' | 'unconfirmed-removals' | 'moves';
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
  /** Of whom records of any run show an address with this key. Reads all records: it may take a while. */
  withAddress(
    emailKey: string,
  ): Promise<readonly Pick<SyncRecord, 'runId' | 'externalId' | 'memberId'>[]>;
  /** Whether any record is held in the store, or was rejected by a person. */
  hasStanding(storeId: string): Promise<boolean>;
  /** Those records for these people. */
  standing(storeId: string, externalIds: readonly string[]): Promise<readonly SyncRecord[]>;
  /** The risks of what a run plans or holds. */
  countRisks(runId: string): Promise<RiskCounts>;
  /** The risks of what runs have applied without anybody's approval. */
  countAppliedRisks(runIds: readonly string[]): Promise<RiskCounts>;
  /** Holds the planned records of a run with a risk (`Brake.risk`), to stand in this store from now on. */
  hold(brake: {
    readonly runId: string;
    readonly risk: string;
    readonly standsIn: string | null;
  }): Promise<void>;
  /** Of those that are not settled yet (applied, failed, undone): a late writer changes nothing. */
  replaceMany(records: readonly SyncRecord[]): Promise<void>;
  /** Replaces records whatever became of them: for erasing what they say of somebody. */
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
  /** Sets what people decided: of the records in these states, all or those of the people named. */
  decide(decision: {
    readonly runId: string;
    readonly people: readonly string[] | null;
    readonly from: readonly RecordStatus[];
    readonly to: 'planned' | 'rejected' | 'held';
    readonly by: string | null;
    readonly at: Date | null;
  }): Promise<void>;
  /** Of the whole run, or of what was decided at one time. */
  countByStatus(
    runId: string,
    decidedAt?: Date,
  ): Promise<Readonly<Partial<Record<RecordStatus, number>>>>;
  countByAction(runId: string): Promise<Readonly<Partial<Record<RecordAction, number>>>>;
  /** Forgets the plan of a run whose listing starts anew; what is settled stays. */
  removeAll(runId: string): Promise<void>;
}

/** What a run can learn about itself on its way. */
export interface RunPatch {
  readonly holder?: string;
  readonly status?: Run['status'];
  readonly certificate?: Certificate | null;
  readonly counts?: Counts;
  readonly warnings?: readonly string[];
  readonly error?: RunError | null;
  readonly startedAt?: Date;
  readonly finishedAt?: Date | null;
  readonly resumes?: number;
  readonly configRevision?: number;
  readonly decision?: null;
  readonly decided?: Decided;
  readonly resolvedAt?: Date;
}

export interface RunFilter {
  readonly storeId?: string;
  readonly statuses?: readonly Run['status'][];
  /** Only runs of which something is held for a person; previews hold nothing. */
  readonly holding?: true;
  /** Only runs that ended (or were held) since then. */
  readonly endedSince?: Date;
  readonly modes?: readonly Run['mode'][];
  /** Only runs older than the one with this id. */
  readonly before?: string;
  /** At most this many; all without it. */
  readonly limit?: number;
}

/** What runs found on the pages of a store's listing. It may be gone at any time: runs then read the pages anew. */
export interface PageStore {
  /** Pages that begin at this row or later, ascending, at most `limit`. */
  from(storeId: string, skip: number, limit: number): Promise<readonly KnownPage[]>;
  /** Keeps these pages in place of what was known of theirs. */
  put(storeId: string, pages: readonly KnownPage[]): Promise<void>;
  /** Forgets the pages that begin at this row or later. */
  removeFrom(storeId: string, skip: number): Promise<void>;
}

export interface RunStore {
  /** Inserts a queued run, or answers the one that is already queued for this store and mode. */
  enqueue(run: NewRun): Promise<{ readonly run: Run; readonly created: boolean }>;
  /** Inserts a run that its maker carries out at once, without a worker (an edit by hand). */
  insertUnderWay(run: NewRun): Promise<Run>;
  get(id: string): Promise<Run | null>;
  /** Newest first. */
  list(filter: RunFilter): Promise<readonly Run[]>;
  /** Changes a run that has not ended and is still in the hands given; null when it has, or is in other ones. */
  update(run: Pick<Run, 'id' | 'holder'>, patch: RunPatch): Promise<Run | null>;
  /** A queued run is cancelled at once; one under way is asked to stop. Null when it has ended. */
  requestCancel(id: string): Promise<Run | null>;
  /**
   * Opens an ended run again, in nobody's hands, for a worker to carry out a decision; null when it is not ended, or
   * has one already.
   */
  openDecision(id: string, decision: AskedDecision): Promise<Run | null>;
  /** Changes a run that has ended; null while a worker has work with it. */
  amend(id: string, patch: Pick<RunPatch, 'status' | 'counts' | 'resolvedAt'>): Promise<Run | null>;
  /** Ended runs older than `before` without held records, oldest first: what pruning may remove. */
  prunable(before: Date, limit: number): Promise<readonly string[]>;
  /** Removes runs and their records. */
  removeMany(ids: readonly string[]): Promise<void>;
  /** How many runs stand in each status, for metrics. */
  countByStatus(): Promise<Readonly<Partial<Record<Run['status'], number>>>>;
}

/** One worker at a time works on a store. */
export interface LeaseStore {
  /** True when `holder` has the lease now; an expired one can be taken over. */
  acquire(lease: {
    readonly storeId: string;
    readonly holder: string;
    readonly ttlMs: number;
  }): Promise<boolean>;
  /** False when it was lost to somebody else. */
  renew(lease: {
    readonly storeId: string;
    readonly holder: string;
    readonly ttlMs: number;
  }): Promise<boolean>;
  release(lease: { readonly storeId: string; readonly holder: string }): Promise<void>;
}

export interface NewDirectoryStore {
  readonly name: string;
  readonly directory: DirectoryStore['directory'];
  /** `scim` when its directory pushes into it; without it, `api`. */
  readonly via?: DirectoryStore['via'];
  readonly region: DirectoryStore['region'];
  readonly orgId: string;
  readonly sendOrgId: boolean;
  readonly owner: string;
  readonly config: StoreConfig;
  /** Null only for a store that is pushed into, and can't be asked. */
  readonly credential: Credential | null;
}

/** The directory stores themselves. Names are unique; a name in use is a `Conflict`. */
export interface DirectoryStores {
  /** Keeps the credential encrypted. */
  create(store: NewDirectoryStore): Promise<DirectoryStore>;
  get(id: string): Promise<DirectoryStore | null>;
  byName(name: string): Promise<DirectoryStore | null>;
  /** By name. */
  list(): Promise<readonly DirectoryStore[]>;
  /** How every store stands, or only the one; at a cost that grows with the stores and not with their runs. */
  stands(storeId?: string): Promise<readonly StoreStand[]>;
  /** Null when the store is pushed into, and can't be asked. */
  credential(id: string): Promise<Credential | null>;
  setStatus(id: string, status: StoreStatus): Promise<void>;
  /** Replaces the credential, unless it is null, and the owner; the store becomes active, or stays paused. */
  reauthorize(
    id: string,
    by: {
      readonly credential: Credential | null;
      readonly owner: string;
      /** Set for a store that has had no credential so far. */
      readonly organization?: Pick<DirectoryStore, 'orgId' | 'sendOrgId'>;
    },
  ): Promise<DirectoryStore>;
  /** Replaces the configuration if it still has `fromRevision`; a `Conflict` otherwise. */
  configure(
    id: string,
    change: { readonly fromRevision: number; readonly config: StoreConfig },
  ): Promise<DirectoryStore>;
  /** A name in use is a `Conflict`. */
  rename(id: string, name: string): Promise<DirectoryStore>;
  changeOwner(id: string, owner: string): Promise<DirectoryStore>;
  /** Removes the store, its runs, records, alerts and lease; its members are kept (unlinked) or deleted. */
  remove(store: DirectoryStore, members: 'keep' | 'delete'): Promise<{ readonly members: number }>;
}

export const tokenRoles = ['owner', 'admin', 'viewer'] as const;
export type TokenRole = (typeof tokenRoles)[number];

export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Access tokens of people and scripts. Only a hash is kept. */
export interface TokenStore {
  /** `secret` is shown once and never again. */
  create(token: {
    readonly name: string;
    readonly role: TokenRole;
  }): Promise<{ readonly token: AccessToken; readonly secret: string }>;
  list(): Promise<readonly AccessToken[]>;
  get(id: string): Promise<AccessToken | null>;
  /** The token this secret belongs to; null when there is none (any more). */
  bySecret(secret: string): Promise<AccessToken | null>;
  /** False when there was none. */
  revoke(id: string): Promise<boolean>;
}

/** How far a run is: users listed or records applied, of about so many. */
export interface Progress {
  readonly phase: 'listing' | 'confirming' | 'applying';
  readonly done: number;
  readonly total: number;
}

/** A run as the queue knows it: each decision on it is an occasion of its own. */
export type RunReference = Pick<Run, 'id' | 'decision'>;

/** Rings for a run that stands in MongoDB: the job carries its id and nothing else. */
export interface JobQueue {
  ringRun(run: RunReference): Promise<void>;
  /** Makes the schedulers follow the stores, after a store was added, changed, paused or removed. */
  reconcileSchedules(): Promise<void>;
  /** How many workers are listening. */
  workerCount(): Promise<number>;
  /** What the worker last said of a run under way; null when it said nothing. */
  progressOf(run: RunReference): Promise<Progress | null>;
}

/** What became of the alerts of late. */
export interface AlertsStand {
  /** Not tried yet. */
  readonly waiting: number;
  /** Tried without success, and tried again. */
  readonly failing: number;
  /** Given up since the last alert was delivered. */
  readonly givenUp: number;
  /** Why the latest of those failed. */
  readonly lastError: string | null;
}

/** The outbox of alerts. */
export interface AlertStore {
  /** True when nobody is set to receive alerts: none is put in. */
  readonly isSilent: boolean;
  /** Puts alerts in, to be sent at once. One that is in already stays as it is, sent or not. */
  raise(alerts: readonly NewAlert[]): Promise<void>;
  /** Alerts to be sent by now, the longest due first. */
  due(now: Date, limit: number): Promise<readonly Alert[]>;
  /** Replaces an alert, unless it is gone. */
  save(alert: Alert): Promise<void>;
  drop(id: string): Promise<void>;
  stand(): Promise<AlertsStand>;
}

/**
 * Posts an alert, signed. Null when the receiver took it; otherwise why not, in words that name no address, since
 * that may hold a secret. `Cancelled` when the signal cut it off.
 */
export type SendAlert = (
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
) => Promise<string | null>;

/** A page of SCIM resources that fit a query, in a stable order. */
export interface ScimSearch {
  readonly storeId: string;
  /** Null: all of them. */
  readonly where: Query | null;
  /** A path of the search form, `createdAt`, `updatedAt` or `_id`; ties go by id. */
  readonly sort: { readonly path: string; readonly descending: boolean } | null;
  readonly skip: number;
  readonly limit: number;
}

interface Found<Resource> {
  /** How many fit in all. */
  readonly total: number;
  readonly resources: readonly Resource[];
}

/** How a write of a resource went; `taken`: another resource of the store has its name. */
export type ScimWrite<Resource> = Resource | 'taken' | 'changed';

interface ScimResources<Resource extends ScimUser | ScimGroup> {
  insert(added: Pick<Resource, 'storeId' | 'resource'>): Promise<Resource | 'taken'>;
  /** Replaces the resource if it still has that version; `changed` otherwise. */
  replace(resource: Resource): Promise<ScimWrite<Resource>>;
  byIds(storeId: string, ids: readonly string[]): Promise<readonly Resource[]>;
  search(search: ScimSearch): Promise<Found<Resource>>;
}

export interface ScimUserStore extends ScimResources<ScimUser> {
  /** Forgets all of the user but that it was removed; false when it isn't there, or has another version. */
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
  /** Remembers which person of the directory's API a user is; that is no new version. */
  link(id: string, pulledId: string): Promise<void>;
  /** Users with an e-mail address or user name that is this one, folded as filters do; null: of any store. */
  withAddress(storeId: string | null, folded: string): Promise<readonly ScimUser[]>;
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
  /** Groups that bear this name, folded as filters do, oldest first. */
  named(storeId: string, name: string): Promise<readonly ScimGroup[]>;
  join(group: Pick<ScimGroup, 'id' | 'storeId'>, userIds: readonly string[]): Promise<void>;
  leave(groupId: string, userIds: readonly string[]): Promise<void>;
  /** Has all leave but these. */
  leaveOthers(groupId: string, userIds: ReadonlySet<string>): Promise<void>;
  /** A group's users, ascending, after that one. */
  members(groupId: string, after: string | null, limit: number): Promise<readonly string[]>;
  membershipsOf(userIds: readonly string[]): Promise<readonly ScimMembership[]>;
  /** Takes a user out of all groups. */
  leaveAll(userId: string): Promise<void>;
}

/** What was pushed over SCIM: the source's own word, apart from the members it makes. */
export interface ScimStore {
  readonly users: ScimUserStore;
  readonly groups: ScimGroupStore;
}

/** The tokens with which directories push. Only a hash is kept. */
export interface ScimTokenStore {
  /** Makes a store's new token; earlier ones end at once, or after so long. The secret is shown once. */
  issue(storeId: string, overlapMs: number): Promise<string>;
  /** The store this secret lets push into; null when there is none (any more). */
  storeOf(secret: string): Promise<string | null>;
}
export interface AuditFilter {
  readonly storeId?: string;
  readonly action?: AuditAction;
  readonly by?: string;
  /** Only entries older than the one with this id. */
  readonly before?: string;
  /** At most this many; all without it. */
  readonly limit?: number;
}

/** Who did what. An entry is begun before the work, so that nothing is done without one. */
export interface AuditStore {
  begin(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Says what came of an entry that was begun, and what it turned out to be about. Later words change nothing. */
  finish(
    id: string,
    end: {
      readonly outcome: Exclude<AuditOutcome, 'begun'>;
      readonly error?: string;
    } & Partial<Pick<Stringed<AuditSubject>, 'storeId' | 'runId' | 'tokenId'>>,
  ): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter): Promise<readonly AuditEntry[]>;
}

type Stringed<T> = { readonly [K in keyof T]: NonNullable<T[K]> };

export interface Clock {
  now(): Date;
}

/** Everything behind the shell: what `compose.ts` builds and the commands, routes and jobs are given. */
export interface Ports {
  readonly stores: DirectoryStores;
  readonly members: MemberStore;
  readonly records: RecordStore;
  readonly pages: PageStore;
  readonly runs: RunStore;
  readonly leases: LeaseStore;
  readonly tokens: TokenStore;
  readonly alerts: AlertStore;
  readonly scim: ScimStore;
  readonly scimTokens: ScimTokenStore;
  readonly audit: AuditStore;
  readonly queue: JobQueue;
  readonly connectDirectory: ConnectDirectory;
  readonly connectPushed: ConnectPushed;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}
