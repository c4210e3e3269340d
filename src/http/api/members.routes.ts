import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { emailKeyOf } from '../../core/email.ts';
import { type Member, memberStatuses } from '../../core/model/member.ts';
import { findMemberById, storeNames } from '../../manage/find.ts';
import {
  addMember,
  releaseMember,
  setMemberStatus,
  takeBackEdit,
} from '../../manage/members/edit-member.ts';
import { viewMember, viewMembers } from '../../manage/members/view-members.ts';
import type { Ports } from '../../ports/index.ts';
import { memberJson, memberSchema } from '../../presenters/member.ts';
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

/** The filters of lists of members. */
export const memberFilters = {
  store: idText.optional(),
  status: z.enum(memberStatuses).optional(),
};

/** Members, and edits by hand. */
export function addMemberRoutes(app: ApiServer, ports: Ports): void {
  addReadRoutes(app, ports);
  addEditRoutes(app, ports);
}

async function answerOne(ports: Ports, member: Member) {
  return memberJson(await viewMember(ports, member));
}

function addReadRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listMembers',
      summary: 'List members: by address if searched, else by source id in one store, else by id',
      querystring: z.strictObject({
        ...pageQuery,
        ...memberFilters,
        email: z
          .string()
          .min(1)
          .max(320)
          .optional()
          .meta({ description: 'Only those whose address begins like this.' }),
        name: z
          .string()
          .min(1)
          .max(256)
          .optional()
          .meta({ description: 'Only those whose first, last or display name begins like this.' }),
      }),
      response: { 200: listOf(memberSchema) },
    },
    async handler({ query: { limit, cursor, store, status, email, name } }) {
      const by = email === undefined ? (store === undefined ? 'id' : 'source id') : 'address';
      const list = `members by ${by}`;
      const after = readCursor(list, cursor);
      const emailPrefix = email === undefined ? undefined : emailKeyOf(email);
      const wanted = { storeId: store, status, emailPrefix, namePrefix: name, after };
      const { members, next } = await ports.members.page(defined({ limit, ...wanted }));
      const items: z.output<typeof memberSchema>[] = [];
      for await (const view of viewMembers(ports.members, await storeNames(ports), members)) {
        items.push(memberJson(view));
      }
      return { items, next: next === null ? null : writeCursor(list, next) };
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:memberId`,
    schema: {
      operationId: 'getMember',
      summary: 'See a member',
      params: memberParams,
      response: { 200: memberSchema },
    },
    handler: async ({ params }) => answerOne(ports, await findMemberById(ports, params.memberId)),
  });
}

function addEditRoutes(app: ApiServer, ports: Ports): void {
  const name = z.string().trim().min(1).max(256);
  app.route({
    method: 'POST',
    url,
    schema: {
      operationId: 'addMember',
      summary: 'Add a member by hand; a directory that has the same address adopts it later',
      body: z.strictObject({ email: z.string().max(320), firstName: name, lastName: name }),
      response: { 201: memberSchema },
    },
    async handler(request, reply) {
      const member = await addMember(ports, { ...request.body, actor: actorOf(request) });
      return reply
        .code(201)
        .header('location', `${url}/${encodeURIComponent(member.id)}`)
        .send(await answerOne(ports, member));
    },
  });

  for (const [verb, status] of [
    ['activate', 'active'],
    ['deactivate', 'inactive'],
  ] as const) {
    app.route({
      method: 'POST',
      url: `${url}/:memberId/${verb}`,
      schema: {
        operationId: `${verb}Member`,
        summary: `Make a member ${status} by hand; this outranks what the sync would do`,
        params: memberParams,
        response: { 200: memberSchema },
      },
      async handler(request) {
        const member = await findMemberById(ports, request.params.memberId);
        const said = await setMemberStatus(ports, { member, status, actor: actorOf(request) });
        return answerOne(ports, said);
      },
    });
  }

  app.route({
    method: 'POST',
    url: `${url}/:memberId/release`,
    schema: {
      operationId: 'releaseMember',
      summary: 'Let the sync decide on the status of a member again; what it last wanted stands',
      params: memberParams,
      response: { 200: memberSchema },
    },
    async handler(request) {
      const member = await findMemberById(ports, request.params.memberId);
      return answerOne(ports, await releaseMember(ports, { member, actor: actorOf(request) }));
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/:memberId/take-back`,
    schema: {
      operationId: 'takeBackEdit',
      summary: 'Take back an edit of the status by hand, unless the member has changed since',
      params: memberParams,
      body: z.strictObject({
        revision: z.int().min(1).meta({ description: 'Of the answer to that edit.' }),
      }),
      response: { 200: memberSchema },
    },
    async handler(request) {
      const member = await findMemberById(ports, request.params.memberId);
      const { revision } = request.body;
      const edit = { member, revision, actor: actorOf(request) };
      return answerOne(ports, await takeBackEdit(ports, edit));
    },
  });
}
