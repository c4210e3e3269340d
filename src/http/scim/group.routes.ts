import type { FastifyInstance, FastifyReply } from 'fastify';
import { readListQuery } from '../../core/scim/list-query.ts';
import { etagOf } from '../../core/scim/present.ts';
import {
  type AnsweredGroup,
  createGroup,
  deleteGroup,
  getGroup,
  patchGroup,
  replaceGroup,
} from '../../sync/scim/groups.ts';
import { search } from '../../sync/scim/search.ts';
import { type ContextOf, send } from './scim-answer.ts';
import { changeOf, idOf, isKnown, projectionOf } from './user.routes.ts';

export function addGroupRoutes(routes: FastifyInstance, contextOf: ContextOf): void {
  routes.get('/Groups', async (request, reply) =>
    send(reply, await search(contextOf(request), 'Group', readListQuery('Group', request.query))),
  );
  routes.post('/Groups/.search', async (request, reply) =>
    send(reply, await search(contextOf(request), 'Group', readListQuery('Group', request.body))),
  );
  routes.post('/Groups', async (request, reply) => {
    const context = contextOf(request);
    const answered = await createGroup(context, request.body, projectionOf(request));
    void reply.header('location', `${context.baseUrl}/Groups/${answered.group.id}`);
    return sendGroup(reply.code(201), answered);
  });
  routes.get('/Groups/:id', async (request, reply) => {
    const answered = await getGroup(contextOf(request), {
      id: idOf(request),
      projection: projectionOf(request),
    });
    return isKnown(request, answered.group)
      ? reply.code(304).header('etag', etagOf(answered.group)).send()
      : sendGroup(reply, answered);
  });
  routes.put('/Groups/:id', async (request, reply) =>
    sendGroup(reply, await replaceGroup(contextOf(request), changeOf(request))),
  );
  routes.patch('/Groups/:id', async (request, reply) => {
    const asked = changeOf(request);
    const { attributes } = request.query as { readonly attributes?: unknown };
    // RFC 7644, section 3.5.2: without requested attributes the answer is empty, since a group may
    // have many members.
    const projection = attributes === undefined ? withoutMembers : asked.projection;
    const answered = await patchGroup(contextOf(request), { ...asked, projection });
    if (attributes !== undefined) return sendGroup(reply, answered);
    return reply.code(204).header('etag', etagOf(answered.group)).send();
  });
  routes.delete('/Groups/:id', async (request, reply) => {
    await deleteGroup(contextOf(request), changeOf(request));
    return reply.code(204).send();
  });
}

const withoutMembers = { only: null, without: ['members'] };

function sendGroup(reply: FastifyReply, { group, body }: AnsweredGroup): FastifyReply {
  return send(reply.header('etag', etagOf(group)), body);
}
