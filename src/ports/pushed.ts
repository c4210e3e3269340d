import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { ScimUser } from '../core/scim/model.ts';

/** What pushes of some users are planned on. */
export interface Pushed {
  /** Null when it was removed. */
  readonly store: DirectoryStore | null;
  readonly users: readonly ScimUser[];
  /** Which of the users were there and were removed. */
  readonly removed: readonly string[];
  /** Of these users. */
  readonly members: readonly Member[];
  /** The records of these users that block a change in later runs. */
  readonly blocking: readonly SyncRecord[];
}

/** Reads in one round trip what pushes are planned on. */
export interface PushedReader {
  /** Reads users before their members. */
  read(storeId: string, ids: readonly string[]): Promise<Pushed>;
}
