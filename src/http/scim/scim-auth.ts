import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ScimError } from '../../core/scim/scim-error.ts';
import { hasExpired } from '../../core/token-expiry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ScimTokenStore } from '../../ports/scim.ts';
import { sendScimError } from './scim-problem.ts';

/** Accepts a request, or answers it. */
export type ScimGuard = (
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply | undefined>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The SCIM token of the store that the request came with; null without one. */
    scimTokenId: string | null;
  }
}

export interface ScimGuardOptions {
  readonly scimTokens: Pick<ScimTokenStore, 'bySecret'>;
  readonly clock: Clock;
}

const bearer = /^Bearer +(?<secret>[A-Za-z0-9._~+/-]+=*)$/i;
const failuresPerMinute = 30;

/**
 * Accepts requests with the SCIM token of the store in the address. All faults of a token get the same message. Only
 * failures are limited: 256 random bits can't be guessed, and a directory may push from many addresses.
 */
export function createScimGuard(
  app: FastifyInstance,
  { scimTokens, clock }: ScimGuardOptions,
): ScimGuard {
  app.decorateRequest('scimTokenId', null);
  const countFailure = app.createRateLimit({ max: failuresPerMinute, timeWindow: 60_000 });
  return async (request, reply) => {
    const refuse = (status: number, why: string) =>
      sendScimError(new ScimError(status, null, why), request, reply);
    const { storeId } = request.params as { readonly storeId?: string };
    const secret = bearer.exec(request.headers.authorization ?? '')?.groups?.['secret'];
    try {
      const token = secret === undefined ? null : await scimTokens.bySecret(secret);
      if (token !== null && token.storeId === storeId) {
        request.scimTokenId = token.id;
        if (!hasExpired(token, clock.now())) return undefined;
        // It is the right one: no guess that must be counted.
        void reply.header('www-authenticate', 'Bearer realm="SCIM", error="invalid_token"');
        const expired = `The SCIM token of this store expired at ${token.expiresAt?.toISOString()}.`;
        return refuse(
          401,
          `${expired} Its administrator makes a new one by reauthorizing the store.`,
        );
      }
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
