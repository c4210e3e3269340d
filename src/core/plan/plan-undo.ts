import { emailKeyOf } from '../email.ts';
import { grantsText, type Member, originText } from '../model/member.ts';
import {
  type Change,
  type ChangeMark,
  groupRecordId,
  isChangeMark,
  partOf,
  type RecordAction,
  recordId,
  type SyncRecord,
} from '../model/record.ts';
import type { Run } from '../model/run.ts';
import { fieldOf, removalChanges } from './diff.ts';
import { blankDraft, type Draft, reportDraft } from './draft.ts';
import { isErasure } from './plan-erasure.ts';
import { withRisks } from './risks.ts';

/**
 * Plans to undo what an applied record did to its member, which may have changed since or be gone. It goes field by
 * field, where the member still has the value that the record gave it. What can't be undone is a reported conflict.
 */
export function planUndo(
  run: Pick<Run, 'id' | 'storeId'>,
  record: SyncRecord,
  member: Member | null,
): Draft {
  const runId = run.id;
  const draft =
    member !== null && belongsToAnother(run, record, member)
      ? reported(runId, record, 'the member belongs to another user or directory store by now')
      : draftOf(runId, record, member);
  return draft === null
    ? reported(runId, record, 'there is nothing of it left to take back')
    : withRisks(draft);
}

/** A member that was unlinked since can have been adopted by another store, or by another user with its address. */
function belongsToAnother(
  { storeId }: Pick<Run, 'storeId'>,
  { externalId }: SyncRecord,
  member: Member,
): boolean {
  if (member.storeId === null) return false;
  const isOfOtherStore = storeId !== null && member.storeId !== storeId;
  return isOfOtherStore || (externalId !== null && member.externalId !== externalId);
}

function draftOf(runId: string, record: SyncRecord, member: Member | null): Draft | null {
  if (record.action === 'delete') return planReturn(runId, record, member);
  if (member === null) return reported(runId, record, 'the member is not there any more');
  if (record.action === 'create') return planWithdrawal(runId, record, member);
  return planReversal(runId, record, member);
}

/** A created member is removed again only if no other run ever wrote it. */
function planWithdrawal(runId: string, record: SyncRecord, member: Member): Draft {
  if (member.lastRecord !== record.id) {
    return reported(runId, record, 'the member was changed again since it was created');
  }
  return {
    ...baseOf(runId, record),
    action: 'delete',
    fromRevision: member.revision,
    changes: removalChanges(member),
    reason: `takes back that run ${record.runId} created it`,
  };
}

/** A deleted member is restored whole, under its old id. */
function planReturn(runId: string, record: SyncRecord, member: Member | null): Draft {
  if (isErasure(record)) return reported(runId, record, 'it was erased for good');
  if (member !== null) return reported(runId, record, 'there is a member with this id again');
  const changes = record.changes.map(({ field, from }) => ({ field, from: null, to: from }));
  return {
    ...baseOf(runId, record),
    action: 'create',
    changes: changes.filter(({ field }) => field !== 'emailKey'),
    claim: returnedClaim(changes),
    reason: `takes back that run ${record.runId} deleted it`,
  };
}

/**
 * The address that a deleted member had. Release 0.1 stored only its fields and status: there the
 * address counts as the member's.
 */
function returnedClaim(changes: readonly Change[]): string | null {
  const backTo = (field: string) => changes.find((change) => change.field === field)?.to ?? null;
  const email = backTo('email');
  const isWhole = backTo('createdAt') !== null;
  return isWhole || email === null ? backTo('emailKey') : emailKeyOf(email);
}

