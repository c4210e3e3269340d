import { z } from 'zod';
import { NotFound } from '../../core/errors.ts';
import type { ScimGroup } from '../../core/scim/model.ts';
import { findStoreById } from '../../manage/find.ts';
import type { Ports } from '../../ports/index.ts';
import { time } from '../../presenters/times.ts';
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

const groupSchema = z
  .object({ id: z.string(), name: z.string(), members: z.int(), createdAt: time, updatedAt: time })
  .meta({ id: 'Group', description: 'A group as the directory pushed it over SCIM.' });

/** Groups that directories push. Only their directory changes them. */
export function addGroupRoutes(app: ApiServer, ports: Ports): void {
  app.route({
    method: 'GET',
    url,
    schema: {
      operationId: 'listGroups',
      summary: 'List the groups that were pushed into a store; none of a store that is asked',
      params: storeParams,
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(groupSchema) },
    },
    async handler({ params, query: { limit, cursor } }) {
      const { id: storeId } = await findStoreById(ports, params.storeId);
      const after = readCursor('groups', cursor);
      const { resources } = await ports.scim.groups.search({
        storeId,
        filter: after === undefined ? null : { op: 'gt', attrPath: 'id', compValue: after },
        sort: null,
        skip: 0,
        limit: limit + 1,
      });
      const groups: ScimGroup[] = [];
      for await (const group of resources) groups.push(group);
      const counts = await ports.scim.groups.memberCounts(
        storeId,
        groups.map(({ id }) => id),
      );
      return pageOf('groups', groups, {
        limit,
        item: (group) => groupJson(group, counts.get(group.id) ?? 0),
        keyOf: ({ id }) => id,
      });
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:groupId/members`,
    schema: {
      operationId: 'listGroupMembers',
      summary: 'List the members of a group, by source id',
      params: storeParams.extend({ groupId: idText }),
      querystring: z.strictObject(pageQuery),
      response: { 200: listOf(z.object({ externalId: z.string() })) },
    },
    async handler({ params: { storeId, groupId }, query: { limit, cursor } }) {
      const { groups } = ports.scim;
      const [group] = await groups.byIds((await findStoreById(ports, storeId)).id, [groupId]);
      if (group === undefined) {
        throw new NotFound(`The store has no group ${JSON.stringify(groupId)}.`);
      }
      const after = readCursor('group-members', cursor) ?? null;
      const read = await groups.members(group.id, after, limit + 1);
      return pageOf('group-members', read, {
        limit,
        item: (externalId) => ({ externalId }),
        keyOf: (externalId) => externalId,
      });
    },
  });
}

function groupJson(
  { id, resource, createdAt, updatedAt }: ScimGroup,
  members: number,
): z.output<typeof groupSchema> {
  const { displayName } = resource;
  return {
    id,
    name: typeof displayName === 'string' ? displayName : '',
    members,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
