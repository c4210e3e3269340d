import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { heldIn, type Run, runModes, runStatuses } from '../../core/model/run.ts';
import { findRun, findStoreById, storeNames } from '../../manage/find.ts';
import { cancelRun } from '../../manage/runs/cancel-run.ts';
import { requestDecision } from '../../manage/runs/request-decision.ts';
import { requestSync } from '../../manage/runs/request-sync.ts';
import { requestUndo } from '../../manage/runs/request-undo.ts';
import { followSchedules } from '../../manage/stores/follow-schedules.ts';
import type { Ports } from '../../ports/index.ts';
import { runJson, runSchema } from '../../presenters/run.ts';
import { choiceOf, choiceSchema } from './records.routes.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  listOf,
  logFollowUpError,
  pageOf,
  pageQuery,
  readCursor,
  runParams,
  scheduleNotSet,
  several,
  storeParams,
} from './shared.ts';

const url = `${apiPrefix}/runs`;

/** Runs and their records: requesting, reading, deciding. */
export function addRunRoutes(app: ApiServer, options: RunOptions): void {
  addSyncRoute(app, options);
  addReadRoutes(app, options);
  addDecisionRoutes(app, options);
  addUndoRoute(app, options);
}

export interface RunOptions {
  readonly ports: Ports;
  /** How long held changes wait for a decision. */
  readonly heldExpiryMs: number;
}

/** A run with the name of its store, and when what it holds expires. */
export async function answerRun({ ports, heldExpiryMs }: RunOptions, run: Run) {
  const { storeId, mode, finishedAt } = run;
  const store = storeId === null ? null : await ports.stores.get(storeId);
  const waits = mode !== 'plan' && heldIn(run) > 0 && finishedAt !== null;
  const expiresAt = waits ? new Date(finishedAt.getTime() + heldExpiryMs).toISOString() : null;
  return { ...runJson(run, store?.name ?? null), expiresAt };
}

function addSyncRoute(app: ApiServer, { ports }: RunOptions): void {
  app.route({
    method: 'POST',
    url: `${apiPrefix}/stores/:storeId/runs`,
    schema: {
      operationId: 'syncStore',
      summary: 'Sync now, or preview it; if a run is queued already, that is the one',
      params: storeParams,
      body: z
        .strictObject({
          mode: z
            .enum(['full', 'plan'])
            .default('full')
            .meta({ description: '`plan`: a preview, which writes nothing to members.' }),
          notify: z.boolean().default(false).meta({
            description: 'Newcomers get mail even if this is the first import of the store.',
          }),
        })
        .nullish(),
      response: { 202: runSchema },
    },
    async handler(request, reply) {
      const { mode = 'full', notify = false } = request.body ?? {};
      const store = await findStoreById(ports, request.params.storeId);
      const { run, queueError } = await requestSync(
        ports,
        { store, mode, notify },
        actorOf(request),
      );
      const late = 'A run is queued; a worker finds it once Redis can be reached.';
      logFollowUpError(request, queueError, late);
      return reply.code(202).header('location', `${url}/${run.id}`).send(runJson(run, store.name));
    },
  });
}

/** A time that a filter names. */
const moment = z.iso.datetime({ offset: true }).max(40);

