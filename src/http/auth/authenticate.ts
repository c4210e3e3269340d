import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Principal, principalOfToken } from '../../core/model/person.ts';
import type { Session } from '../../core/model/session.ts';
import { hasExpired } from '../../core/token-expiry.ts';
import {
  actorOfPrincipal,
  logNameOf,
  principalOfSession,
  type SessionPorts,
} from '../../manage/access/sessions.ts';
import { type AuditPorts, audited } from '../../manage/audit/audited.ts';
import type { TokenStore } from '../../ports/tokens.ts';
import { refusalPage, sendPage, signInPath } from '../ops/pages.ts';
import { Forbidden, sendProblem, Unauthenticated } from '../problem.ts';
import type { ScimGuard } from '../scim/scim-auth.ts';
import { type Access, accessOf, mayUse } from './access.ts';
import { refuseExpired } from './expired.ts';
import { sessionOf } from './session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The token or the person that is signed in; null without one. */
    signedIn: Principal | null;
    /** The session of the request's cookie; null without one, and for a request with a token of its own. */
    session: Session | null;
    /** Whether the request would be let in again, now. */
    isStillAllowed(): Promise<boolean>;
  }
}

export interface AuthenticateOptions extends AuditPorts, Omit<SessionPorts, 'tokens'> {
  readonly tokens: Pick<TokenStore, 'get' | 'bySecret'>;
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
  app.decorateRequest('session', null);
  app.decorateRequest('isStillAllowed', async function isStillAllowed(this: FastifyRequest) {
    const access = accessOf(this.method, this.routeOptions.url ?? '');
    const principal = await signInAgain(this, options);
    return principal !== null && mayUse(principal.role, access);
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) accessOf(one, url);
  });
  app.addHook('onRequest', async (request, reply) => {
    try {
      return await guard(request, reply, options);
    } catch (error) {
      if (error instanceof Forbidden && isBrowser(request)) {
        return sendPage(reply.code(403), refusalPage(error.message));
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
  const origin = otherOrigin(request, options.publicUrl) ?? otherSite(request, pattern);
  if (origin !== null) return refuseOrigin(request, origin, options);
  // Open routes must work with the database and Redis away, with or without a cookie.
  if (access === 'public') return undefined;
  request.signedIn = await readSignedIn(request, options);
  if (request.signedIn === null) return askToSignIn(request, reply);
  if (!mayUse(request.signedIn.role, access)) {
    await refuse(request, request.signedIn, { ...options, error: refusal(access), origin: null });
  }
  return undefined;
}

/** Throws the refusal, which is logged, and audited unless the token had too many. */
async function refuse(
  request: FastifyRequest,
  principal: Principal,
  {
    audit,
    countRefusal,
    error,
    origin,
  }: AuthenticateOptions & { readonly error: Forbidden; readonly origin: string | null },
): Promise<never> {
  const route = `${request.method} ${request.routeOptions.url}`;
  request.log.warn({ ...logNameOf(principal), route }, 'A request was not allowed.');
  if (!(await countRefusal(request))) throw error;
  const actor = actorOfPrincipal(principal, request.ip);
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
 * The token or the person is looked up at each request, so revoking a token ends its sessions. A request with a token of
 * its own is authenticated by that alone: a cookie doesn't replace a wrong token.
 */
async function readSignedIn(
  request: FastifyRequest,
  options: AuthenticateOptions,
): Promise<Principal | null> {
  const { tokens, clock, countFailure } = options;
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const secret = secretIn(authorization);
    const token = secret === null ? null : await tokens.bySecret(secret);
    if (token !== null) {
      refuseExpired(token, clock.now());
      return principalOfToken(token);
    }
    await countFailure(request);
    throw new Unauthenticated('This is not an access token of Rollcall, or it was revoked.');
  }
  request.session = await sessionOf(request, options);
  if (request.session === null) return null;
  const principal = await principalOfSession(options, request.session);
  if (principal === null || !hasExpired(principal, clock.now())) return principal;
  // A page asks to sign in again.
  if (!isBrowser(request)) refuseExpired(principal, clock.now());
  return null;
}

const secretIn = (authorization: string): string | null =>
  /^Bearer +(?<secret>[\x21-\x7e]{1,500})$/i.exec(authorization)?.groups?.['secret'] ?? null;

/** Who a request that was let in acts for now; null when it would not be let in again. */
async function signInAgain(
  { signedIn, session }: FastifyRequest,
  options: AuthenticateOptions,
): Promise<Principal | null> {
  if (signedIn === null) return null;
  const now = options.clock.now();
  const current = session === null ? null : await options.sessions.get(session.id);
  if (session !== null && current === null) return null;
  const token = current === null ? await options.tokens.get(signedIn.id) : null;
  const principal =
    current === null
      ? token && principalOfToken(token)
      : await principalOfSession(options, current);
  return principal === null || hasExpired(principal, now) ? null : principal;
}

function isBrowser({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

/** A browser that shows a page is redirected to sign in and back; all other clients get an error. */
async function askToSignIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.method !== 'GET' || !isBrowser(request)) {
    throw new Unauthenticated('The request is not signed in, or its session is over.');
  }
  // What stands after # reaches no server and no log.
  return reply.redirect(`${signInPath}#next=${encodeURIComponent(request.url)}`);
}

function refusal(access: Access): Forbidden {
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

/** The provider sends browsers there, from its own site. */
const fromElsewhere = '/api/v1/session/oidc/callback';

/** Browsers say which site caused a request; the API answers to none but its own. */
function otherSite({ headers }: FastifyRequest, pattern: string): string | null {
  const site = headers['sec-fetch-site'];
  const isRefused = site === 'cross-site' || site === 'same-site';
  return isRefused && pattern.startsWith('/api/') && pattern !== fromElsewhere ? site : null;
}
