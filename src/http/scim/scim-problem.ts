import type { Readable } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  Cancelled,
  Conflict,
  InvalidInput,
  messageOf,
  NotFound,
  Unavailable,
} from '../../core/errors.ts';
import { ScimError, scimErrorJson } from '../../core/scim/scim-error.ts';

const scimType = 'application/scim+json; charset=utf-8';
const retryAfterSeconds = 5;

/** Answers with JSON as SCIM has it. */
export function send(reply: FastifyReply, body: object): FastifyReply {
  return sendText(reply, JSON.stringify(body));
}

/** Answers with a text that is JSON already. */
export function sendText(reply: FastifyReply, text: string | Readable): FastifyReply {
  return reply.type(scimType).send(text);
}

/** Describes an error as SCIM does. An error of ours is answered without its message. */
export function scimErrorOf(error: unknown): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof InvalidInput) return new ScimError(400, 'invalidValue', error.message);
  if (error instanceof NotFound) return new ScimError(404, null, error.message);
  if (error instanceof Conflict) return new ScimError(409, null, error.message);
  if (error instanceof Unavailable || error instanceof Cancelled) {
    return new ScimError(503, null, 'The service can do nothing at the moment. Try again.');
  }
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (status === undefined || status >= 500) {
    return new ScimError(500, null, 'Something went wrong; the log says more.');
  }
  const isSyntax = status === 400;
  return new ScimError(status, isSyntax ? 'invalidSyntax' : null, messageOf(error));
}

/** Answers with an error in SCIM's own form (RFC 7644, section 3.12). */
export async function sendScimError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const told = scimErrorOf(error);
  if (told.status === 500) {
    request.log.error({ err: error }, 'A request failed.');
  }
  if (told.status === 503) void reply.header('retry-after', retryAfterSeconds);
  return send(reply.code(told.status), scimErrorJson(told));
}
