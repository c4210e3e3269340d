import { parseEmail } from '../../core/email.ts';
import { Conflict, InvalidInput } from '../../core/errors.ts';
import { describeControl } from '../../core/hidden-characters.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { Member, MemberStatus } from '../../core/model/member.ts';
import type { Draft } from '../../core/plan/draft.ts';
import {
  manualStatusChanges,
  planManualAdd,
  planManualStatus,
  releaseChanges,
  takeBackChanges,
} from '../../core/plan/plan-manual.ts';
import type { RunStore } from '../../ports/runs.ts';
import { type AuditedAction, type AuditPorts, audited } from '../audit/audited.ts';
import { carryOutEdit, type EditPorts } from './carry-out-edit.ts';

interface MemberEditPorts extends Omit<EditPorts, 'runs'>, AuditPorts {
  readonly runs: EditPorts['runs'] & Pick<RunStore, 'get'>;
}

export interface NewMember {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly actor: Actor;
}

/** Adds a member by hand. `InvalidInput` for an address that is malformed or belongs to another member. */
export async function addMember(ports: MemberEditPorts, person: NewMember): Promise<Member> {
  const email = parseEmail(person.email);
  if (!email.ok) throw new InvalidInput(`'${person.email}' is no e-mail address: ${email.reason}`);
  checkNames(person);
  const owner = await ports.members.byEmailKey(email.key);
  if (owner !== null) {
    throw new InvalidInput(`${person.email} is the address of a member already`, {
      hint: `See it with: rollcall members show ${person.email}`,
    });
  }
  const auditedAction = { actor: person.actor, action: 'member-added', storeId: null } as const;
  return carryOut(ports, auditedAction, (runId) =>
    planManualAdd({ runId, email, firstName: person.firstName, lastName: person.lastName }),
  );
}

function checkNames({ firstName, lastName }: NewMember): void {
  for (const [what, name] of Object.entries({ 'first name': firstName, 'last name': lastName })) {
    const control = describeControl(name);
    if (control !== null) throw new InvalidInput(`The ${what} has ${control}.`);
  }
}

/** Sets a member's status by hand, which outranks the sync. No change when it is so already. */
export async function setMemberStatus(
  ports: MemberEditPorts,
  word: { readonly member: Member; readonly status: MemberStatus; readonly actor: Actor },
): Promise<Member> {
  const { member, status, actor } = word;
  const changes = manualStatusChanges(member, status);
  if (changes.length === 0) return member;
  const action = status === 'active' ? 'member-activated' : 'member-deactivated';
  const auditedAction = { actor, action, storeId: member.storeId } as const;
  return carryOut(ports, auditedAction, (runId) =>
    planManualStatus({ runId, member, status, changes }),
  );
}

/** Lets the sync decide on a member's status again; what it last wanted stands at once. No change when it does so already. */
export async function releaseMember(
  ports: MemberEditPorts,
  { member, actor }: { readonly member: Member; readonly actor: Actor },
): Promise<Member> {
  if (member.storeId === null) {
    throw new Conflict('the member belongs to no directory store: no sync would decide on it');
  }
  const changes = releaseChanges(member);
  if (changes.length === 0) return member;
  const status = member.inactiveCause === null ? 'active' : 'inactive';
  const auditedAction = { actor, action: 'member-released', storeId: member.storeId } as const;
  const reason = 'left to the sync by hand';
  return carryOut(ports, auditedAction, (runId) =>
    planManualStatus({ runId, member, status, changes, reason }),
  );
}

/**
 * Takes back the edit of a status by hand that made `revision`: status and whose word it was are as before. `Conflict`
 * when the member has changed since, or when something else made that revision.
 */
export async function takeBackEdit(
  ports: MemberEditPorts,
  edit: { readonly member: Member; readonly revision: number; readonly actor: Actor },
): Promise<Member> {
  const { member, revision, actor } = edit;
  if (member.revision !== revision) {
    throw new Conflict('the member has changed since: nothing was taken back', {
      hint: 'Look at its history, and set its status by hand.',
    });
  }
  const [record] = await ports.records.byIds([member.lastRecord ?? '']);
  const run = record === undefined ? null : await ports.runs.get(record.runId);
  const isByHand = run?.mode === 'single' && run.trigger === 'manual';
  const changes = isByHand && record !== undefined ? takeBackChanges(record) : null;
  if (changes === null) {
    throw new Conflict('the last change of the member was no edit of its status by hand');
  }
  const was = changes.find(({ field }) => field === 'status')?.to ?? member.status;
  const status = was === 'active' ? 'active' : 'inactive';
  const action = status === 'active' ? 'member-activated' : 'member-deactivated';
  const reason = 'an edit by hand was taken back';
  return carryOut(ports, { actor, action, storeId: member.storeId }, (runId) =>
    planManualStatus({ runId, member, status, changes, reason }),
  );
}

async function carryOut(
  ports: MemberEditPorts,
  auditedAction: AuditedAction & { readonly storeId: string | null },
  plan: (runId: string) => Draft,
): Promise<Member> {
  const edit = { storeId: auditedAction.storeId, by: auditedAction.actor.by };
  let memberId: string | null = null;
  const edited = async () => {
    const { run, failure } = await carryOutEdit(ports, edit, (runId) => {
      const draft = plan(runId);
      memberId = draft.memberId;
      return [draft];
    });
    const member = await ports.members.get(memberId ?? '');
    if (failure === null && member !== null) return { run, member };
    throw new Conflict(
      `the member was not changed: ${failure?.message ?? 'it is no longer there'}`,
    );
  };
  const { member } = await audited(ports, auditedAction, edited, ({ run }) => ({ runId: run.id }));
  return member;
}
