import { groupAfter } from '../../../core/groups/group-draft.ts';
import type { SyncRecord } from '../../../core/model/record.ts';
import { markTakenBack } from '../records/mark-undone.ts';
import { recordPagesOf } from '../records/read-records.ts';
import type { SyncPorts } from '../run-ports.ts';

interface ApplyingGroups
  extends Pick<SyncPorts, 'groups' | 'members' | 'records' | 'recordPeople' | 'clock'> {
  readonly runId: string;
  readonly storeId: string;
  /** The run that this run undoes, the run which that one undid, and so on. */
  readonly undoes: readonly string[];
  /** The followed groups, where members that are in none of them any more are to be marked so. */
  readonly noneLeft: readonly string[] | undefined;
  /** Aborts when the run must stop. */
  readonly signal: AbortSignal;
  readonly report: (done: number) => void;
}

/**
 * Applies the records of groups that are still `planned`. Every write is idempotent: a repeat after a crash puts nobody
 * in twice.
 */
export async function applyGroups(applying: ApplyingGroups): Promise<void> {
  const { records, runId, undoes, signal, report } = applying;
  let done = 0;
  const planned = { kind: 'group', statuses: ['planned'] } as const;
  for await (const page of recordPagesOf(records, runId, planned)) {
    for (const record of page) {
      signal.throwIfAborted();
      await applyGroup(applying, record);
      await markTakenBack(records, { undoes, done: [record] });
      await records.markApplied([record.id]);
      done += 1;
      report(done);
    }
  }
}

async function applyGroup(applying: ApplyingGroups, record: SyncRecord): Promise<void> {
  const { groups, members, recordPeople, storeId, clock } = applying;
  const group = record.externalId ?? '';
  const of = { storeId, group };
  // Who was in a group that goes has not left it.
  const noneLeft = record.action === 'update' ? applying.noneLeft : undefined;
  for await (const ids of recordPeople.pages(record.id, 'removed')) {
    await members.leaveGroup(of, ids, noneLeft);
  }
  for await (const ids of recordPeople.pages(record.id, 'revoked')) {
    await members.revokeRoles(of, ids);
  }
  if (record.action === 'delete') {
    await emptyGroup(applying, group);
    return groups.removeMany(storeId, [group]);
  }
  const before = await groups.get(storeId, group);
  // A group that was removed meanwhile must not come back by a record that only changes it.
  if (before === null && record.action !== 'create') return;
  if (record.changes.some(({ field }) => field !== 'role')) {
    await groups.putMany([groupAfter(before, record, { storeId, now: clock.now() })]);
  }
  for await (const ids of recordPeople.pages(record.id, 'added')) await members.joinGroup(of, ids);
  const role = record.changes.find(({ field }) => field === 'role')?.to ?? null;
  if (role === null) return;
  for await (const ids of recordPeople.pages(record.id, 'granted')) {
    await members.grantRole(of, role, ids);
  }
}

/** Takes out who is still in a group that is removed. */
async function emptyGroup(
  { members, storeId }: Pick<ApplyingGroups, 'members' | 'storeId'>,
  group: string,
): Promise<void> {
  for (;;) {
    const ids = await members.inGroup({ storeId, group, after: null, limit: 1000 });
    if (ids.length === 0) return;
    await members.leaveGroup({ storeId, group }, ids);
  }
}
