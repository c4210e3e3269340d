import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { Queue } from 'bullmq';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { NotFound } from '../core/errors.ts';
import type { AuditStore } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import type { Ports } from '../ports/index.ts';
import type { PersonStore, SessionStore } from '../ports/people.ts';
import type { ScimStore, ScimTokenStore } from '../ports/scim.ts';
import type { TokenStore } from '../ports/tokens.ts';
import type { PushService } from '../sync/push/push-service.ts';
import { registerApi } from './api/register-api.ts';
import type { ServiceVersions } from './api/system.routes.ts';
import { guardRoutes } from './auth/authenticate.ts';
import { limitFailures, limitRefusals } from './auth/limits.ts';
import { closeUnusedConnections } from './close-unused.ts';
import { openConsole } from './console.routes.ts';
import { jsonBodyParser } from './json-body.ts';
import { addHealthRoutes, type HealthOptions } from './ops/health.routes.ts';
import { addQueueBoard } from './ops/queue-board.ts';
import { addSignOutRoutes } from './ops/sign-out.routes.ts';
import { sendProblem } from './problem.ts';
import { addScimRoutes } from './scim/scim.routes.ts';
import { createScimGuard } from './scim/scim-auth.ts';
import { tidyScimUrl } from './scim/tidy-url.ts';

export interface ServerOptions extends HealthOptions {
  readonly log: FastifyBaseLogger;
  readonly tokens: Pick<TokenStore, 'get' | 'bySecret'>;
  readonly scimTokens: Pick<ScimTokenStore, 'bySecret'>;
  readonly scim: ScimStore;
  readonly pusher: PushService;
  readonly people: PersonStore;
  readonly sessions: SessionStore;
  /** Where people sign in as themselves; null without one. */
  readonly provider: IdentityProvider | null;
  readonly audit: Pick<AuditStore, 'begin' | 'finish'>;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** How long held changes wait for a decision. */
  readonly heldExpiryMs: number;
  /** Addresses and networks whose X-Forwarded headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Signs the cookie of a sign-in that is under way. */
  readonly cookieKey: Buffer;
  /** The queues that the dashboard shows; null: health and metrics alone, for a worker. */
  readonly queues: readonly Queue[] | null;
  /** After how long without a sync a store is reported. */
  readonly staleMs: number;
  readonly serviceVersions: ServiceVersions;
  /** The parts of the API; null without an API. */
  readonly ports: Ports | null;
}

/** How long a request may take to arrive. */
const requestTimeoutMs = 30_000;

/** The HTTP server with all its routes, not listening yet. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 64 * 1024,
    requestTimeout: requestTimeoutMs,
    rewriteUrl: ({ url = '/' }) => tidyScimUrl(url),
    trustProxy: [...options.trustedProxies],
    // An address that can't be routed skips every hook.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(error, request, reply.header('x-request-id', request.id));
    },
    forceCloseConnections: 'idle',
  });
  closeUnusedConnections(app);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonBodyParser(app));
  app.setErrorHandler(sendProblem);
  const pages = options.ports === null ? null : await openConsole();
  app.setNotFoundHandler((request, reply) =>
    pages?.isFor(request) === true
      ? pages.send(reply)
      : sendProblem(new NotFound(`There is nothing at ${pathOf(request.url)}.`), request, reply),
  );
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  await app.register(helmet, {
    contentSecurityPolicy: { directives: contentSources(options.publicUrl) },
    // With no-referrer, browsers would send the origin of our own forms as null.
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(cookie, { secret: options.cookieKey });
  await app.register(rateLimit, { global: false });
  const countFailure = limitFailures(app);
  const guardScim = createScimGuard(app, options);
  const countRefusal = limitRefusals(app);
  guardRoutes(app, { ...options, countFailure, countRefusal, guardScim });
  app.addHook('onResponse', async (request, reply) => {
    logAnswer(request, reply);
    options.metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
  });
  addHealthRoutes(app, options);
  if (options.queues !== null) {
    addSignOutRoutes(app, options);
    await addScimRoutes(app, options);
    await addQueueBoard(app, options.queues, options);
  }
  if (options.ports !== null) {
    await pages?.addRoutes(app);
    await registerApi(app, { ...options, ports: options.ports, countFailure });
  }
  await app.ready();
  return app;
}

/** One line for each request, with ids alone; the files of the dashboard are not worth one by default. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { method, routeOptions, signedIn, scimTokenId, log } = request;
  const answered = {
    method,
    route: routeOptions.url,
    ...idsIn(request.params),
    ...(scimTokenId !== null && { tokenId: scimTokenId }),
    ...(signedIn?.kind === 'token' && { tokenId: signedIn.id }),
    ...(signedIn?.kind === 'user' && { userId: signedIn.id }),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
  };
  if (/\/(static|assets)\//.test(routeOptions.url ?? '')) log.debug(answered, 'Answered.');
  else log.info(answered, 'Answered.');
}

/** The store and the run in an address, unless it is something else that was written there. */
function idsIn(params: unknown): Readonly<Record<string, unknown>> {
  const { storeId, runId } = params as { readonly storeId?: unknown; readonly runId?: unknown };
  const isId = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);
  return { ...(isId(storeId) && { storeId }), ...(isId(runId) && { runId }) };
}

/** Everything from here and nothing from elsewhere; the queue dashboard sets inline styles. */
function contentSources(publicUrl: string): Readonly<Record<string, readonly string[] | null>> {
  return {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    // Without TLS in front, a request to upgrade would make every asset unreachable.
    upgradeInsecureRequests: publicUrl.startsWith('https:') ? [] : null,
  };
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? url;
}
