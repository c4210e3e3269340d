import type { RecordView } from '../manage/runs/view-records.ts';
import { byteOrderMark, csvLine } from './csv.ts';
import { recordJson } from './record.ts';

/** Records as a CSV file, line by line; the changes of a record stand in one cell, as JSON. */
export async function* recordsCsv(records: AsyncIterable<RecordView>): AsyncGenerator<string> {
  const columns = [
    'seq',
    'kind',
    'externalId',
    'member',
    'email',
    'name',
    'department',
    'location',
  ];
  const results = ['action', 'status', 'reasonCode', 'reason', 'changes', 'error'];
  yield byteOrderMark + csvLine([...columns, ...results, 'decidedBy', 'decidedAt']);
  for await (const view of records) {
    const record = recordJson(view);
    yield csvLine([
      String(record.seq),
      record.kind,
      record.externalId ?? '',
      record.member ?? '',
      record.email ?? '',
      record.name ?? '',
      record.department ?? '',
      record.location ?? '',
      record.action,
      record.status,
      record.reasonCode,
      record.reason,
      JSON.stringify(record.changes),
      record.error ?? '',
      record.decidedBy ?? '',
      record.decidedAt ?? '',
    ]);
  }
}
