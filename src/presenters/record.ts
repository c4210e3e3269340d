import { z } from 'zod';
import {
  reasonCodeOf,
  reasonCodes,
  recordActions,
  recordStatuses,
  riskKinds,
  type SyncRecord,
} from '../core/model/record.ts';
import { riskKindOf } from '../core/plan/risks.ts';
import { time, timeText } from './times.ts';

export const recordSchema = z
  .object({
    seq: z.int(),
    externalId: z.string().nullable(),
    email: z.string().nullable(),
    member: z.string().nullable().meta({ description: 'The id of the member.' }),
    name: z.string().nullable(),
    department: z.string().nullable(),
    location: z.string().nullable(),
    action: z.enum(recordActions),
    status: z.enum(recordStatuses),
    reason: z.string(),
    reasonCode: z.enum(reasonCodes).meta({
      description:
        'Why it was planned: what the source says of a member that is removed, else the action.',
    }),
    risk: z.enum(riskKinds).nullable().meta({
      description: 'The most serious kind of change that safeguards count in it.',
    }),
    heldKind: z.enum(riskKinds).nullable().meta({
      description: 'The kind of change for which a safeguard held it.',
    }),
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
    member: record.memberId,
    name: record.name,
    department: record.department,
    location: record.location,
    action: record.action,
    status: record.status,
    reason: record.reason,
    reasonCode: reasonCodeOf(record),
    risk: riskKindOf(record),
    heldKind: record.heldKind,
    changes: record.changes.map(({ field, from, to }) => ({ field, from, to })),
    error: record.error,
    decidedBy: record.decidedBy,
    decidedAt: timeText(record.decidedAt),
  };
}
