import { defined } from '../../core/defined.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { RecordStatus, SyncRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import { recordsOf } from '../../sync/run/records/read-records.ts';
import { audited } from '../audit/audited.ts';

/** The records of a run that leave Rollcall as a file. Audited when it begins: how far it is read isn't known. */
export async function exportRecords(
  ports: Pick<Ports, 'records' | 'audit'>,
  asked: { readonly run: Run; readonly statuses: readonly RecordStatus[] | undefined },
  actor: Actor,
): Promise<AsyncIterable<SyncRecord>> {
  const { run, statuses } = asked;
  const changes = (statuses ?? []).map((to) => ({ path: 'status', from: null, to }));
  const about = { storeId: run.storeId, runId: run.id, changes };
  await audited(ports, { action: 'records-exported', actor, ...about }, async () => undefined);
  return recordsOf(ports.records, run.id, defined({ statuses }));
}
