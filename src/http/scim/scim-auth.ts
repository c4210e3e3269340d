import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ScimError } from '../../core/scim/scim-error.ts';
import type { ScimTokenStore } from '../../ports/scim.ts';
import { sendScimError } from './scim-problem.ts';

/** Accepts a request, or answers it. */
export type ScimGuard = (
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply | undefined>;

const bearer = /^Bearer +(?<secret>[A-Za-z0-9._~+/-]+=*)$/i;
const failuresPerMinute = 30;

/**
 * Accepts requests with the SCIM token of the store in the address. All faults of a token get the same message. Only
 * failures are limited: 256 random bits can't be guessed, and a directory may push from many addresses.
 */
export function createScimGuard(
  app: FastifyInstance,
  tokens: Pick<ScimTokenStore, 'storeOf'>,
): ScimGuard {
  const countFailure = app.createRateLimit({ max: failuresPerMinute, timeWindow: 60_000 });
  return async (request, reply) => {
    const refuse = (status: number, why: string) =>
      sendScimError(new ScimError(status, null, why), request, reply);
    const { storeId } = request.params as { readonly storeId?: string };
    const secret = bearer.exec(request.headers.authorization ?? '')?.groups?.['secret'];
    try {
      const store = secret === undefined ? null : await tokens.storeOf(secret);
      if (store !== null && store === storeId) return undefined;
    } catch (error) {
      return sendScimError(error, request, reply);
    }
    const failures = await countFailure(request);
    if (!failures.isAllowed && failures.isExceeded) {
      void reply.header('retry-after', failures.ttlInSeconds);
      return refuse(429, 'Too many wrong tokens came from this address.');
    }
    request.log.warn({ from: request.ip }, 'A push without the right SCIM token was refused.');
    void reply.header('www-authenticate', 'Bearer realm="SCIM"');
    return refuse(401, 'The SCIM token of this store is needed as a bearer token.');
  };
}
