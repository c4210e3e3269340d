import type { MemberField } from './fields.ts';

export const memberStatuses = ['active', 'inactive'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

/** Why the sync made (or would keep) a member inactive, as it last saw the source. */
export const inactiveCauses = [
  'suspended',
  'staged',
  'out-of-scope',
  'gone',
  'left-groups',
] as const;
export type InactiveCause = (typeof inactiveCauses)[number];

/** One directory of one organization: the origin that a member kept from a removed store remembers. */
export interface Origin {
  readonly directory: string;
  readonly orgId: string;
}

/** An origin as records write it. */
export function originText(origin: Origin | null): string | null {
  return origin === null ? null : `${origin.directory}:${origin.orgId}`;
}

/** How often, and since when, runs confirmed that the directory no longer has the user. */
export interface Absence {
  readonly since: Date;
  readonly confirmations: number;
  /** The run that confirmed it last. */
  readonly runId: string;
}

/** A role that a member has because it is in a group. */
export interface RoleGrant {
  readonly role: string;
  /** The source id of the group. */
  readonly group: string;
}

/** Grants as records write them: neither roles nor ids have these characters. */
export function grantsText(grants: readonly RoleGrant[]): string | null {
  return grants.length === 0 ? null : grants.map(({ role, group }) => `${role}=${group}`).join(',');
}

export function readGrants(text: string | null): readonly RoleGrant[] {
  if (text === null) return [];
  return text.split(',').map((grant) => {
    const [role = '', group = ''] = grant.split('=');
    return { role, group };
  });
}

/** A person in the member store. */
export interface Member {
  readonly id: string;
  /** The directory store this member is synced from; null when added by hand or kept from a removed store. */
  readonly storeId: string | null;
  /** The person's id at the source; null when the member was never in a directory. */
  readonly externalId: string | null;
  /** Set only on members kept from a removed store, so that they can be linked again. */
  readonly keptFrom: Origin | null;
  readonly status: MemberStatus;
  /** What set the status last. A status set by hand outranks the sync. */
  readonly statusBy: 'sync' | 'person';
  /** Why the sync wants this member inactive; null when it wants it active. */
  readonly inactiveCause: InactiveCause | null;
  /** Set while an absence needs further confirmations, as the store requires. */
  readonly absence: Absence | null;
  /**
   * The fingerprint of the user (`core/mapping/fingerprint.ts`) when a run last wrote or checked this member. Null
   * when anything else has written the member since: then the user can't be skipped.
   */
  readonly fingerprint: string | null;
  /** Blank fields are left out. */
  readonly fields: Readonly<Partial<Record<MemberField, string>>>;
  readonly custom: Readonly<Record<string, string>>;
  /** Source ids of the groups that the member is in. */
  readonly groups: readonly string[];
  /**
   * When the member left the last followed group that it was in, in a store that then deactivates; null otherwise, and
   * once it is in a followed group again.
   */
  readonly leftGroupsAt: Date | null;
  /** Roles for applications, each from a group. They mean nothing in Rollcall. */
  readonly roles: readonly RoleGrant[];
  /**
   * The member's claim on its e-mail address (`emailKeyOf`), unique over all members. Null when it
   * was released to another member, although `fields.email` still shows the old address.
   */
  readonly emailKey: string | null;
  /** Counts the writes; every write is a compare-and-set on it. */
  readonly revision: number;
  /** The record whose change was applied last. */
  readonly lastRecord: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The id of a synced member: derived, so that creating the same person twice finds the first member. */
export function memberIdOf(storeId: string, externalId: string): string {
  return `${storeId}.${externalId}`;
}
