import { Readable } from 'node:stream';
import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import {
  type RecordChoice,
  reasonCodes,
  recordActions,
  recordKinds,
  recordStatuses,
  riskKinds,
} from '../../core/model/record.ts';
import { findRun } from '../../manage/find.ts';
import { exportRecords } from '../../manage/runs/export-records.ts';
import { type RecordView, viewRecords } from '../../manage/runs/view-records.ts';
import type { Ports } from '../../ports/index.ts';
import { facetNames, type RecordsAsked } from '../../ports/record-lists.ts';
import { recordJson, recordSchema } from '../../presenters/record.ts';
import { recordsCsv } from '../../presenters/records-csv.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
  runParams,
  several,
  writeCursor,
} from './shared.ts';

const url = `${apiPrefix}/runs/:runId/records`;

/** A list counts its records up to here; marks and facets count them all. */
const mostCounted = 10_000;

const words = {
  kind: z.enum(recordKinds).optional().meta({ description: 'Records of users, or of groups.' }),
  status: several(recordStatuses),
  action: several(recordActions),
  reason: several(reasonCodes),
  risk: z.enum(riskKinds).optional(),
  field: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Only records that change this field.' }),
};

const part = z.string().min(1).max(1024).nullable().optional();

/** What a filter may say beside the status; texts stand in the body of a request, so that no log sees them. */
const choiceBody = {
  kind: words.kind,
  reason: words.reason,
  risk: words.risk,
  field: words.field,
  department: part.meta({ description: 'Null: those without one.' }),
  location: part.meta({ description: 'Null: those without one.' }),
  q: z.string().min(1).max(256).optional().meta({
    description: 'Only those of which words of the name or the address begin so.',
  }),
};

export const choiceSchema = z.strictObject(choiceBody);

const filterBody = { status: words.status, action: words.action, ...choiceBody };

type Filter = z.output<z.ZodObject<typeof filterBody>>;

/** A filter of the records of a run as the ports have it. */
export function choiceOf(asked: Omit<Filter, 'status' | 'action'>): RecordChoice {
  const { kind, reason: reasons, risk, field, department, location, q: text } = asked;
  return defined({ kind, reasons, risk, field, department, location, text });
}

function recordsAsked(runId: string, { status, action, ...choice }: Filter): RecordsAsked {
  return {
    runId,
    ...defined({ statuses: status, actions: action }),
    choice: choiceOf(choice),
  };
}

const pageSchema = listOf(recordSchema).extend({
  total: z.int().meta({ description: `How many match; counted up to ${mostCounted}.` }),
});

/** The records of a run: listed, searched, counted, and as a file. */
export function addRecordRoutes(app: ApiServer, ports: Ports): void {
  addListRoutes(app, ports);
  addCountRoutes(app, ports);
  addCsvRoute(app, ports);
}

const listName = (runId: string): string => `records of ${runId}`;

function addListRoutes(app: ApiServer, ports: Ports): void {
  const answer = async (
    runId: string,
    { limit, cursor, ...filter }: { limit: number; cursor?: string | undefined } & Filter,
  ) => {
    const { id } = await findRun(ports, runId);
    const after = readCursor(listName(id), cursor);
    const asked = recordsAsked(id, filter);
    const afterSeq = after === undefined ? -1 : Number(after);
    const [read, total] = await Promise.all([
      ports.recordLists.page({ ...asked, afterSeq, limit: limit + 1 }),
      ports.recordLists.total(asked, mostCounted),
    ]);
    const keyOf = ({ record }: RecordView) => String(record.seq);
    const views = await viewRecords(ports, read);
    return { ...pageOf(listName(id), views, { limit, item: recordJson, keyOf }), total };
  };
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listRecords',
      summary: 'List the records of a run, by seq',
      params: runParams,
      querystring: z.strictObject({ ...pageQuery, ...words }),
      response: { 200: pageSchema },
    },
    handler: ({ params, query }) => answer(params.runId, query),
  });

  app.route({
    method: 'POST',
    url: `${url}/search`,
    schema: {
      operationId: 'searchRecords',
      summary: 'List the records of a run that a filter chooses, by seq',
      params: runParams,
      body: z.strictObject({ ...pageQuery, ...filterBody }),
      response: { 200: pageSchema },
    },
    handler: ({ params, body }) => answer(params.runId, body),
  });
}

function addCountRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/marks`,
    schema: {
      operationId: 'markRecords',
      summary: 'Count the records of a run that a filter chooses, with a cursor for each page',
      params: runParams,
      body: z.strictObject({
        ...filterBody,
        every: z.int().min(100).max(500).default(500).meta({ description: 'Records of a page.' }),
      }),
      response: {
        200: z.object({
          total: z.int(),
          cursors: z.array(z.string()).meta({ description: 'Of each page after the first.' }),
        }),
      },
    },
    async handler({ params, body: { every, ...filter } }) {
      const { id } = await findRun(ports, params.runId);
      const { total, after } = await ports.recordLists.marks(recordsAsked(id, filter), every);
      return { total, cursors: after.map((seq) => writeCursor(listName(id), String(seq))) };
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/facets`,
    schema: {
      operationId: 'countRecordsBy',
      summary: 'See what the records of a run that a filter chooses have in common',
      params: runParams,
      body: z.strictObject({
        ...filterBody,
        by: z.array(z.enum(facetNames)).min(1).max(facetNames.length),
      }),
      response: {
        200: z.object({
          facets: z.array(
            z.object({
              by: z.enum(facetNames),
              values: z
                .array(z.object({ value: z.string(), count: z.int() }))
                .meta({ description: 'The most frequent ones, at most 8.' }),
              blank: z.int().meta({ description: 'Records without a value.' }),
              others: z.int().meta({ description: 'Records with another value.' }),
            }),
          ),
        }),
      },
    },
    async handler({ params, body: { by, ...filter } }) {
      const { id } = await findRun(ports, params.runId);
      const asked = recordsAsked(id, filter);
      const facets = await Promise.all(by.map((each) => ports.recordLists.facet(asked, each)));
      return { facets: facets.map((facet) => ({ ...facet, values: [...facet.values] })) };
    },
  });
}

function addCsvRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url: `${url}.csv`,
    schema: {
      operationId: 'exportRecords',
      summary: 'The records of a run as a CSV file, by seq',
      params: runParams,
      querystring: z.strictObject({ status: words.status }),
      response: {
        200: {
          description: 'RFC 4180; a cell that a spreadsheet would run begins with an apostrophe.',
          content: { 'text/csv': { schema: z.string() } },
        },
      },
    },
    async handler(request, reply) {
      const run = await findRun(ports, request.params.runId);
      const { status } = request.query;
      const records = await exportRecords(ports, { run, statuses: status }, actorOf(request));
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="run-${run.id}.csv"`)
        .send(Readable.from(recordsCsv(records)) as unknown as string);
    },
  });
}
