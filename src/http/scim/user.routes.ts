import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readListQuery } from '../../core/scim/list-query.ts';
import { etagOf, type Projection, readProjection } from '../../core/scim/present.ts';
import { matchesEtag } from '../../sync/scim/context.ts';
import { search } from '../../sync/scim/search.ts';
import {
  type AnsweredUser,
  createUser,
  deleteUser,
  getUser,
  patchUser,
  replaceUser,
} from '../../sync/scim/users.ts';
import { type ContextOf, send } from './scim-answer.ts';

export function addUserRoutes(routes: FastifyInstance, contextOf: ContextOf): void {
  routes.get('/Users', async (request, reply) =>
    send(reply, await search(contextOf(request), 'User', readListQuery('User', request.query))),
  );
  routes.post('/Users/.search', async (request, reply) =>
    send(reply, await search(contextOf(request), 'User', readListQuery('User', request.body))),
  );
  routes.post('/Users', async (request, reply) => {
    const context = contextOf(request);
    const answered = await createUser(context, request.body, projectionOf(request));
    void reply.header('location', `${context.baseUrl}/Users/${answered.user.id}`);
    return sendUser(reply.code(201), answered);
  });
  routes.get('/Users/:id', async (request, reply) => {
    const answered = await getUser(contextOf(request), {
      id: idOf(request),
      projection: projectionOf(request),
    });
    return isKnown(request, answered.user)
      ? reply.code(304).header('etag', etagOf(answered.user)).send()
      : sendUser(reply, answered);
  });
  routes.put('/Users/:id', async (request, reply) =>
    sendUser(reply, await replaceUser(contextOf(request), changeOf(request))),
  );
  routes.patch('/Users/:id', async (request, reply) =>
    sendUser(reply, await patchUser(contextOf(request), changeOf(request))),
  );
  routes.delete('/Users/:id', async (request, reply) => {
    await deleteUser(contextOf(request), changeOf(request));
    return reply.code(204).send();
  });
}

function sendUser(reply: FastifyReply, { user, body }: AnsweredUser): FastifyReply {
  return send(reply.header('etag', etagOf(user)), body);
}

export function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}

export function projectionOf(request: FastifyRequest): Projection {
  const { attributes, excludedAttributes } = request.query as Record<string, unknown>;
  return readProjection(attributes, excludedAttributes);
}

/** The id, body and options of a request to change a resource. */
export function changeOf(request: FastifyRequest) {
  return {
    id: idOf(request),
    ifMatch: request.headers['if-match'] ?? null,
    projection: projectionOf(request),
    body: request.body,
  };
}

/** Whether the client has this version already (`If-None-Match`). */
export function isKnown(request: FastifyRequest, resource: { readonly version: number }): boolean {
  const header = request.headers['if-none-match'];
  return header !== undefined && matchesEtag(header, resource);
}
