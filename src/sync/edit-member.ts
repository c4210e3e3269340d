import { emailKeyOf, parseEmail } from '../core/email.ts';
import { Conflict, InvalidInput, NotFound } from '../core/errors.ts';
import type { Member, MemberStatus } from '../core/model/member.ts';
import { manualStatusChanges, planManualAdd, planManualStatus } from '../core/plan/plan-manual.ts';
import type { Draft } from '../core/plan/plan-person.ts';
import { carryOutEdit, type EditPorts } from './carry-out-edit.ts';

export interface NewMember {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Who does it, as runs name people: `cli:<os user>`. */
  readonly by: string;
}

/** Adds a member by hand. `InvalidInput` for an address that is malformed or somebody's already. */
export async function addMember(ports: EditPorts, person: NewMember): Promise<Member> {
  const email = parseEmail(person.email);
  if (!email.ok) throw new InvalidInput(`'${person.email}' is no e-mail address: ${email.reason}`);
  const owner = await ports.members.byEmailKey(email.key);
  if (owner !== null) {
    throw new InvalidInput(`${person.email} is the address of a member already`, {
      hint: `See it with: rollcall members show ${person.email}`,
    });
  }
  return carryOut(ports, { storeId: null, by: person.by }, (runId) =>
    planManualAdd({ runId, email, firstName: person.firstName, lastName: person.lastName }),
  );
}

/** Sets a member's status by hand; a person's word outranks the sync's. No change when it is so already. */
export async function setMemberStatus(
  ports: EditPorts,
  word: { readonly email: string; readonly status: MemberStatus; readonly by: string },
): Promise<Member> {
  const member = await ports.members.byEmailKey(emailKeyOf(word.email));
  if (member === null) throw new NotFound(`there is no member with the address ${word.email}`);
  const { status } = word;
  const changes = manualStatusChanges(member, status);
  if (changes.length === 0) return member;
  const edit = { storeId: member.storeId, by: word.by };
  return carryOut(ports, edit, (runId) => planManualStatus({ runId, member, status, changes }));
}

async function carryOut(
  ports: EditPorts,
  edit: { readonly storeId: string | null; readonly by: string },
  plan: (runId: string) => Draft,
): Promise<Member> {
  let memberId: string | null = null;
  const { failure } = await carryOutEdit(ports, edit, (runId) => {
    const draft = plan(runId);
    memberId = draft.memberId;
    return [draft];
  });
  const member = await ports.members.get(memberId ?? '');
  if (failure !== null || member === null) {
    throw new Conflict(
      `the member was not changed: ${failure?.message ?? 'it is no longer there'}`,
    );
  }
  return member;
}
