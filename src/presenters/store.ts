import { z } from 'zod';
import { directoryKinds, regions, storeStatuses } from '../core/model/store.ts';
import { syncEndpoint } from '../core/scim/endpoint.ts';
import type { StoreView } from '../manage/stores/view-store.ts';
import { configurationSchema } from './configuration.ts';
import { runJson, runSchema } from './run.ts';
import { time, timeText } from './times.ts';

export const storeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    directory: z.enum(directoryKinds),
    via: z.enum(['api', 'scim']),
    region: z.enum(regions),
    orgId: z.string(),
    status: z.enum(storeStatuses),
    owner: z.string(),
    schedule: configurationSchema.shape.schedule,
    nextRunAt: time.nullable(),
    members: z.object({ active: z.int(), inactive: z.int() }),
    lastRun: runSchema.nullable(),
    configRevision: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Store', description: 'A configured source of members.' });

/**
 * A store with the endpoint that its directory pushes to; with the token only when it has just been
 * made.
 */
export const reachableStoreSchema = storeSchema.extend({
  syncEndpoint: z
    .url()
    .optional()
    .meta({ description: 'Where its directory pushes to over SCIM.' }),
  scimToken: z.string().optional().meta({ description: 'Returned this once, and never again.' }),
});

/** Additional keys of a store that is pushed into; none for a store that is only asked. */
export function scimJson(
  { id, via }: Pick<StoreView['store'], 'id' | 'via'>,
  { publicUrl, token }: { readonly publicUrl: string; readonly token?: string },
): Pick<z.output<typeof reachableStoreSchema>, 'syncEndpoint' | 'scimToken'> {
  if (via !== 'scim') return {};
  return {
    syncEndpoint: syncEndpoint(publicUrl, id),
    ...(token !== undefined && { scimToken: token }),
  };
}

/** A store as scripts read it. */
export function storeJson({
  store,
  members,
  lastRun,
  nextRunAt,
}: StoreView): z.output<typeof storeSchema> {
  return {
    id: store.id,
    name: store.name,
    directory: store.directory,
    via: store.via,
    region: store.region,
    orgId: store.orgId,
    status: store.status,
    owner: store.owner,
    schedule: structuredClone(store.config.schedule) as z.output<typeof storeSchema>['schedule'],
    nextRunAt: timeText(nextRunAt),
    members: { active: members.active, inactive: members.inactive },
    lastRun: lastRun === null ? null : runJson(lastRun, store.name),
    configRevision: store.configRevision,
    createdAt: store.createdAt.toISOString(),
    updatedAt: store.updatedAt.toISOString(),
  };
}
