import { Readable } from 'node:stream';
import { z } from 'zod';
import { InvalidInput } from '../../core/errors.ts';
import { customPrefix, isFieldName, memberFields } from '../../core/model/fields.ts';
import { findMemberById, findStoreById, readAddress, storeNames } from '../../manage/find.ts';
import { eraseMember, findErasable } from '../../manage/members/erase-member.ts';
import { viewMembers } from '../../manage/members/view-members.ts';
import { viewStore } from '../../manage/stores/view-store.ts';
import type { Ports } from '../../ports/index.ts';
import { membersCsv } from '../../presenters/members-csv.ts';
import { recordJson, recordSchema } from '../../presenters/record.ts';
import { absentWhyJson, memberWhyJson } from '../../presenters/why.ts';
import { whySchema } from '../../presenters/why-schema.ts';
import { explainPerson } from '../../why/explain-person.ts';
import { recordsOfMember } from '../../why/find-records.ts';
import { limitToken } from '../auth/limits.ts';
import { memberFilters } from './members.routes.ts';
import {
  type ApiServer,
  actorOf,
  apiPrefix,
  idText,
  listOf,
  memberParams,
  pageQuery,
  problems,
  readCursor,
  writeCursor,
} from './shared.ts';

const tags = ['Members'];
const url = `${apiPrefix}/members`;

/** Each request reads much: a whole directory, or all records. */
const questionsPerMinute = 30;

/** Explanations of members, their records, the export as a file, and erasing. */
export function addMemberInsightRoutes(app: ApiServer, ports: Ports): void {
  const limit = limitToken(app, { max: questionsPerMinute, what: 'questions about members' });
  addHistoryRoute(app, ports);
  addWhyRoute(app, ports, limit);
  addEraseRoute(app, ports, limit);
  addCsvRoute(app, ports, limit);
}

type Limit = ReturnType<typeof limitToken>;

function addHistoryRoute(app: ApiServer, ports: Ports): void {
  const entry = recordSchema
    .extend({ run: z.string(), by: z.string(), at: z.string().meta({ format: 'date-time' }) })
    .meta({ id: 'HistoryEntry', description: 'A record of a member, with its run.' });
  app.route({
    method: 'GET',
    url: `${url}/:memberId/history`,
    schema: {
      tags,
      operationId: 'memberHistory',
      summary: 'List all records of a member, newest first, as far as runs are kept',
      params: memberParams,
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(entry), ...problems },
    },
    async handler({ params, query: { limit, cursor } }) {
      const member = await findMemberById(ports, params.memberId);
      const list = `history of ${member.id}`;
      const items: z.output<typeof entry>[] = [];
      for await (const { run, record } of recordsOfMember(
        ports,
        member,
        readCursor(list, cursor),
      )) {
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

function addWhyRoute(app: ApiServer, ports: Ports, preHandler: Limit): void {
  app.route({
    method: 'POST',
    url: `${url}/why`,
    preHandler,
    schema: {
      tags,
      operationId: 'explainMember',
      summary: 'Explain where a field or the status comes from, or why a person is no member',
      body: z.strictObject({
        email: z.string().max(320),
        field: z.string().max(100).optional().meta({ description: 'A member field, or status.' }),
        store: idText.optional().meta({ description: 'Only by what one store says.' }),
      }),
      response: { 200: whySchema, ...problems },
    },
    async handler({ body }) {
      const email = readAddress(body.email);
      const asked = readField(body.field);
      const store = body.store === undefined ? null : await findStoreById(ports, body.store);
      const explained = await explainPerson(ports, { email, store, field: asked ?? 'status' });
      if (explained.kind === 'absent') {
        const whys = explained.stores.map(async (each) => ({
          explained: each,
          storeView: await viewStore(ports, each.store),
        }));
        return absentWhyJson(email, await Promise.all(whys));
      }
      const storeView = explained.store === null ? null : await viewStore(ports, explained.store);
      const names = await storeNames(ports);
      const list = [explained.member];
      for await (const view of viewMembers({ members: ports.members, names, list })) {
        return memberWhyJson({ email, asked, explained, view, storeView });
      }
      throw new Error(`member ${explained.member.id} was not viewed`);
    },
  });
}

function readField(name: string | undefined) {
  if (name === undefined) return null;
  if (name === 'status' || isFieldName(name)) return name;
  throw new InvalidInput(`field: members have no field ${JSON.stringify(name)}`, {
    hint: `There are ${[...memberFields, 'status'].join(', ')}; fields of your own are called custom.NAME.`,
  });
}

function addEraseRoute(app: ApiServer, ports: Ports, preHandler: Limit): void {
  app.route({
    method: 'POST',
    url: `${url}/erase`,
    preHandler,
    schema: {
      tags,
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
        }),
        ...problems,
      },
    },
    async handler(request) {
      const email = readAddress(request.body.email);
      if (!request.body.confirm) {
        const { members, recordIds } = await findErasable(ports, email);
        return { erased: false, members: members.length, records: recordIds.length, runs: [] };
      }
      const actor = actorOf(request);
      const { members, recordIds, runs } = await eraseMember(ports, { email, actor });
      return {
        erased: true,
        members: members.length,
        records: recordIds.length,
        runs: runs.map(({ id }) => id),
      };
    },
  });
}

function addCsvRoute(app: ApiServer, ports: Ports, preHandler: Limit): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/members.csv`,
    preHandler,
    schema: {
      tags,
      operationId: 'exportMembers',
      summary: 'All members as a CSV file, by source id',
      querystring: z.strictObject(memberFilters),
      response: {
        200: {
          description: 'RFC 4180; a cell that a spreadsheet would run begins with an apostrophe.',
          content: { 'text/csv': { schema: z.string() } },
        },
        ...problems,
      },
    },
    async handler({ query: { store, status } }, reply) {
      const [stores, names] = await Promise.all([ports.stores.list(), storeNames(ports)]);
      const list = ports.members.list({
        ...(store !== undefined && { storeId: store }),
        ...(status !== undefined && { status }),
      });
      const mapped = stores
        .filter(({ id }) => store === undefined || id === store)
        .flatMap(({ config }) => Object.keys(config.mapping))
        .filter((field) => field.startsWith(customPrefix))
        .map((field) => field.slice(customPrefix.length));
      const views = viewMembers({ members: ports.members, names, list });
      const lines = membersCsv(views, [...new Set(mapped)].sort());
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('content-disposition', 'attachment; filename="members.csv"')
        .send(Readable.from(lines) as unknown as string);
    },
  });
}
