import type { StoreConfig } from './store-config.ts';

/** The directories Rollcall can read. */
export const directoryKinds = ['jumpcloud'] as const;
export type DirectoryKind = (typeof directoryKinds)[number];

export const regions = ['us', 'eu', 'in'] as const;
export type Region = (typeof regions)[number];

export const storeStatuses = ['active', 'paused', 'needs-reauthorization'] as const;
export type StoreStatus = (typeof storeStatuses)[number];

/** How to sign in to a directory. Kept encrypted; never in logs, errors, job data or arguments. */
export type Credential =
  | { readonly type: 'api-key'; readonly apiKey: string }
  | {
      readonly type: 'client-credentials';
      readonly clientId: string;
      readonly clientSecret: string;
    };

/** A configured source of members. */
export interface DirectoryStore {
  readonly id: string;
  readonly name: string;
  readonly directory: DirectoryKind;
  readonly via: 'api' | 'scim';
  readonly region: Region;
  readonly orgId: string;
  /** Whether requests name the organization (`x-org-id`): only when it was given, as multi-tenant keys need. */
  readonly sendOrgId: boolean;
  readonly status: StoreStatus;
  /** Who set it up or reauthorized it last. */
  readonly owner: string;
  readonly config: StoreConfig;
  /** Counts the changes of `config`. */
  readonly configRevision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
