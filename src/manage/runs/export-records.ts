import { defined } from '../../core/defined.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { RecordStatus } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import { audited } from '../audit/audited.ts';
import { type RecordView, viewRecordsOf } from './view-records.ts';

/** The records of a run that leave Rollcall as a file. Audited when it begins: how far it is read isn't known. */
export async function exportRecords(
  ports: Pick<Ports, 'records' | 'recordPeople' | 'audit'>,
  asked: { readonly run: Run; readonly statuses: readonly RecordStatus[] | undefined },
  actor: Actor,
): Promise<AsyncIterable<RecordView>> {
  const { run, statuses } = asked;
  const changes = (statuses ?? []).map((to) => ({ path: 'status', from: null, to }));
  const about = { storeId: run.storeId, runId: run.id, changes };
  await audited(ports, { action: 'records-exported', actor, ...about }, async () => undefined);
  return viewRecordsOf(ports, run, defined({ statuses }));
}
