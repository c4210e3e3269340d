import { z } from 'zod';
import {
  type MoveList,
  moveLists,
  reasonCodeOf,
  reasonCodes,
  recordActions,
  recordKinds,
  recordStatuses,
  riskKinds,
} from '../core/model/record.ts';
import { riskKindOf } from '../core/plan/risks.ts';
import type { RecordView } from '../manage/runs/view-records.ts';
import { time, timeText } from './times.ts';

export const recordSchema = z
  .object({
    seq: z.int(),
    kind: z.enum(recordKinds),
    externalId: z.string().nullable(),
    email: z.string().nullable(),
    member: z.string().nullable().meta({ description: 'The id of the member.' }),
    name: z.string().nullable().meta({ description: 'Of the person, or of the group.' }),
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
      z.object({
        field: z.string(),
        from: z.string().nullable(),
        to: z
          .union([z.string(), z.array(z.string())])
          .nullable()
          .meta({
            description:
              'A list of source ids in members.added, members.removed, role.granted and role.revoked.',
          }),
        more: z.int().min(0).optional().meta({
          description: 'How many ids the list has beyond those that stand here.',
        }),
      }),
    ),
    error: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: time.nullable(),
  })
  .meta({
    id: 'Record',
    description: 'One planned change to one person, or one group, in one run.',
  });

/** A record as scripts read it; of a group with the first of the people who join and leave. */
export function recordJson({ record, people }: RecordView): z.output<typeof recordSchema> {
  return {
    seq: record.seq,
    kind: record.kind,
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
    changes: changesJson({ record, people }),
    error: record.error,
    decidedBy: record.decidedBy,
    decidedAt: timeText(record.decidedAt),
  };
}

const listFields: Readonly<Record<MoveList, string>> = {
  added: 'members.added',
  removed: 'members.removed',
  granted: 'role.granted',
  revoked: 'role.revoked',
};

function changesJson({ record, people }: RecordView): z.output<typeof recordSchema>['changes'] {
  const fields = record.changes.map(({ field, from, to }) => ({ field, from, to }));
  const { moves } = record;
  if (moves === null) return fields;
  const lists = moveLists
    .filter((list) => moves[list] > 0)
    .map((list) => {
      const ids = people[list];
      return { field: listFields[list], from: null, to: [...ids], more: moves[list] - ids.length };
    });
  return [...fields, ...lists];
}
