import { z } from 'zod';
import { groupStatuses } from '../core/model/group.ts';
import type { GroupView } from '../manage/groups/view-groups.ts';
import { time } from './times.ts';

export const groupSchema = z
  .object({
    id: z.string().meta({ description: 'Its id at the source, unique in its store.' }),
    store: z.string(),
    storeName: z.string().nullable(),
    externalId: z.string(),
    name: z.string(),
    status: z.enum(groupStatuses).nullable().meta({
      description: 'Null for a group that was pushed into a store which does not sync groups.',
    }),
    members: z.int().meta({ description: 'How many members of the store are in it.' }),
    roles: z.array(z.string()),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Group', description: 'A group of a directory store.' });

/** A group as scripts read it. */
export function groupJson({
  group,
  storeName,
  members,
  roles,
}: GroupView): z.output<typeof groupSchema> {
  return {
    id: group.externalId,
    store: group.storeId,
    storeName,
    externalId: group.externalId,
    name: group.name,
    status: group.status,
    members,
    roles: [...roles],
    createdAt: group.createdAt.toISOString(),
    updatedAt: group.updatedAt.toISOString(),
  };
}