function planReversal(runId: string, record: SyncRecord, member: Member): Draft | null {
  const overruled = member.statusBy === 'person' && !record.changes.some(isSetByHand);
  const kept: string[] = [];
  const changes: Change[] = [];
  for (const { field, from, to } of record.changes) {
    const isOverruled = overruled && statusMarks.has(field);
    if (isOverruled || currentOf(member, field) !== to) kept.push(field);
    else if (from !== to) changes.push({ field, from: to, to: from });
  }
  if (isLookedForAgain(changes, member)) {
    changes.push({ field: 'inactiveCause', from: member.inactiveCause, to: null });
  }
  const stays = kept.filter((field) => !changes.some((change) => change.field === field));
  if (changes.length === 0) {
    return stays.length === 0 ? null : reported(runId, record, staysReason(stays));
  }
  const words = `takes back a change of run ${record.runId}`;
  return {
    ...baseOf(runId, record),
    action: actionOf(changes),
    fromRevision: member.revision,
    changes,
    claim: claimOf(changes, member),
    reason: stays.length === 0 ? words : `${words}; ${staysReason(stays)}`,
  };
}

/**
 * Whether a member becomes active that was proven gone meanwhile, which leaves no record. With that
 * mark no run would ask for the member again; without it the next run does.
 */
function isLookedForAgain(changes: readonly Change[], member: Member): boolean {
  const marks = new Map(changes.map(({ field, to }) => [field, to]));
  if (marks.get('status') !== 'active' || marks.has('inactiveCause')) return false;
  const by = marks.get('statusBy') ?? member.statusBy;
  return by === 'sync' && member.inactiveCause !== null;
}

const statusMarks: ReadonlySet<string> = new Set(['status', 'statusBy', 'inactiveCause']);
const isSetByHand = ({ field, to }: Change) => field === 'statusBy' && to === 'person';

function staysReason(fields: readonly string[]): string {
  const have = fields.length === 1 ? 'has' : 'have';
  return `${fields.join(', ')} ${have} changed since and ${fields.length === 1 ? 'stays' : 'stay'}`;
}

function actionOf(changes: readonly Change[]): RecordAction {
  const status = changes.find(({ field }) => field === 'status')?.to;
  if (status === 'active') return 'reactivate';
  return status === 'inactive' ? 'deactivate' : 'update';
}

/** The address that is taken back; a claim decides between this member and the one that has it now. */
function claimOf(changes: readonly Change[], member: Member): string | null {
  const key = changes.find(({ field }) => field === 'emailKey');
  if (key !== undefined) return key.to;
  const email = changes.find(({ field }) => field === 'email')?.to ?? null;
  if (email === null || emailKeyOf(email) === member.emailKey) return null;
  return emailKeyOf(email);
}

function currentOf(member: Member, field: string): string | null {
  const { status, statusBy, inactiveCause, storeId: store, externalId, emailKey } = member;
  const marks: Readonly<Record<ChangeMark, string | null>> = {
    status,
    statusBy,
    inactiveCause,
    store,
    externalId,
    keptFrom: originText(member.keptFrom),
    emailKey,
    groups: member.groups.length === 0 ? null : member.groups.join(','),
    roles: grantsText(member.roles),
    createdAt: member.createdAt.toISOString(),
  };
  return isChangeMark(field) ? marks[field] : fieldOf(member, field);
}

function baseOf(runId: string, record: SyncRecord): Draft {
  const { externalId, memberId, email, name, department, location } = record;
  const blank = blankDraft({ runId }, externalId ?? memberId, email);
  return { ...blank, externalId, memberId, name, department, location };
}

function reported(runId: string, record: SyncRecord, reason: string): Draft {
  const person = { externalId: record.externalId ?? record.memberId ?? '', email: record.email };
  const { externalId, memberId } = record;
  return { ...reportDraft({ runId }, person, 'conflict', reason), externalId, memberId };
}

/** The record that a record of an undo run undoes. */
export function undoneRecordId(
  undoOf: string,
  record: Pick<SyncRecord, 'id' | 'kind' | 'externalId' | 'memberId'>,
): string {
  if (record.kind === 'group')
    return groupRecordId(undoOf, record.externalId ?? '', partOf(record));
  return recordId(undoOf, record.externalId ?? record.memberId ?? '');
}
