import type { Member, MemberStatus } from '../model/member.ts';
import { type Change, recordId, type SyncRecord } from '../model/record.ts';
import { blankDraft, type Draft } from './draft.ts';
import { lostRoles } from './member-marks.ts';

/**
 * Plans a member that an administrator adds by hand. Its id comes from the run, so that a repeat
 * finds the first member.
 */
export function planManualAdd(person: {
  readonly runId: string;
  readonly email: { readonly email: string; readonly key: string };
  readonly firstName: string;
  readonly lastName: string;
}): Draft {
  const { runId, email, firstName, lastName } = person;
  const memberId = `manual.${runId}`;
  const changes: Change[] = [
    { field: 'email', from: null, to: email.email },
    { field: 'firstName', from: null, to: firstName },
    { field: 'lastName', from: null, to: lastName },
    { field: 'status', from: null, to: 'active' },
  ];
  return {
    ...blankDraft({ runId }, null, email.email),
    id: recordId(runId, memberId),
    memberId,
    action: 'create',
    changes,
    claim: email.key,
    reason: 'added by hand',
  };
}

/**
 * The changes when an administrator sets a member's status; none when it is so already. If the sync
 * wants the opposite, the status stays until a person or the source changes it; if it only reverts
 * an earlier status set by hand, the sync decides again.
 */
export function manualStatusChanges(member: Member, status: MemberStatus): readonly Change[] {
  const takesBack = status === 'active' && member.inactiveCause === null;
  const statusBy = takesBack ? 'sync' : 'person';
  const changes: Change[] = [];
  if (member.status !== status) changes.push({ field: 'status', from: member.status, to: status });
  if (member.statusBy !== statusBy) {
    changes.push({ field: 'statusBy', from: member.statusBy, to: statusBy });
  }
  return [...changes, ...lostRoles(member, status)];
}

/** The changes when the sync is to decide again: its last word on the status stands at once. None when it does so already. */
export function releaseChanges(member: Member): readonly Change[] {
  if (member.statusBy === 'sync') return [];
  const status = member.inactiveCause === null ? 'active' : 'inactive';
  return [
    ...(member.status === status ? [] : [{ field: 'status', from: member.status, to: status }]),
    { field: 'statusBy', from: 'person', to: 'sync' },
    ...lostRoles(member, status),
  ];
}

const statusFields: ReadonlySet<string> = new Set(['status', 'statusBy', 'roles']);

/** The changes that take back an edit of the status by hand; null when a record has done anything else. */
export function takeBackChanges({ changes, status }: SyncRecord): readonly Change[] | null {
  const isStatusAlone = changes.every(({ field }) => statusFields.has(field));
  if (status !== 'applied' || !isStatusAlone) return null;
  return changes.map(({ field, from, to }) => ({ field, from: to, to: from }));
}

/** Plans a status that an administrator sets. */
export function planManualStatus(word: {
  readonly runId: string;
  readonly member: Member;
  readonly status: MemberStatus;
  readonly changes: readonly Change[];
  readonly reason?: string;
}): Draft {
  const { runId, member, status, changes } = word;
  const byHand = status === 'active' ? 'activated by hand' : 'deactivated by hand';
  return {
    ...blankDraft({ runId }, member.externalId, member.fields.email ?? null),
    id: recordId(runId, member.externalId ?? member.id),
    memberId: member.id,
    fromRevision: member.revision,
    action: status === 'active' ? 'reactivate' : 'deactivate',
    changes,
    reason: word.reason ?? byHand,
  };
}
