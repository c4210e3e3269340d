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
} from '../../core/plan/plan-manual.ts';
import { type AuditedAction, type AuditPorts, audited } from '../audit/audited.ts';
import { carryOutEdit, type EditPorts } from './carry-out-edit.ts';

interface MemberEditPorts extends EditPorts, AuditPorts {}

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
