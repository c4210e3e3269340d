import { type InactiveCause, inactiveCauses } from './member.ts';

/** What a record is about. */
export const recordKinds = ['user', 'group'] as const;
export type RecordKind = (typeof recordKinds)[number];

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

/** The kinds of changes that safeguards count: see `core/plan/risks.ts`. The most serious comes last. */
export const riskKinds = ['blank', 'email', 'removal'] as const;
export type RiskKind = (typeof riskKinds)[number];

/** Why a record was planned: what the source says of a member that is removed, else the action. */
export const reasonCodes = [...inactiveCauses, ...recordActions] as const;
export type ReasonCode = (typeof reasonCodes)[number];

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

/**
 * What can change besides fields: the status and what set it, why the sync wants the member inactive, the link to a
 * directory store, the source id, the origin of a kept member (`directory:organization`), the claim on an address
 * that is released or taken back, the groups of a deleted member (source ids, joined by commas), roles that are lost with
 * the status (`role=group`, joined by commas), and the creation date of a deleted member.
 */
const changeMarks = [
  'status',
  'statusBy',
  'inactiveCause',
  'store',
  'externalId',
  'keptFrom',
  'emailKey',
  'groups',
  'roles',
  'createdAt',
] as const;
export type ChangeMark = (typeof changeMarks)[number];

export function isChangeMark(field: string): field is ChangeMark {
  return (changeMarks as readonly string[]).includes(field);
}

/**
 * One changed value: a member field (`department`, `custom.shirtSize`), or one of `changeMarks`. Null means blank.
 */
export interface Change {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Leads the id of a group where people are named by their ids. */
export const groupPrefix = 'group:';

/** How many people a record of a group puts in and takes out, and gives and takes a role; their ids stand in pages beside it (`RecordPeople`). */
export interface Moves {
  readonly added: number;
  readonly removed: number;
  /** How many of those removed the directory no longer has: no brake counts them. */
  readonly gone: number;
  readonly granted: number;
  readonly revoked: number;
}
export const moveLists = ['added', 'removed', 'granted', 'revoked'] as const;
export type MoveList = (typeof moveLists)[number];

/**
 * One planned change to one person or one group, stored in MongoDB before anything is written. It
 * is the preview, the approval list, the result, the audit line, the place to resume
 * after a crash and the input of undo. A run has one record for each person, and one for each group; where people who
 * leave a group are held, they have a record of their own.
 */
export interface SyncRecord {
  /** Derived from run and person, or group: `recordId`, `groupRecordId`. */
  readonly id: string;
  readonly runId: string;
  readonly kind: RecordKind;
  readonly seq: number;
  readonly externalId: string | null;
  readonly memberId: string | null;
  readonly email: string | null;
  /** The group's name; the person's name, department and location when this was planned, as far as they were known. */
  readonly name: string | null;
  readonly department: string | null;
  readonly location: string | null;
  readonly action: RecordAction;
  readonly status: RecordStatus;
  /** Why, in words for people. */
  readonly reason: string;
  /** Everything that will be written to the member, and nothing else. */
  readonly changes: readonly Change[];
  /** Of a group; null otherwise. */
  readonly moves: Moves | null;
  /** Why this record deactivates or deletes the member; null when it doesn't. */
  readonly cause: InactiveCause | null;
  /** Whether the decision was made on the full record that the source gives by id, where a run asks for it. */
  readonly confirmed: boolean;
  /** What the safeguards count in this record: see `core/plan/risks.ts`. */
  readonly risks: readonly string[];
  /** The kind of change for which a safeguard held this record, the most serious one; null when none did. */
  readonly heldKind: RiskKind | null;
  /**
   * While set, later runs of this store do not plan this record's risks again: while it is held,
   * and after an administrator rejected it. Null otherwise, and in previews and undo runs.
   */
  readonly blocksInStore: string | null;
  /** The revision the member had when this was planned; null for a create. */
  readonly fromRevision: number | null;
  /** The address key this record will have once applied; null when it claims no new one. */
  readonly claim: string | null;
  /** The member's fingerprint once this is applied; null when the member then differs from the source. */
  readonly fingerprint: string | null;
  /** For how many runs in a row the source left open what holds of this user, this run included; null otherwise. */
  readonly undecidedRuns: number | null;
  readonly error: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** Some of the records of a run: those to which everything that is given applies. */
export interface RecordChoice {
  /** Without it, of users and of groups. */
  readonly kind?: RecordKind;
  readonly reasons?: readonly ReasonCode[];
  readonly risk?: RiskKind;
  /** A field that the record changes. */
  readonly field?: string;
  /** Null: those without one. */
  readonly department?: string | null;
  readonly location?: string | null;
  /** Beginnings of words of the name and the address. */
  readonly text?: string;
}

/** Why the record was planned, as a word that stays the same. */
export function reasonCodeOf({ cause, action }: Pick<SyncRecord, 'cause' | 'action'>): ReasonCode {
  return cause ?? action;
}

/** A record's id: the same person in the same run is the same record, however often it is planned. */
export function recordId(runId: string, person: string): string {
  return `${runId}.${person}`;
}

/**
 * The id of a group's record. It begins otherwise than that of any person: a group may have the id of a user. `removed`
 * is the record of those who leave, where they are held, `granted` that of those who get a role.
 */
export function groupRecordId(runId: string, group: string, part: GroupPart = 'group'): string {
  return `${part}.${runId}.${group}`;
}

export type GroupPart = 'group' | 'removed' | 'granted';

/** Which of the records of its group this one is. */
export function partOf({ id }: Pick<SyncRecord, 'id'>): GroupPart {
  if (id.startsWith('removed.')) return 'removed';
  return id.startsWith('granted.') ? 'granted' : 'group';
}
