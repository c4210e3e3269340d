import type { JsonObject } from './source-user.ts';

/**
 * `staged`: found by a first import, which waits for a person. `followed`: its name and its members follow the source.
 * `unlinked`: the source has it no more; it stays as it was.
 */
export const groupStatuses = ['staged', 'followed', 'unlinked'] as const;
type GroupStatus = (typeof groupStatuses)[number];

/** A group of a directory store. Who is in it stands on the members alone (`Member.groups`). */
export interface Group {
  readonly storeId: string;
  /** The group's id at the source, by which it is followed: a rename stays the same group. */
  readonly externalId: string;
  readonly name: string;
  readonly status: GroupStatus;
  /** Source ids of people whom the run before saw join a group under review; a second run puts them in. */
  readonly waiting: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A group as a directory gave it. */
export interface SourceGroup {
  readonly id: string;
  readonly name: string;
  /** The group itself: what criteria on groups read. */
  readonly record: JsonObject;
  /** Why the source's list of its members can't be relied on, in words; null when it can. */
  readonly doubt: string | null;
  /** Whether a person at the source approves who joins it, which a rule proposes. */
  readonly isUnderReview: boolean;
}

export const groupCountNames = [
  'listed',
  'inScope',
  'unchanged',
  'create',
  'update',
  'delete',
  'problem',
  'held',
  'heldEarlier',
  'applied',
  'failed',
] as const;
export type GroupCounts = Readonly<Record<(typeof groupCountNames)[number], number>>;

export const noGroupCounts: GroupCounts = Object.freeze(
  Object.fromEntries(groupCountNames.map((name) => [name, 0])) as Record<
    (typeof groupCountNames)[number],
    number
  >,
);

/** What the list of groups proves. `total` is null where the source states none. */
export interface GroupCertificate {
  readonly complete: boolean;
  readonly total: number | null;
  readonly distinct: number;
}

/** What a run did about groups. */
export interface GroupResults {
  readonly counts: GroupCounts;
  /** Null for a run that lists no groups: a decision, an undo. */
  readonly certificate: GroupCertificate | null;
}
