import { z } from 'zod';
import { Conflict } from '../../core/errors.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { describeChanges, describeResets } from '../../core/store-file/describe-changes.ts';
import { namedValues } from '../../core/store-file/limits.ts';
import { findStoreById } from '../../manage/find.ts';
import { bindRoles } from '../../manage/stores/bind-roles.ts';
import {
  checkPreviewed,
  configureStore,
  previewConfiguration,
  readSections,
} from '../../manage/stores/configure-store.ts';
import { changesSince } from '../../manage/stores/revisions.ts';
import type { Ports } from '../../ports/index.ts';
import {
  configChangeSchema,
  configurationFile,
  configurationSchema,
  scopeCountJson,
  scopeCountSchema,
} from '../../presenters/configuration.ts';
import { runJson, runSchema } from '../../presenters/run.ts';
import { timeText } from '../../presenters/times.ts';
import { PreconditionFailed, PreconditionRequired } from '../problem.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  type currentConfiguration,
  idText,
  logFollowUpError,
  mostOfConfiguration,
  scheduleNotSet,
  storeParams,
} from './shared.ts';

const url = `${apiPrefix}/stores/:storeId/configuration`;

const configured = z
  .object({ revision: z.int(), ...configurationSchema.shape })
  .meta({ id: 'StoreConfiguration' });

const resetsSchema = z.array(configChangeSchema).meta({
  description:
    'What goes back to its default since a section was sent without it: `changes` has these too.',
});

/** What has a default may be left out, and a schedule may be switched off without repeating it. */
const switchedOff = z.strictObject({ enabled: z.literal(false) });
const sendable = configurationSchema.extend({
  schedule: configurationSchema.shape.schedule.or(switchedOff),
});
const { properties } = z.toJSONSchema(sendable, {
  io: 'input',
  // Without the ids of schemas, which would become references; only the maximum of keys is kept.
  metadata: z.registry(),
  override: ({ zodSchema, jsonSchema }) => {
    const most = z.globalRegistry.get(zodSchema)?.['maxProperties'];
    if (typeof most === 'number') jsonSchema.maxProperties = most;
  },
});

/**
 * Sections of a store file. Here they are only an object: `readSections` reads them, as it does a
 * file's, down to the last expression, and describes what is wrong.
 */
const sectionsSchema = namedValues(z.unknown()).meta({
  description:
    'One or more sections of a store file. A section replaces the one the store has; others stay as they are. In `mapping`, null unmaps a field.',
  properties,
  additionalProperties: false,
});

