import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readListQuery } from '../../core/scim/list-query.ts';
import {
  etagOf,
  type Projection,
  readProjection,
  withoutMembers,
} from '../../core/scim/present.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import {
  type Answered,
  ifMatchOf,
  matchesEtag,
  type ScimContext,
} from '../../sync/scim/context.ts';
import { groupOperations } from '../../sync/scim/groups.ts';
import { search } from '../../sync/scim/search.ts';
import { userOperations } from '../../sync/scim/users.ts';
import { send } from './scim-problem.ts';
import { sendList } from './send-list.ts';

/** The parts that a request of one store uses. */
export type ContextOf = (request: FastifyRequest) => ScimContext;

/** The routes of the resources of one type. */
export function addResourceRoutes(
  routes: FastifyInstance,
  contextOf: ContextOf,
  type: ResourceType,
): void {
  const operations = type === 'User' ? userOperations : groupOperations;
  const path = `/${type}s`;
  routes.get(path, async (request, reply) =>
    sendList(reply, await search(contextOf(request), type, readListQuery(type, request.query))),
  );
  routes.post(`${path}/.search`, async (request, reply) =>
    sendList(reply, await search(contextOf(request), type, readListQuery(type, request.body))),
  );
  routes.post(path, async (request, reply) => {
    const context = contextOf(request);
    const answered = await operations.create(context, request.body, projectionOf(type, request));
    void reply.header('location', `${context.baseUrl}${path}/${answered.resource.id}`);
    return sendResource(reply.code(201), answered);
  });
  routes.get(`${path}/:id`, async (request, reply) => {
    const answered = await operations.get(contextOf(request), changeOf(type, request));
    return isKnown(request, answered)
      ? reply.code(304).header('etag', etagOf(answered.resource)).send()
      : sendResource(reply, answered);
  });
  routes.put(`${path}/:id`, async (request, reply) =>
    sendResource(reply, await operations.replace(contextOf(request), changeOf(type, request))),
  );
  routes.patch(`${path}/:id`, async (request, reply) => {
    const asked = changeOf(type, request);
    const { attributes } = request.query as { readonly attributes?: unknown };
    // RFC 7644, section 3.5.2: nothing is answered unless attributes are asked for, many as the members may be.
    const isSilent = type === 'Group' && attributes === undefined;
    const projection = isSilent ? withoutMembers : asked.projection;
    const answered = await operations.patch(contextOf(request), { ...asked, projection });
    if (!isSilent) return sendResource(reply, answered);
    return reply.code(204).header('etag', etagOf(answered.resource)).send();
  });
  routes.delete(`${path}/:id`, async (request, reply) => {
    await operations.remove(contextOf(request), changeOf(type, request));
    return reply.code(204).send();
  });
}

function sendResource(reply: FastifyReply, { resource, body }: Answered): FastifyReply {
  return send(reply.header('etag', etagOf(resource)), body);
}

function projectionOf(type: ResourceType, request: FastifyRequest): Projection {
  const { attributes, excludedAttributes } = request.query as Record<string, unknown>;
  return readProjection(type, attributes, excludedAttributes);
}

/** What a request about one resource says. */
function changeOf(type: ResourceType, request: FastifyRequest) {
  return {
    id: (request.params as { readonly id: string }).id,
    ifMatch: ifMatchOf(request.headers['if-match']),
    projection: projectionOf(type, request),
    body: request.body,
  };
}

/** Whether the client has this version already (`If-None-Match`). */
function isKnown(request: FastifyRequest, { resource }: Answered): boolean {
  const header = request.headers['if-none-match'];
  return header !== undefined && matchesEtag(header, resource);
}
