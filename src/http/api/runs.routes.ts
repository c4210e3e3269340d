import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { recordActions, recordStatuses } from '../../core/model/record.ts';
import { type Run, runModes, runStatuses } from '../../core/model/run.ts';
import { findRun, findStoreById, storeNames } from '../../manage/find.ts';
import { cancelRun } from '../../manage/runs/cancel-run.ts';
import { requestDecision } from '../../manage/runs/request-decision.ts';
import { requestSync } from '../../manage/runs/request-sync.ts';
import { requestUndo } from '../../manage/runs/request-undo.ts';
import { followSchedules } from '../../manage/stores/follow-schedules.ts';
import type { Ports } from '../../ports/index.ts';
import { recordJson, recordSchema } from '../../presenters/record.ts';
import { runJson, runSchema } from '../../presenters/run.ts';
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
export function addRunRoutes(app: ApiServer, ports: Ports): void {
  addSyncRoute(app, ports);
  addReadRoutes(app, ports);
  addRecordsRoute(app, ports);
  addDecisionRoutes(app, ports);
  addUndoRoute(app, ports);
}

/** A run with the name of its store. */
export async function answerRun(ports: Pick<Ports, 'stores'>, run: Run) {
  const store = run.storeId === null ? null : await ports.stores.get(run.storeId);
  return runJson(run, store?.name ?? null);
}

function addSyncRoute(app: ApiServer, ports: Ports): void {
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
        })
        .nullish(),
      response: { 202: runSchema },
    },
    async handler(request, reply) {
      const mode = request.body?.mode ?? 'full';
      const store = await findStoreById(ports, request.params.storeId);
      const { run, queueError } = await requestSync(ports, { store, mode }, actorOf(request));
      const late = 'A run is queued; a worker finds it once Redis can be reached.';
      logFollowUpError(request, queueError, late);
      return reply.code(202).header('location', `${url}/${run.id}`).send(runJson(run, store.name));
    },
  });
}

function addReadRoutes(app: ApiServer, ports: Ports): void {
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
      }),
      response: { 200: listOf(runSchema) },
    },
    async handler({ query: { limit, cursor, store, status, mode } }) {
      const before = readCursor('runs', cursor);
      const [read, names] = await Promise.all([
        ports.runs.list(
          defined({ limit: limit + 1, before, storeId: store, statuses: status, modes: mode }),
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
    handler: async ({ params }) => answerRun(ports, await findRun(ports, params.runId)),
  });
}

function addRecordsRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url: `${url}/:runId/records`,
    schema: {
      operationId: 'listRecords',
      summary: 'List the records of a run, by seq',
      params: runParams,
      querystring: z.strictObject({
        ...pageQuery,
        status: several(recordStatuses),
        action: several(recordActions),
      }),
      response: { 200: listOf(recordSchema) },
    },
    async handler({ params, query: { limit, cursor, status, action } }) {
      const { id } = await findRun(ports, params.runId);
      const list = `records of ${id}`;
      const after = readCursor(list, cursor);
      const wanted = defined({ statuses: status, actions: action });
      const afterSeq = after === undefined ? -1 : Number(after);
      const read = await ports.records.page({ ...wanted, runId: id, afterSeq, limit: limit + 1 });
      return pageOf(list, read, { limit, item: recordJson, keyOf: ({ seq }) => String(seq) });
    },
  });
}

const whose = z
  .strictObject({
    records: z.array(z.string().min(1).max(320)).min(1).max(2000).optional().meta({
      description:
        'Only those of these people, by source id or by the address that their record shows; without it all.',
    }),
  })
  .nullish();

function addDecisionRoutes(app: ApiServer, ports: Ports): void {
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
        const people = request.body?.records ?? null;
        const actor = actorOf(request);
        const opened = await requestDecision(ports, { run, verdict, people, actor });
        return reply.code(202).send(await answerRun(ports, opened));
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
      return reply.code(202).send(await answerRun(ports, cancelled));
    },
  });
}

function addUndoRoute(app: ApiServer, ports: Ports): void {
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
        .send(await answerRun(ports, run));
    },
  });
}
