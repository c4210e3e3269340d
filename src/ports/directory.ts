import type { z } from 'zod';
import type { SourceGroup } from '../core/model/group.ts';
import type { EmailOf, ListedUser, PushedUsers } from '../core/model/source-user.ts';
import type { Connection, Credential, DirectoryStore } from '../core/model/store.ts';
import type { Mapping } from '../core/model/store-config.ts';

/** What is known of one kind of directory. Its folder alone knows more; no other folder names a kind. */
export interface DirectoryProfile {
  /** What stores and people call it. */
  readonly kind: string;
  /** What its maker calls it. */
  readonly name: string;
  readonly capabilities: DirectoryCapabilities;
  /** The paths of attributes that its users can have, for forms that no user was read for yet. */
  readonly knownAttributes: readonly string[];
  /** Where such a directory is: a region, a domain. */
  readonly connectionSchema: z.ZodObject<Readonly<Record<string, z.ZodType<string>>>>;
  /** The ways to sign in, told apart by `type`. Secrets are `writeOnly`. */
  readonly credentialSchema: z.ZodDiscriminatedUnion<readonly z.ZodObject[], 'type'>;
  /** `InvalidInput` when such a credential can't sign in there. */
  readonly checkSignIn: (type: Credential['type'], connection: Connection) => void;
  readonly words: DirectoryWords;
  /** The setting that replaces the origin of its API. */
  readonly originSetting: string;
  /** How its stores are mapped; a store file's rules are laid over it. Its address is what `findByEmail` compares. */
  readonly defaultMapping: Mapping;
  readonly emailOf: EmailOf;
  readonly pushedUsers: PushedUsers;
}

/** What a directory can do for a store. */
interface DirectoryCapabilities {
  /** Rollcall reads it over its API. */
  readonly pull: boolean;
  /** It pushes over SCIM. */
  readonly push: boolean;
  /** Its users are in groups, which criteria can name. */
  readonly groups: boolean;
  /** A credential can be tried before it is stored. */
  readonly connectionTest: boolean;
}

/** How the command line speaks of a kind of directory. */
export interface DirectoryWords {
  /** Command lines that add a store. */
  readonly examples: readonly string[];
  /** For each field of connection and credential what its option is for, and for a secret what to call it. */
  readonly fields: Readonly<Record<string, { readonly summary: string; readonly name?: string }>>;
  /** For each way to sign in what to call it, and what it needs. */
  readonly signIns: Readonly<Record<string, { readonly noun: string; readonly needs: string }>>;
}

/** Every kind of directory there is. */
export interface Directories {
  readonly all: readonly DirectoryProfile[];
  readonly kinds: readonly string[];
  /** `ConfigError` for a kind that this release does not read. */
  of(kind: string): DirectoryProfile;
}

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
  /** The offsets of rows for which the source gives no answer, on any walk. They count as rows without an id. */
  readonly unreadable?: readonly number[];
}

/** How a walk over all groups ended. */
export interface GroupWalkEnd {
  /** Why the walk may have missed a group; null when nothing says so. */
  readonly broken: string | null;
  /** The last total that the source stated; null where it states none. */
  readonly total: number | null;
}

/** What the source says of one id. `found: false`, an answer without the user's object, alone proves no absence. */
export type UserAnswer =
  | { readonly found: true; readonly user: ListedUser }
  | { readonly found: false };

/** A directory that has been connected for one run. Every method throws `SourceError` or `Cancelled`. */
export interface SourceDirectory {
  readonly profile: DirectoryProfile;
  /**
   * True where `found: false` is the source's own statement that a user is gone. Otherwise `askByIds` proves it.
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
   * Which of these ids (at most 100) a list filtered by them shows: a second way to ask whether users are there. Null
   * when the answer is not whole, or shows other users: it then proves nothing.
   */
  listByIds(externalIds: readonly string[]): Promise<ReadonlySet<string> | null>;
  /**
   * All users whose e-mail address at the source has the key of `email` (`emailKeyOf`), ascending by id. Empty only
   * if all users were looked at, or a search that shows the address `known` shows no other: a `SourceError` otherwise.
   * It may take as long as a walk.
   */
  findByEmail(email: string, known?: string | null): Promise<readonly ListedUser[]>;
  /** Ids of the groups named (by name or id); a `SourceError` with code `group-missing` for one that isn't there. */
  resolveGroups(references: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * The ids of the users in a group, page by page. Ends with why the list may lack some of them; null when its pages
   * join and make up the total that it states.
   */
  walkGroupMembers(groupId: string): AsyncGenerator<readonly string[], string | null>;
  /** All groups, page by page, each once. */
  walkGroups(): AsyncGenerator<readonly SourceGroup[], GroupWalkEnd>;
  /** Whether the source finds a group by its id. */
  hasGroup(groupId: string): Promise<boolean>;
  /**
   * Ids of the groups one user is in; a `SourceError` of code `user-failed` when some may be missing, and
   * `no-groups-stated` when there are none, and nothing says that this is the whole list.
   */
  groupsOf(externalId: string): Promise<readonly string[]>;
  /** How many requests per second the directory allows; null while it has refused none as too many. */
  readonly perSecond?: () => number | null;
}

export interface ConnectOptions {
  readonly directory: DirectoryStore['directory'];
  readonly connection: Connection;
  readonly credential: Credential;
  /** Named in requests only by multi-tenant credentials; null otherwise. */
  readonly orgId: string | null;
  readonly signal: AbortSignal;
  /**
   * Takes a credential as refused only after its check was refused twice, some seconds apart. For runs: a store whose
   * credential is refused has no more of them.
   */
  readonly provesRefusals?: boolean;
  /** How many requests per second the directory allowed the run before; absent when it refused none. */
  readonly perSecond?: number | undefined;
  /** Told the time that the directory states with an answer. */
  readonly onClock?: ((says: Date) => void) | undefined;
}

/** Opens a directory; no request is made yet. `InvalidInput` when it can't be signed in to this way. */
export type ConnectDirectory = (options: ConnectOptions) => SourceDirectory;

/** Opens what was pushed of a store's directory as a directory of its own: the source's own word, kept. */
export type ConnectPushed = (store: Pick<DirectoryStore, 'id' | 'directory'>) => SourceDirectory;
