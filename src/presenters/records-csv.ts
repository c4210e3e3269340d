import { reasonCodeOf, type SyncRecord } from '../core/model/record.ts';
import { byteOrderMark, csvLine } from './csv.ts';
import { timeText } from './times.ts';

/** Records as a CSV file, line by line; the changes of a record stand in one cell, as JSON. */
export async function* recordsCsv(records: AsyncIterable<SyncRecord>): AsyncGenerator<string> {
  const columns = ['seq', 'externalId', 'member', 'email', 'name', 'department', 'location'];
  const results = ['action', 'status', 'reasonCode', 'reason', 'changes', 'error'];
  yield byteOrderMark + csvLine([...columns, ...results, 'decidedBy', 'decidedAt']);
  for await (const record of records) {
    yield csvLine([
      String(record.seq),
      record.externalId ?? '',
      record.memberId ?? '',
      record.email ?? '',
      record.name ?? '',
      record.department ?? '',
      record.location ?? '',
      record.action,
      record.status,
      reasonCodeOf(record),
      record.reason,
      JSON.stringify(record.changes),
      record.error ?? '',
      record.decidedBy ?? '',
      timeText(record.decidedAt) ?? '',
    ]);
  }
}
