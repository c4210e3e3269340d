import { z } from 'zod';
import { type AuditEntry, auditActions, auditOutcomes } from '../core/model/audit.ts';
import { byteOrderMark, csvLine } from './csv.ts';
import { time } from './times.ts';

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: time,
    by: z.string(),
    byToken: z
      .string()
      .nullable()
      .meta({ description: 'The id of the token that acted; null on the command line.' }),
    from: z.string(),
    action: z.enum(auditActions),
    outcome: z.enum(auditOutcomes),
    error: z.string().nullable(),
    store: z.string().nullable(),
    storeName: z.string().nullable(),
    run: z.string().nullable(),
    token: z.string().nullable(),
    changes: z.array(
      z.object({ path: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
    ),
  })
  .meta({ id: 'AuditEntry', description: 'Who did what, when and from where.' });

/** An entry of the audit as scripts read it. */
export function auditEntryJson(entry: AuditEntry): z.output<typeof auditEntrySchema> {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    by: entry.by,
    byToken: entry.byTokenId,
    from: entry.from,
    action: entry.action,
    outcome: entry.outcome,
    error: entry.error,
    store: entry.storeId,
    storeName: entry.storeName,
    run: entry.runId,
    token: entry.tokenId,
    changes: entry.changes.map(({ path, from, to }) => ({ path, from, to })),
  };
}

/** The audit as a CSV file, line by line. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  const columns = ['id', 'at', 'by', 'byToken', 'from', 'action', 'outcome', 'error'] as const;
  const ids = ['store', 'storeName', 'run', 'token'] as const;
  yield byteOrderMark + csvLine([...columns, ...ids, 'changes']);
  for await (const entry of entries) {
    const json = auditEntryJson(entry);
    const cells = [...columns, ...ids].map((column) => json[column] ?? '');
    yield csvLine([...cells, json.changes.length === 0 ? '' : JSON.stringify(json.changes)]);
  }
}
