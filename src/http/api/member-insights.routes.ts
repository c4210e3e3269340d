import { Readable } from 'node:stream';
import { z } from 'zod';
import { within } from '../../core/input-problems.ts';
import { findMemberById, findStoreById, readAddress, readField } from '../../manage/find.ts';
import { type Erased, eraseMember, findErasable } from '../../manage/members/erase-member.ts';
import { explainWhy } from '../../manage/members/explain-why.ts';
import { exportMembers } from '../../manage/members/export-members.ts';
import type { Ports } from '../../ports/index.ts';
import { membersCsv } from '../../presenters/members-csv.ts';
import { recordJson, recordSchema } from '../../presenters/record.ts';
import { whyJson } from '../../presenters/why.ts';
import { whySchema } from '../../presenters/why-schema.ts';
import { recordsOfMember } from '../../why/find-records.ts';
import { memberFilters } from './members.routes.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  listOf,
  memberParams,
  pageQuery,
  readCursor,
  writeCursor,
} from './shared.ts';

const url = `${apiPrefix}/members`;

/** Explanations of members, their records, the export as a file, and erasing. */
export function addMemberInsightRoutes(app: ApiServer, ports: Ports): void {
  addHistoryRoute(app, ports);
  addWhyRoute(app, ports);
  addEraseRoute(app, ports);
  addCsvRoute(app, ports);
}

function addHistoryRoute(app: ApiServer, ports: Ports): void {
  const entry = recordSchema
    .extend({ run: z.string(), by: z.string(), at: z.string().meta({ format: 'date-time' }) })
    .meta({ id: 'HistoryEntry', description: 'A record of a member, with its run.' });
  app.route({
    method: 'GET',
    url: `${url}/:memberId/history`,
    schema: {
      operationId: 'memberHistory',
      summary: 'List all records of a member, newest first, as far as runs are kept',
      params: memberParams,
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(entry) },
    },
    async handler({ params, query: { limit, cursor } }) {
      const member = await findMemberById(ports, params.memberId);
      const list = `history of ${member.id}`;
      const items: z.output<typeof entry>[] = [];
      const before = readCursor(list, cursor);
      for await (const { run, record } of recordsOfMember(ports, member, before)) {
        if (items.length === limit) {
          return { items, next: writeCursor(list, items.at(-1)?.run ?? '') };
        }
        items.push({
          ...recordJson(record),
          run: run.id,
          by: record.decidedBy ?? run.requestedBy,
          at: (run.finishedAt ?? run.createdAt).toISOString(),
        });
      }
      return { items, next: null };
    },
  });
}

function addWhyRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/why`,
    schema: {
      operationId: 'explainMember',
      summary: 'Explain where a field or the status comes from, or why a person is no member',
      body: z.strictObject({
        email: z.string().max(320),
        field: z.string().max(100).optional().meta({ description: 'A member field, or status.' }),
        store: idText.optional().meta({ description: 'Only by what one store says.' }),
      }),
      response: { 200: whySchema },
    },
    async handler({ body }) {
      const email = readAddress(body.email);
      const { field } = body;
      const asked = field === undefined ? null : within('field', () => readField(field));
      const store = body.store === undefined ? null : await findStoreById(ports, body.store);
      return whyJson(await explainWhy(ports, { email, asked, store }));
    },
  });
}

function addEraseRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/erase`,
    schema: {
      operationId: 'eraseMember',
      summary: 'Delete a member and all records about it, for good',
      body: z.strictObject({
        email: z.string().max(320),
        confirm: z
          .boolean()
          .default(false)
          .meta({ description: 'Do it; without this nothing is changed.' }),
      }),
      response: {
        200: z.object({
          erased: z.boolean(),
          members: z.int(),
          records: z.int(),
          runs: z
            .array(z.string())
            .meta({ description: 'The runs that store the erasure, without the person.' }),
          configurations: z
            .array(
              z.object({ store: z.string(), storeName: z.string(), places: z.array(z.string()) }),
            )
            .meta({
              description:
                'Stores whose configuration has the address, and where: an erasure leaves it there.',
            }),
        }),
      },
    },
    async handler(request) {
      const email = readAddress(request.body.email);
      if (!request.body.confirm) {
        const found = await findErasable(ports, email);
        return { ...erasedJson(found), erased: false, runs: [] };
      }
      const actor = actorOf(request);
      const done = await eraseMember(ports, { email, actor });
      return { ...erasedJson(done), erased: true, runs: done.runs.map(({ id }) => id) };
    },
  });
}

const erasedJson = ({
  members,
  recordIds,
  configurations,
}: Pick<Erased, 'members' | 'recordIds' | 'configurations'>) => ({
  members: members.length,
  records: recordIds.length,
  configurations: configurations.map((each) => ({ ...each, places: [...each.places] })),
});

function addCsvRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/members.csv`,
    schema: {
      operationId: 'exportMembers',
      summary: 'All members as a CSV file, by source id',
      querystring: z.strictObject(memberFilters),
      response: {
        200: {
          description: 'RFC 4180; a cell that a spreadsheet would run begins with an apostrophe.',
          content: { 'text/csv': { schema: z.string() } },
        },
      },
    },
    async handler(request, reply) {
      const { store: storeId, status } = request.query;
      const exported = await exportMembers(ports, { storeId, status }, actorOf(request));
      const lines = membersCsv(exported.views, exported.customFields);
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="members.csv"')
        .send(Readable.from(lines) as unknown as string);
    },
  });
}
