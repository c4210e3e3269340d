import { emailKeyOf, parseEmail } from '../core/email.ts';
import { Conflict, InvalidInput, NotFound } from '../core/errors.ts';
import type { Member, MemberStatus } from '../core/model/member.ts';
import { recordId, type SyncRecord } from '../core/model/record.ts';
import { noCounts } from '../core/model/run.ts';
import { manualStatusChanges, planManualAdd, planManualStatus } from '../core/plan/plan-manual.ts';
import { applyRun } from './apply-run.ts';
import type { Ports, RunStore } from './ports.ts';

/** What an edit by hand uses of the ports. */
export interface EditPorts extends Pick<Ports, 'members' | 'records' | 'clock'> {
  readonly runs: Pick<RunStore, 'insertUnderWay' | 'update'>;
}

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

/** An edit by hand is a run of one record: the same write path, results and audit as any other. */
async function carryOut(
  ports: EditPorts,
  edit: { readonly storeId: string | null; readonly by: string },
  plan: (runId: string) => Omit<SyncRecord, 'seq'>,
): Promise<Member> {
  const { members, records, runs, clock } = ports;
  const run = await runs.insertUnderWay({
    storeId: edit.storeId,
    mode: 'single',
    trigger: 'manual',
    configRevision: 0,
    requestedBy: edit.by,
  });
  const record = { ...plan(run.id), seq: 1, decidedBy: edit.by, decidedAt: clock.now() };
  await records.insertMany([record]);
  await applyRun({
    runId: run.id,
    storeId: edit.storeId,
    undoes: [],
    members,
    records,
    clock,
    checkpoint: () => undefined,
    report: () => undefined,
  });
  const [done = record] = await records.byIds([
    recordId(run.id, record.externalId ?? record.memberId ?? ''),
  ]);
  const failure =
    done.status === 'failed'
      ? { code: 'records-failed', message: done.error ?? 'not applied' }
      : null;
  await runs.update(run, {
    status: failure === null ? 'succeeded' : 'failed',
    counts: {
      ...noCounts,
      [done.action]: 1,
      applied: failure === null ? 1 : 0,
      failed: failure === null ? 0 : 1,
    },
    error: failure,
    finishedAt: clock.now(),
  });
  const member = await members.get(record.memberId ?? '');
  if (failure !== null || member === null) {
    throw new Conflict(
      `the member was not changed: ${failure?.message ?? 'it is no longer there'}`,
    );
  }
  return member;
}
