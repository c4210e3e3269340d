import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessToken } from '../../core/model/token.ts';
import { hasExpired } from '../../core/token-expiry.ts';
import { actorOfToken } from '../../manage/access/sessions.ts';
import { type AuditPorts, audited } from '../../manage/audit/audited.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenStore } from '../../ports/tokens.ts';
import { home, sendPage, signInPage, signInPath } from '../ops/sign-in.page.ts';
import { Forbidden, sendProblem, Unauthenticated } from '../problem.ts';
import type { ScimGuard } from '../scim/scim-auth.ts';
import { accessOf, mayUse } from './access.ts';
import { refuseExpired } from './expired.ts';
import { type EndedSessions, sessionOf } from './session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The token that signed in; null without one. */
    signedIn: AccessToken | null;
  }
}

export interface AuthenticateOptions extends AuditPorts {
  readonly tokens: Pick<TokenStore, 'get' | 'bySecret'>;
  readonly endedSessions: Pick<EndedSessions, 'has'>;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Guards the routes that directories push to. */
  readonly guardScim: ScimGuard;
  /** Counts wrong tokens by client address; `TooManyRequests` when there are too many. */
  readonly countFailure: (request: FastifyRequest) => Promise<void>;
  /** Counts refusals by token: whether this one is audited. */
  readonly countRefusal: (request: FastifyRequest) => Promise<boolean>;
}

/**
 * Guards every route by the table of `access.ts`, before anything else of it runs. Must be called
 * before the routes are added: a route that is missing from the table is refused when it is added.
 */
export function guardRoutes(app: FastifyInstance, options: AuthenticateOptions): void {
  app.decorateRequest('signedIn', null);
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) accessOf(one, url);
  });
  app.addHook('onRequest', async (request, reply) => {
    try {
      return await guard(request, reply, options);
    } catch (error) {
      if (error instanceof Forbidden && isBrowser(request)) {
        return sendPage(reply.code(403), signInPage(home, error.message));
      }
      // Answered here, since a plugin may have its own error format.
      return sendProblem(error, request, reply);
    }
  });
}

async function guard(
  request: FastifyRequest,
  reply: FastifyReply,
  options: AuthenticateOptions,
): Promise<FastifyReply | undefined> {
  const pattern = request.routeOptions.url;
  if (pattern === undefined) return undefined;
  const access = accessOf(request.method, pattern);
  if (access === 'scim') return options.guardScim(request, reply);
  const origin = otherOrigin(request, options.publicUrl);
  if (origin !== null) return refuseOrigin(request, origin, options);
  // Open routes must work with the database and Redis away, with or without a cookie.
  if (access === 'public' && pattern !== signInPath) return undefined;
  request.signedIn = await readSignedIn(request, options);
  if (access === 'public') return undefined;
  if (request.signedIn === null) return askToSignIn(request, reply);
  if (!mayUse(request.signedIn.role, access)) {
    await refuse(request, request.signedIn, { ...options, error: refusal(access), origin: null });
  }
  return undefined;
}

/** Throws the refusal, which is logged, and audited unless the token had too many. */
async function refuse(
  request: FastifyRequest,
  token: AccessToken,
  {
    audit,
    countRefusal,
    error,
    origin,
  }: AuthenticateOptions & { readonly error: Forbidden; readonly origin: string | null },
): Promise<never> {
  const route = `${request.method} ${request.routeOptions.url}`;
  request.log.warn({ tokenId: token.id, name: token.name, route }, 'A request was not allowed.');
  if (!(await countRefusal(request))) throw error;
  const actor = actorOfToken(token, request.ip);
  const asked = { request: route, ...(origin !== null && { origin }) };
  const changes = Object.entries(asked).map(([path, to]) => ({ path, from: null, to }));
  return audited({ audit }, { actor, action: 'access-refused', changes }, () =>
    Promise.reject(error),
  );
}

/** Refuses a request from another site; audited when it comes with a token or a session. */
async function refuseOrigin(
  request: FastifyRequest,
  origin: string,
  options: AuthenticateOptions,
): Promise<never> {
  const shown = origin.slice(0, mostOfOrigin);
  const error = new Forbidden(`A request from another site (${shown}) is not carried out.`);
  request.signedIn = await readSignedIn(request, options);
  if (request.signedIn === null) throw error;
  return refuse(request, request.signedIn, { ...options, error, origin: shown });
}

const mostOfOrigin = 200;

/**
 * The token is looked up at each request, so revoking it ends the session; so does signing out. A request with a
 * token of its own is authenticated by that alone: a cookie doesn't replace a wrong token.
 */
async function readSignedIn(
  request: FastifyRequest,
  { tokens, endedSessions, clock, countFailure }: AuthenticateOptions,
): Promise<AccessToken | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const secret = /^Bearer +(?<secret>[\x21-\x7e]{1,500})$/i.exec(authorization)?.groups?.[
      'secret'
    ];
    const token = secret === undefined ? null : await tokens.bySecret(secret);
    if (token !== null) {
      refuseExpired(token, clock.now());
      return token;
    }
    await countFailure(request);
    throw new Unauthenticated('This is not an access token of Rollcall, or it was revoked.');
  }
  const session = sessionOf(request, clock.now());
  if (session === null || (await endedSessions.has(session.id))) return null;
  const token = await tokens.get(session.tokenId);
  if (token === null || !hasExpired(token, clock.now())) return token;
  // A page asks to sign in again.
  if (!isBrowser(request)) refuseExpired(token, clock.now());
  return null;
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

/** A browser that shows a page is redirected to sign in and back; all other clients get an error. */
async function askToSignIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.method !== 'GET' || !isBrowser(request)) {
    throw new Unauthenticated('The request is not signed in, or its session is over.');
  }
  return reply.redirect(`${signInPath}?next=${encodeURIComponent(request.url)}`);
}

function refusal(access: string): Forbidden {
  return new Forbidden(
    access === 'none'
      ? 'This is switched off for all roles.'
      : `This takes a token of the role ${access}.`,
  );
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The cookie is `SameSite=Strict`; this is the second check. Browsers name the origin on every
 * request that changes something; scripts don't, and have no cookie that they weren't given.
 */
function otherOrigin(request: FastifyRequest, publicUrl: string): string | null {
  const { origin } = request.headers;
  if (safeMethods.has(request.method) || origin === undefined) return null;
  const isOurs =
    origin === new URL(publicUrl).origin ||
    (URL.canParse(origin) && new URL(origin).host === request.host);
  return isOurs ? null : origin;
}