/** Mapping, settings, criteria, schedule and safeguards of a store. */
export function addConfigurationRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'getConfiguration',
      summary: 'See how a store is configured',
      params: storeParams,
      response: { 200: configured },
    },
    async handler({ params }, reply) {
      const store = await findStoreById(ports, params.storeId);
      return reply.header('etag', etagOf(store)).send(answerOf(ports, store));
    },
  });

  app.route({
    method: 'PATCH',
    url,
    bodyLimit: mostOfConfiguration,
    schema: {
      operationId: 'configureStore',
      summary: 'Replace sections of the configuration, unless it was changed meanwhile',
      params: storeParams,
      headers: z.object({
        'if-match': z.string().max(100).optional().meta({ description: 'The ETag that was read.' }),
      }),
      querystring: z.strictObject({
        preview: idText.optional().meta({
          description: 'A run that previewed this very change. 409 when it is another one.',
        }),
        withoutPreview: z.enum(['true']).optional().meta({
          description: 'Says in the audit that nobody looked at a preview of the change.',
        }),
      }),
      body: sectionsSchema,
      response: {
        200: configured
          .extend({
            changes: z.array(configChangeSchema),
            resets: resetsSchema,
            notes: z.array(z.string()),
            scope: scopeCountSchema.nullable(),
          })
          .meta({ id: 'Configured' }),
      },
    },
    async handler(request, reply) {
      const store = await findStoreById(ports, request.params.storeId);
      await checkPrecondition(ports, request.headers['if-match'], store);
      const config = await bindRoles(ports, store, readSections(ports, store, request.body));
      const { preview: runId, withoutPreview } = request.query;
      if (runId !== undefined) await checkPreviewed(ports, { store, config }, runId);
      const preview = runId ?? (withoutPreview && 'saved without a preview');
      const change = { store, config, ...(preview !== undefined && { preview }) };
      const done = await configureStore(ports, change, actorOf(request)).catch((error: unknown) =>
        unlessOvertaken(ports, store, error),
      );
      logFollowUpError(request, done.scheduleError, scheduleNotSet);
      return reply.header('etag', etagOf(done.store)).send({
        ...answerOf(ports, done.store),
        changes: [...done.changes],
        resets: [...describeResets(request.body, store.config, config)],
        notes: [...done.notes],
        scope: done.scope && scopeCountJson(done.scope),
      });
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/preview`,
    bodyLimit: mostOfConfiguration,
    schema: {
      operationId: 'previewConfiguration',
      summary: 'Queue a preview of another configuration; the configuration is not stored',
      params: storeParams,
      body: sectionsSchema,
      response: {
        202: z.object({
          run: runSchema,
          changes: z.array(configChangeSchema),
          resets: resetsSchema,
        }),
      },
    },
    async handler(request, reply) {
      const store = await findStoreById(ports, request.params.storeId);
      const config = await bindRoles(ports, store, readSections(ports, store, request.body));
      const run = await previewConfiguration(ports, { store, config }, actorOf(request));
      return reply
        .code(202)
        .header('location', `${apiPrefix}/runs/${run.id}`)
        .send({
          run: runJson(run, store.name),
          changes: [...describeChanges(store.config, config)],
          resets: [...describeResets(request.body, store.config, config)],
        });
    },
  });
}

const etagOf = ({ configRevision }: DirectoryStore) => `"${configRevision}"`;

function answerOf(
  { directories }: Pick<Ports, 'directories'>,
  { config, configRevision, directory }: DirectoryStore,
) {
  const { defaultMapping } = directories.of(directory);
  return { revision: configRevision, ...configurationFile(config, defaultMapping) };
}

/** Two administrators who change one store must not overwrite each other's changes unseen. */
async function checkPrecondition(
  ports: Pick<Ports, 'revisions' | 'directories'>,
  ifMatch: string | undefined,
  store: DirectoryStore,
): Promise<void> {
  if (ifMatch === undefined) {
    throw new PreconditionRequired(
      'A change must name the revision it is a change of: send If-Match with the ETag that was read.',
    );
  }
  if (ifMatch === '*' || ifMatch === etagOf(store)) return;
  const read = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  throw await changedMeanwhile(ports, store, read === undefined ? null : Number(read));
}

/** Another change was stored between the check and the write. */
async function unlessOvertaken(
  ports: Pick<Ports, 'stores' | 'revisions' | 'directories'>,
  { id, configRevision }: DirectoryStore,
  error: unknown,
): Promise<never> {
  const present = error instanceof Conflict ? await ports.stores.get(id) : null;
  if (present === null || present.configRevision === configRevision) throw error;
  throw await changedMeanwhile(ports, present, configRevision);
}

async function changedMeanwhile(
  ports: Pick<Ports, 'revisions' | 'directories'>,
  store: DirectoryStore,
  read: number | null,
): Promise<PreconditionFailed> {
  const { by, at, changes } = await changesSince(ports, store, read);
  const { revision, ...configuration } = answerOf(ports, store);
  const current: z.output<typeof currentConfiguration> = {
    revision,
    configuration,
    by,
    at: timeText(at),
    changes: changes && [...changes],
  };
  return new PreconditionFailed(
    `The configuration is at revision ${revision}: it was changed since it was read.`,
    current,
  );
}
