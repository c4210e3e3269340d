import { grantsText, type InactiveCause, type Member } from '../model/member.ts';
import type { Change } from '../model/record.ts';
import { causeOf, type SourceStatus, type Step } from './decision-table.ts';

/** A member that lost its claim on an address which it still shows claims it back. */
export function claimMarks(
  member: Member,
  reading: { readonly emailKey: string } | null,
  fields: readonly Change[],
): Change[] {
  const moved = fields.some(({ field }) => field === 'email');
  if (reading === null || moved || member.emailKey === reading.emailKey) return [];
  return [{ field: 'emailKey', from: member.emailKey, to: reading.emailKey }];
}

/** The changes of status, of `statusBy` and of `inactiveCause` that a step makes. */
export function statusMarks(step: Step, member: Member, standing: SourceStatus): Change[] {
  const to = marksAfter(step, member, standing);
  const changed = (['status', 'statusBy', 'inactiveCause'] as const)
    .filter((mark) => member[mark] !== to[mark])
    .map((mark) => ({ field: mark, from: member[mark], to: to[mark] }));
  return [...changed, ...lostRoles(member, to.status)];
}

/** An inactive member has no roles. */
export function lostRoles({ roles }: Member, status: Member['status']): Change[] {
  if (status === 'active' || roles.length === 0) return [];
  return [{ field: 'roles', from: grantsText(roles), to: null }];
}

type Marks = Pick<Member, 'status' | 'statusBy' | 'inactiveCause'>;

function marksAfter(step: Step, member: Member, standing: SourceStatus): Marks {
  const cause: InactiveCause | null = causeOf(standing);
  if (step === 'deactivate') return { status: 'inactive', statusBy: 'sync', inactiveCause: cause };
  if (step === 'reactivate') return { status: 'active', statusBy: 'sync', inactiveCause: null };
  const agrees = member.status === 'active' && standing === 'ACTIVATED';
  if (agrees) return { status: 'active', statusBy: 'sync', inactiveCause: null };
  // The user is back in the directory, so the proof of absence is void.
  if (member.inactiveCause === 'gone' && standing !== 'gone')
    return { ...member, inactiveCause: cause };
  return member;
}
