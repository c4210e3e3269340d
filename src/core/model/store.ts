import type { StoreConfig } from './store-config.ts';

export const storeStatuses = ['active', 'paused', 'needs-reauthorization'] as const;
export type StoreStatus = (typeof storeStatuses)[number];

/**
 * How to sign in to a directory, as its `credentialSchema` has it. Kept encrypted; never in logs, errors, job data or
 * arguments.
 */
export interface Credential {
  readonly type: string;
  readonly [field: string]: string;
}

/** What is known of a store's credential without decrypting it. */
export interface CredentialInfo {
  readonly type: string;
  readonly addedAt: Date;
  /** Who gave it. */
  readonly addedBy: string;
  /** What tells it from another one to a person: its last characters. */
  readonly hint: string | null;
}

/** Where a directory is, as its `connectionSchema` has it. No secrets. */
export type Connection = Readonly<Record<string, string>>;

/** A removal that was begun. Members and runs are removed first, step by step, and the store last. */
export interface StoreRemoval {
  readonly members: 'keep' | 'delete';
  readonly by: string;
  readonly at: Date;
}

/** A configured source of members. */
export interface DirectoryStore {
  readonly id: string;
  readonly name: string;
  /** The kind of directory. */
  readonly directory: string;
  readonly via: 'api' | 'scim';
  readonly connection: Connection;
  readonly orgId: string;
  /** Its name at the last check of a credential; absent when none was checked, and in stores of earlier releases. */
  readonly orgName?: string;
  /** Absent without a credential, and for one that an earlier release stored. */
  readonly credentialInfo?: CredentialInfo;
  /** Whether requests name the organization: only when it was given, as multi-tenant credentials need. */
  readonly sendOrgId: boolean;
  readonly status: StoreStatus;
  /** Who set it up or reauthorized it last. */
  readonly owner: string;
  readonly config: StoreConfig;
  /** Counts the changes of `config`. */
  readonly configRevision: number;
  /** That of the release that wrote `config`: see `dataShape`. */
  readonly shape: number;
  /** Set while the store is being removed. */
  readonly removal?: StoreRemoval;
  /** How many requests per second its directory allows, as runs found; absent while it refused none as too many. */
  readonly perSecond?: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