function addReadRoutes(app: ApiServer, options: RunOptions): void {
  const { ports } = options;
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listRuns',
      summary: 'List runs, newest first',
      querystring: z.strictObject({
        ...pageQuery,
        store: idText.optional(),
        status: several(runStatuses),
        mode: several(runModes),
        from: moment
          .optional()
          .meta({ description: 'Only runs that were asked for from then on.' }),
        to: moment.optional().meta({ description: 'Only runs that were asked for before.' }),
        changed: z.enum(['true', 'false']).optional().meta({
          description: 'Only runs that applied or hold something, or only the others.',
        }),
      }),
      response: { 200: listOf(runSchema) },
    },
    async handler({ query: { limit, cursor, store, status, mode, from, to, changed } }) {
      const before = readCursor('runs', cursor);
      const [read, names] = await Promise.all([
        ports.runs.list(
          defined({
            limit: limit + 1,
            before,
            storeId: store,
            statuses: status,
            modes: mode,
            from: from === undefined ? undefined : new Date(from),
            to: to === undefined ? undefined : new Date(to),
            changed: changed === undefined ? undefined : changed === 'true',
          }),
        ),
        storeNames(ports),
      ]);
      return pageOf('runs', read, {
        limit,
        item: (run) => runJson(run, names.get(run.storeId ?? '') ?? null),
        keyOf: ({ id }) => id,
      });
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:runId`,
    schema: {
      operationId: 'getRun',
      summary: 'See a run',
      params: runParams,
      response: { 200: runSchema },
    },
    handler: async ({ params }) => answerRun(options, await findRun(ports, params.runId)),
  });
}

const whose = z
  .strictObject({
    records: z.array(z.string().min(1).max(320)).min(1).max(2000).optional().meta({
      description:
        'Only those of these people, by source id or by the address that their record shows, and of these groups, as `group:ID`; without it all.',
    }),
    filter: choiceSchema.optional().meta({
      description: 'Only the held records that it chooses, as in a search; with `expected`.',
    }),
    expected: z.int().min(1).optional().meta({
      description: 'How many records the person saw; with another number nothing is decided.',
    }),
  })
  .refine(({ records, filter }) => records === undefined || filter === undefined, {
    message: 'give records or filter, not both',
  })
  .refine(({ filter, expected }) => filter === undefined || expected !== undefined, {
    path: ['expected'],
    message: 'is needed beside filter',
  })
  .nullish();

function addDecisionRoutes(app: ApiServer, options: RunOptions): void {
  const { ports } = options;
  for (const [verdict, summary] of [
    ['approve', 'Let held records be applied, each confirmed afresh'],
    ['reject', 'Reject held records: they are not planned again while their cause stays the same'],
  ] as const) {
    app.route({
      method: 'POST',
      url: `${url}/:runId/${verdict}`,
      schema: {
        operationId: `${verdict}Run`,
        summary,
        params: runParams,
        body: whose,
        response: { 202: runSchema },
      },
      async handler(request, reply) {
        const run = await findRun(ports, request.params.runId);
        const { records: people = null, filter, expected } = request.body ?? {};
        const choice = filter && choiceOf(filter);
        const asked = { run, verdict, people, actor: actorOf(request) };
        const opened = await requestDecision(ports, {
          ...asked,
          ...defined({ filter: choice, expected }),
        });
        return reply.code(202).send(await answerRun(options, opened));
      },
    });
  }

  app.route({
    method: 'POST',
    url: `${url}/:runId/cancel`,
    schema: {
      operationId: 'cancelRun',
      summary: 'Cancel a queued run, or stop one under way at the next safe point',
      params: runParams,
      response: { 202: runSchema },
    },
    async handler(request, reply) {
      const run = await findRun(ports, request.params.runId);
      const cancelled = await cancelRun(ports, run, actorOf(request));
      return reply.code(202).send(await answerRun(options, cancelled));
    },
  });
}

function addUndoRoute(app: ApiServer, options: RunOptions): void {
  const { ports } = options;
  app.route({
    method: 'POST',
    url: `${url}/:runId/undo`,
    schema: {
      operationId: 'undoRun',
      summary: 'Queue a run that undoes what another applied, or a preview; pauses the store',
      params: runParams,
      body: z
        .strictObject({
          plan: z.boolean().default(false).meta({ description: 'A preview: nothing is written.' }),
        })
        .nullish(),
      response: { 202: runSchema },
    },
    async handler(request, reply) {
      const undone = await findRun(ports, request.params.runId);
      const isPreview = request.body?.plan ?? false;
      const actor = actorOf(request);
      const { run, paused } = await requestUndo(ports, { run: undone, isPreview, actor });
      if (paused !== null)
        logFollowUpError(request, await followSchedules(ports.queue), scheduleNotSet);
      return reply
        .code(202)
        .header('location', `${url}/${run.id}`)
        .send(await answerRun(options, run));
    },
  });
}
