import type { SyncRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import { openNotes } from '../../notify/mail/note-written.ts';
import { markTakenBack, undoneBy } from './records/mark-undone.ts';
import { recordPagesOf } from './records/read-records.ts';
import type { SyncPorts } from './run-ports.ts';

/**
 * Marks records as applied that a worker wrote to their members before it died. Runs before the other records of a
 * stopped run are rejected or held again: a record must not deny what was written.
 */
export async function recoverWritten(ports: SyncPorts, run: Run): Promise<void> {
  const { records } = ports;
  const undoes = await undoneBy(ports, run);
  for await (const page of recordPagesOf(records, run.id, { statuses: ['planned'] })) {
    const written = await writtenOf(ports, page);
    if (written.length === 0) continue;
    await openNotes(ports, run)(written);
    await markTakenBack(records, { undoes, done: written });
    await records.markApplied(written.map(({ id }) => id));
  }
}

/** A member stores the id of the record applied to it last; a deleted member is missing. */
async function writtenOf(
  { members }: Pick<SyncPorts, 'members'>,
  planned: readonly SyncRecord[],
): Promise<readonly SyncRecord[]> {
  const found = await members.byIds(planned.flatMap(({ memberId }) => memberId ?? []));
  const lastRecordOf = new Map(found.map(({ id, lastRecord }) => [id, lastRecord]));
  return planned.filter(({ id, memberId, action }) => {
    if (memberId === null) return false;
    return action === 'delete' ? !lastRecordOf.has(memberId) : lastRecordOf.get(memberId) === id;
  });
}
