export const recordActions = [
  'create',
  'adopt',
  'update',
  'deactivate',
  'reactivate',
  'delete',
  'conflict',
  'problem',
] as const;
export type RecordAction = (typeof recordActions)[number];

export const recordStatuses = [
  'planned',
  'applied',
  'held',
  'failed',
  'rejected',
  'undone',
  'reported',
] as const;
export type RecordStatus = (typeof recordStatuses)[number];

export type ChangeValue = string | boolean | null;

/**
 * One changed thing: a member field (`department`, `custom.shirtSize`), `status`, `statusBy`,
 * `store` (the link to a directory store), `externalId`, `inactiveCause`, or `emailKey`
 * (a claim on an address that is released). Null stands for blank.
 */
export interface Change {
  readonly field: string;
  readonly from: ChangeValue;
  readonly to: ChangeValue;
}

/**
 * One planned change to one person, kept in MongoDB before anything is written to the member.
 * It is the preview, the approval list, the per-member result, the audit line, the place to resume
 * after a crash and the input of undo. One record a person and run.
 */
export interface SyncRecord {
  /** Derived from run and person: `recordId(runId, externalId)`. */
  readonly id: string;
  readonly runId: string;
  readonly seq: number;
  readonly externalId: string | null;
  readonly memberId: string | null;
  readonly email: string | null;
  readonly action: RecordAction;
  readonly status: RecordStatus;
  /** Why, in words for people. */
  readonly reason: string;
  /** Everything that will be written to the member, and nothing else is. */
  readonly changes: readonly Change[];
  /** The revision the member had when this was planned; null for a create. */
  readonly fromRevision: number | null;
  /** The address key this record will hold once applied; null when it claims none anew. */
  readonly claim: string | null;
  readonly error: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** A record's id: the same person in the same run is the same record, however often it is planned. */
export function recordId(runId: string, person: string): string {
  return `${runId}.${person}`;
}
