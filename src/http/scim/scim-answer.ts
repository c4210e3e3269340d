import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ScimContext } from '../../sync/scim/context.ts';
import { scimType } from './scim-problem.ts';

/** The parts that a request of one store uses. */
export type ContextOf = (request: FastifyRequest) => ScimContext;

export function send(reply: FastifyReply, body: object): FastifyReply {
  return reply.type(scimType).send(JSON.stringify(body));
}
