import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TooManyRequests } from '../problem.ts';

type Check = (request: FastifyRequest) => Promise<void>;

const minuteMs = 60_000;

/**
 * Counts wrong tokens by address. Only failures count and a right token is always accepted: 256
 * random bits can't be guessed, and many people may share an address.
 */
export function limitFailures(app: FastifyInstance): Check {
  const count = app.createRateLimit({ max: 10, timeWindow: minuteMs });
  return async (request) => {
    const failures = await count(request);
    if (!failures.isAllowed && failures.isExceeded) {
      throw new TooManyRequests(
        `Too many wrong tokens came from your address. Try again in ${failures.ttlInSeconds} seconds.`,
        failures.ttlInSeconds,
      );
    }
    request.log.warn({ from: request.ip }, 'A sign-in with a wrong token was refused.');
  };
}

/** Counts a token's requests; so many a minute are allowed. */
export function limitToken(
  app: FastifyInstance,
  { max, what }: { readonly max: number; readonly what: string },
): Check {
  const count = app.createRateLimit({
    max,
    timeWindow: minuteMs,
    keyGenerator: ({ signedIn, ip }) => `${what}:${signedIn?.id ?? ip}`,
  });
  return async (request) => {
    const asked = await count(request);
    if (asked.isAllowed || !asked.isExceeded) return;
    throw new TooManyRequests(
      `This token may make ${max} ${what} a minute. Try again in ${asked.ttlInSeconds} seconds.`,
      asked.ttlInSeconds,
    );
  };
}
