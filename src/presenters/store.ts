import { z } from 'zod';
import { storeStatuses } from '../core/model/store.ts';
import { choicesOf } from '../core/schema-choices.ts';
import { syncEndpoint } from '../core/scim/endpoint.ts';
import type { PushState, StoreView } from '../manage/stores/view-store.ts';
import type { Directories } from '../ports/directory.ts';
import { configurationJson, configurationSchema } from './configuration.ts';
import { runJson, runSchema } from './run.ts';
import { time, timeText } from './times.ts';

/** What a store looks like, with the kinds of directory there are. */
export function storeSchemasOf(directories: Directories) {
  const storeSchema = z
    .object({
      id: z.string(),
      name: z.string(),
      directory: z.enum(directories.kinds),
      via: z.enum(['api', 'scim']),
      region: regionSchemaOf(directories),
      orgId: z.string(),
      orgName: z
        .string()
        .nullable()
        .meta({ description: 'Its name when a credential was checked last.' }),
      credential: z
        .object({
          type: z.string(),
          addedAt: time,
          addedBy: z.string(),
          hint: z.string().nullable().meta({ description: 'Its last characters.' }),
        })
        .nullable()
        .meta({ description: 'Null without one, and for one that an earlier release stored.' }),
      status: z.enum(storeStatuses),
      removal: z
        .object({ members: z.enum(['keep', 'delete']), by: z.string(), at: time })
        .nullable()
        .meta({ description: 'Set while the store is being removed.' }),
      owner: z.string(),
      schedule: configurationSchema.shape.schedule,
      nextRunAt: time.nullable(),
      members: z.object({ active: z.int(), inactive: z.int() }),
      lastRun: runSchema.nullable(),
      lastSync: runSchema
        .nullable()
        .meta({ description: 'The last run that read the directory: no preview, edit or undo.' }),
      held: z
        .object({ run: z.string(), count: z.int(), since: time })
        .nullable()
        .meta({ description: 'The newest run that holds changes for a person.' }),
      configRevision: z.int(),
      createdAt: time,
      updatedAt: time,
      scimTokenExpiresAt: time
        .nullable()
        .meta({ description: 'When the token stops working with which its directory pushes.' }),
    })
    .meta({ id: 'Store', description: 'A configured source of members.' });

  /** A store with the endpoint that its directory pushes to; with the token only when it is new. */
  const reachableStoreSchema = storeSchema.extend({
    syncEndpoint: z
      .url()
      .optional()
      .meta({ description: 'Where its directory pushes to over SCIM.' }),
    scimToken: z.string().optional().meta({ description: 'Returned this once, and never again.' }),
    scimTokens: z
      .array(
        z.object({
          id: z.string(),
          createdAt: time,
          expiresAt: time.nullable().meta({ description: 'When it stops working by itself.' }),
          endsAt: time.nullable().meta({ description: 'When a newer token replaces it.' }),
        }),
      )
      .optional()
      .meta({ description: 'The tokens with which its directory may push, newest first.' }),
    lastPushAt: time
      .nullable()
      .optional()
      .meta({ description: 'When its directory changed a user last; null: never.' }),
  });
  return { storeSchema, reachableStoreSchema };
}

/** Null for a directory that has no regions. */
function regionSchemaOf({ all }: Directories): z.ZodType<string | null> {
  const fields = all.map(({ connectionSchema }) => connectionSchema.shape['region']);
  const regions = z.enum(fields.flatMap((field) => (field && choicesOf(field)) ?? []));
  return fields.includes(undefined) ? regions.nullable() : regions;
}

type Schemas = ReturnType<typeof storeSchemasOf>;
type StoreJson = z.output<Schemas['storeSchema']>;

export function storeJson({
  store,
  members,
  lastRun,
  lastSync,
  held,
  nextRunAt,
  scimTokenExpiresAt,
}: StoreView): StoreJson {
  return {
    id: store.id,
    name: store.name,
    directory: store.directory,
    via: store.via,
    region: store.connection['region'] ?? null,
    orgId: store.orgId,
    orgName: store.orgName ?? null,
    credential: credentialJson(store),
    status: store.status,
    removal:
      store.removal === undefined ? null : { ...store.removal, at: store.removal.at.toISOString() },
    owner: store.owner,
    schedule: configurationJson(store.config).schedule,
    nextRunAt: timeText(nextRunAt),
    members: { active: members.active, inactive: members.inactive },
    lastRun: lastRun === null ? null : runJson(lastRun, store.name),
    lastSync: lastSync === null ? null : runJson(lastSync, store.name),
    held:
      held === null
        ? null
        : { run: held.runId, count: held.count, since: held.since.toISOString() },
    configRevision: store.configRevision,
    createdAt: store.createdAt.toISOString(),
    updatedAt: store.updatedAt.toISOString(),
    scimTokenExpiresAt: timeText(scimTokenExpiresAt),
  };
}

function credentialJson({ credentialInfo }: StoreView['store']): StoreJson['credential'] {
  if (credentialInfo === undefined) return null;
  const { type, addedAt, addedBy, hint } = credentialInfo;
  return { type, addedAt: addedAt.toISOString(), addedBy, hint };
}

/** A store as scripts read it, with where its directory pushes to if it does. */
export function reachableStoreJson(
  view: StoreView,
  publicUrl: string,
  {
    pushes = null,
    scimToken,
  }: { readonly pushes?: PushState | null; readonly scimToken?: string | null } = {},
): z.output<Schemas['reachableStoreSchema']> {
  const { id, via } = view.store;
  return {
    ...storeJson(view),
    ...(via === 'scim' && { syncEndpoint: syncEndpoint(publicUrl, id) }),
    ...(scimToken != null && { scimToken }),
    ...(pushes !== null && {
      lastPushAt: timeText(pushes.lastPushAt),
      scimTokens: pushes.tokens.map(({ id: tokenId, createdAt, expiresAt, endsAt }) => ({
        id: tokenId,
        createdAt: createdAt.toISOString(),
        expiresAt: timeText(expiresAt),
        endsAt: timeText(endsAt),
      })),
    }),
  };
}
