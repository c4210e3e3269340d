import { z } from 'zod';
import { findStoreById, storeNames } from '../../manage/find.ts';
import {
  type GroupView,
  viewGroup,
  viewGroupMembers,
  viewGroups,
} from '../../manage/groups/view-groups.ts';
import { viewMembers } from '../../manage/members/view-members.ts';
import type { Ports } from '../../ports/index.ts';
import { groupJson, groupSchema } from '../../presenters/group.ts';
import { memberJson, memberSchema } from '../../presenters/member.ts';
import {
  type ApiServer,
  apiPrefix,
  idText,
  listOf,
  pageOf,
  pageQuery,
  readCursor,
  storeParams,
} from './shared.ts';

const url = `${apiPrefix}/stores/:storeId/groups`;
const groupParams = storeParams.extend({ groupId: idText });

/** The groups of a store. Only its directory changes them. */
export function addGroupRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listGroups',
      summary: 'List the groups of a store, by source id',
      params: storeParams,
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(groupSchema) },
    },
    async handler({ params, query: { limit, cursor } }) {
      const { id } = await findStoreById(ports, params.storeId);
      const after = readCursor('groups', cursor) ?? '';
      const page: GroupView[] = [];
      for await (const view of viewGroups(ports, id)) {
        if (view.group.externalId <= after) continue;
        page.push(view);
        if (page.length > limit) break;
      }
      return pageOf('groups', page, {
        limit,
        item: groupJson,
        keyOf: ({ group }) => group.externalId,
      });
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:groupId`,
    schema: {
      operationId: 'getGroup',
      summary: 'See a group',
      params: groupParams,
      response: { 200: groupSchema },
    },
    async handler({ params: { storeId, groupId } }) {
      return groupJson(await viewGroup(ports, await findStoreById(ports, storeId), groupId));
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:groupId/members`,
    schema: {
      operationId: 'listGroupMembers',
      summary: 'List the people in a group, by source id',
      params: groupParams,
      querystring: z.strictObject(pageQuery),
      response: {
        200: listOf(
          z.object({
            externalId: z.string(),
            member: memberSchema.nullable().meta({
              description: 'Null for a person of a pushed group who is no member.',
            }),
          }),
        ),
      },
    },
    async handler({ params: { storeId, groupId }, query: { limit, cursor } }) {
      const view = await viewGroup(ports, await findStoreById(ports, storeId), groupId);
      const list = `members of ${groupId}`;
      const after = readCursor(list, cursor) ?? null;
      const people = await viewGroupMembers(ports, view, { after, limit: limit + 1 });
      const members = people.flatMap(({ member }) => member ?? []);
      const jsonOf = new Map<string, z.output<typeof memberSchema>>();
      for await (const each of viewMembers(ports.members, await storeNames(ports), members)) {
        jsonOf.set(each.member.externalId ?? '', memberJson(each));
      }
      return pageOf(list, people, {
        limit,
        item: ({ externalId }) => ({ externalId, member: jsonOf.get(externalId) ?? null }),
        keyOf: ({ externalId }) => externalId,
      });
    },
  });
}
