import { z } from 'zod';
import { memberFields } from '../core/model/fields.ts';
import { inactiveCauses, memberStatuses } from '../core/model/member.ts';
import type { MemberView } from '../manage/members/view-members.ts';
import { time } from './times.ts';

const text = z.string().optional();

export const memberSchema = z
  .object({
    id: z.string(),
    store: z.string().nullable(),
    storeName: z.string().nullable(),
    externalId: z.string().nullable(),
    status: z.enum(memberStatuses),
    statusBy: z.enum(['sync', 'person']),
    inactiveCause: z.enum(inactiveCauses).nullable(),
    gone: z.boolean().optional(),
    keptFrom: z.object({ directory: z.string(), orgId: z.string() }).nullable(),
    fields: z.object(
      Object.fromEntries(memberFields.map((name) => [name, text])) as Record<
        (typeof memberFields)[number],
        typeof text
      >,
    ),
    managerEmail: text,
    custom: z.record(z.string(), z.string()),
    groups: z.array(z.string()).meta({ description: 'Ids of groups.' }),
    roles: z.array(z.string()).meta({ description: 'For applications; each comes from a group.' }),
    revision: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Member', description: 'A person in the member store.' });

/** A member as scripts read it. Blank fields are left out. */
export function memberJson({
  member,
  storeName,
  managerEmail,
}: MemberView): z.output<typeof memberSchema> {
  return {
    id: member.id,
    store: member.storeId,
    storeName,
    externalId: member.externalId,
    status: member.status,
    statusBy: member.statusBy,
    inactiveCause: member.inactiveCause,
    ...(member.inactiveCause === 'gone' ? { gone: true } : {}),
    keptFrom: member.keptFrom,
    fields: member.fields,
    ...(managerEmail === null ? {} : { managerEmail }),
    custom: member.custom,
    groups: [...member.groups],
    roles: [...new Set(member.roles.map(({ role }) => role))],
    revision: member.revision,
    createdAt: member.createdAt.toISOString(),
    updatedAt: member.updatedAt.toISOString(),
  };
}
