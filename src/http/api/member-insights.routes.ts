import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { emailKeyOf } from '../../core/email.ts';
import { InvalidInput } from '../../core/errors.ts';
import { within } from '../../core/input-problems.ts';
import type { Member } from '../../core/model/member.ts';
import { findMemberById, findStoreById, readAddress, readField } from '../../manage/find.ts';
import { type Erased, eraseMember, findErasable } from '../../manage/members/erase-member.ts';
import { explainByStore, explainWhy } from '../../manage/members/explain-why.ts';
import { exportMembers } from '../../manage/members/export-members.ts';
import { nobody } from '../../manage/runs/view-records.ts';
import type { Ports } from '../../ports/index.ts';
import type { MemberListFilter } from '../../ports/members.ts';
import { membersCsv } from '../../presenters/members-csv.ts';
import { recordJson, recordSchema } from '../../presenters/record.ts';
import { storeWhyJson, whyJson } from '../../presenters/why.ts';
import { type WhyJson, whySchema } from '../../presenters/why-schema.ts';
import { recordsOfMember } from '../../why/find-records.ts';
import { memberFilters } from './members.routes.ts';
import { filterOf, searchFilters } from './members-search.routes.ts';
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
  addWhyStoresRoute(app, ports);
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
          ...recordJson({ record, people: nobody }),
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
        ...whoBody,
        field: z.string().max(100).optional().meta({ description: 'A member field, or status.' }),
        store: idText.optional().meta({ description: 'Only by what one store says.' }),
      }),
      response: { 200: whySchema },
    },
    async handler({ body }) {
      const who = await readWho(ports, body);
      const { field } = body;
      const asked = field === undefined ? null : within('field', () => readField(field));
      const store = body.store === undefined ? null : await findStoreById(ports, body.store);
      return whyJson(await explainWhy(ports, { ...who, asked, store }));
    },
  });
}

/** A line of an answer that comes store by store. */
type WhyLine =
  | { is: 'stores'; stores: readonly { store: string; storeName: string }[] }
  | { is: 'member'; why: WhyJson }
  | { is: 'store'; store: string; why: WhyJson['stores'][number] }
  | { is: 'failed'; store: string }
  | { is: 'end' };

function addWhyStoresRoute(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'POST',
    url: `${url}/why/stores`,
    schema: {
      operationId: 'explainByStore',
      summary: 'Explain a person store by store as the stores answer, each within half a minute',
      body: z.strictObject(whoBody),
      response: {
        200: {
          description:
            'A JSON document a line: `stores` (those that are asked); `member` with a Why, or for each store `store` with a StoreWhy or `failed`; `end`.',
          content: { 'application/x-ndjson': { schema: z.string() } },
        },
      },
    },
    async handler(request, reply) {
      const who = await readWho(ports, request.body);
      const member = who.member ?? (await ports.members.byEmailKey(emailKeyOf(who.email)));
      const stores = member === null ? await ports.stores.list() : [];
      async function* lines(): AsyncGenerator<WhyLine> {
        yield {
          is: 'stores',
          stores: stores.map(({ id, name }) => ({ store: id, storeName: name })),
        };
        if (member !== null) {
          const question = { email: who.email, member, asked: null, store: null };
          yield { is: 'member', why: whyJson(await explainWhy(ports, question)) };
        }
        for await (const part of explainByStore(ports, { email: who.email, stores })) {
          const store = part.store.id;
          if ('why' in part) yield { is: 'store', store, why: storeWhyJson(part.why) };
          else {
            request.log.error({ err: part.failed }, 'A store was not asked about a person.');
            yield { is: 'failed', store };
          }
        }
        yield { is: 'end' };
      }
      async function* texts(): AsyncGenerator<string> {
        for await (const each of lines()) yield `${JSON.stringify(each)}\n`;
      }
      return reply
        .type('application/x-ndjson')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(texts()) as unknown as string);
    },
  });
}

const whoBody = {
  email: z.string().max(320).optional(),
  member: idText.optional().meta({ description: 'The id of a member, instead of its address.' }),
};

/** The person that a question names, by an address or by the id of a member. */
async function readWho(
  ports: Ports,
  {
    email,
    member: id,
  }: { readonly email?: string | undefined; readonly member?: string | undefined },
): Promise<{ readonly email: string; readonly member?: Member }> {
  if (email !== undefined && id === undefined) return { email: readAddress(email) };
  if (email !== undefined || id === undefined) {
    throw new InvalidInput('One of email and member names the person: give one of them.');
  }
  const member = await findMemberById(ports, id);
  return { email: member.fields.email ?? '', member };
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
          copies: z.int().meta({ description: 'Other members that name the address in a field.' }),
          mentions: z.int().meta({ description: 'Records about others that name the address.' }),
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
        return { erased: false, ...inNumbers(found), runs: [] };
      }
      const actor = actorOf(request);
      const { runs, ...found } = await eraseMember(ports, { email, actor });
      return { erased: true, ...inNumbers(found), runs: runs.map(({ id }) => id) };
    },
  });
}

function inNumbers({
  members,
  recordIds,
  copies,
  mentions,
  configurations,
}: Pick<Erased, 'members' | 'recordIds' | 'copies' | 'mentions' | 'configurations'>) {
  return {
    members: members.length,
    records: recordIds.length,
    copies: copies.length,
    mentions: mentions.length,
    configurations: configurations.map((each) => ({ ...each, places: [...each.places] })),
  };
}

function addCsvRoute(app: ApiServer, ports: Ports): void {
  const response = {
    200: {
      description: 'RFC 4180; a cell that a spreadsheet would run begins with an apostrophe.',
      content: { 'text/csv': { schema: z.string() } },
    },
  };
  async function fileOf(
    filter: MemberListFilter,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const { views, customFields } = await exportMembers(ports, filter, actorOf(request));
    void reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', 'attachment; filename="members.csv"');
    return Readable.from(membersCsv(views, customFields)) as unknown as string;
  }

  app.route({
    method: 'GET',
    url: `${apiPrefix}/members.csv`,
    schema: {
      operationId: 'exportMembers',
      summary: 'All members as a CSV file, by source id',
      querystring: z.strictObject(memberFilters),
      response,
    },
    handler: (request, reply) => fileOf(filterOf(request.query), request, reply),
  });

  app.route({
    method: 'POST',
    url: `${apiPrefix}/members.csv`,
    schema: {
      operationId: 'exportFoundMembers',
      summary: 'The members that a search finds as a CSV file, by source id',
      body: z.strictObject(searchFilters),
      response,
    },
    handler: (request, reply) => fileOf(filterOf(request.body), request, reply),
  });
}
