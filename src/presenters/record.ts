import { z } from 'zod';
import { recordActions, recordStatuses, type SyncRecord } from '../core/model/record.ts';
import { time, timeText } from './times.ts';

export const recordSchema = z
  .object({
    seq: z.int(),
    externalId: z.string().nullable(),
    email: z.string().nullable(),
    action: z.enum(recordActions),
    status: z.enum(recordStatuses),
    reason: z.string(),
    changes: z.array(
      z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
    ),
    error: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: time.nullable(),
  })
  .meta({ id: 'Record', description: 'One planned change to one person in one run.' });

export function recordJson(record: SyncRecord): z.output<typeof recordSchema> {
  return {
    seq: record.seq,
    externalId: record.externalId,
    email: record.email,
    action: record.action,
    status: record.status,
    reason: record.reason,
    changes: record.changes.map(({ field, from, to }) => ({ field, from, to })),
    error: record.error,
    decidedBy: record.decidedBy,
    decidedAt: timeText(record.decidedAt),
  };
}
