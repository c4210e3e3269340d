import type { FastifyInstance, FastifyRequest, preHandlerHookHandler } from 'fastify';
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

const auditedRefusals = 30;

/** Whether a refusal is audited: the first ones of each token in a minute, so that no token can fill the audit. */
export function limitRefusals(app: FastifyInstance): (request: FastifyRequest) => Promise<boolean> {
  const count = app.createRateLimit({
    max: auditedRefusals,
    timeWindow: minuteMs,
    keyGenerator: ({ signedIn, ip }) => `refusals:${signedIn?.id ?? ip}`,
  });
  return async (request) => {
    const refusals = await count(request);
    return refusals.isAllowed || !refusals.isExceeded;
  };
}

interface Limit {
  readonly max: number;
  readonly what: string;
}

/** Each asks the directory: the limit is low, so that a run of the same organization is not delayed. */
const question: Limit = { max: 30, what: 'questions to directories' };
/** Each reads much: a whole directory, or all records. */
const explanation: Limit = { max: 30, what: 'questions about members' };
/** Each reads many records, or checks a configuration down to its expressions. */
const computation: Limit = { max: 120, what: 'computations' };

/** Each sends a message to people. */
const trial: Limit = { max: 10, what: 'trial alerts' };
/** Each asks the resolvers. */
const lookUp: Limit = { max: 30, what: 'look-ups of domains' };

const members = '/api/v1/members';
const store = '/api/v1/stores/:storeId';

/** The routes that compute or ask for more than one record, and how often a token may use them in a minute. */
export const limitTable: Readonly<Record<string, Limit>> = {
  'POST /api/v1/connection-tests': question,
  [`POST ${store}/connection-test`]: question,
  [`GET ${store}/attributes`]: question,
  [`GET ${store}/sample`]: question,
  [`POST ${store}/sample`]: question,
  [`POST ${store}/groups/search`]: question,
  [`POST ${store}/mapping-preview`]: question,
  [`POST ${store}/criteria-count`]: question,
  [`POST ${store}/criteria-count/events`]: question,

  [`POST ${members}/why`]: explanation,
  [`POST ${members}/erase`]: explanation,
  [`POST ${members}/why/stores`]: explanation,
  [`GET ${members}.csv`]: explanation,
  'GET /api/v1/audit.csv': explanation,
  [`POST ${members}.csv`]: explanation,

  'POST /api/v1/alerts/test': trial,
  'POST /api/v1/domains': lookUp,
  'POST /api/v1/domains/:domain/verify': lookUp,

  [`POST ${members}/marks`]: computation,
  [`GET ${members}/:memberId/history`]: computation,
  [`PATCH ${store}/configuration`]: computation,
  [`POST ${store}/configuration/preview`]: computation,
  [`GET ${store}/configuration/revisions`]: computation,
  [`GET ${store}/configuration/revisions/:revision`]: computation,
  [`GET ${store}/next-runs`]: computation,
  [`POST ${store}/schedule-preview`]: computation,
};

/** What a token may do how often in a minute, for people. */
export const limitsInWords: readonly Limit[] = [question, explanation, computation, lookUp, trial];

/** Limits every route of the table that is added from now on. */
export function limitRoutes(app: FastifyInstance): void {
  const counters = new Map(
    [...new Set(Object.values(limitTable))].map((limit) => [limit, limitToken(app, limit)]),
  );
  app.addHook('onRoute', (route) => {
    const limit = [route.method].flat().map((method) => limitTable[`${method} ${route.url}`])[0];
    const count = limit && counters.get(limit);
    if (count === undefined) return;
    const others: readonly preHandlerHookHandler[] = [route.preHandler ?? []].flat();
    route.preHandler = [count, ...others];
  });
}

/** Counts a token's requests; so many a minute are allowed. */
export function limitToken(app: FastifyInstance, { max, what }: Limit): Check {
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
