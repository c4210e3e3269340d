import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessToken } from '../../core/model/token.ts';
import { auditSession } from '../../manage/access/sessions.ts';
import type { AuditStore } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenStore } from '../../ports/tokens.ts';
import { expiryProblem } from '../auth/expired.ts';
import {
  cookieOptions,
  type EndedSessions,
  sessionCookie,
  sessionOf,
  writeSession,
} from '../auth/session.ts';
import { TooManyRequests } from '../problem.ts';
import { html, page } from './page.ts';
import { home, sendPage, signInPage, signInPath } from './sign-in.page.ts';

export interface SignInOptions {
  readonly tokens: Pick<TokenStore, 'bySecret'>;
  readonly endedSessions: Pick<EndedSessions, 'add'>;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Counts wrong tokens by client address; `TooManyRequests` when there are too many. */
  readonly countFailure: (request: FastifyRequest) => Promise<void>;
  readonly audit: Pick<AuditStore, 'begin' | 'finish'>;
}

const form = z
  .object({
    token: z.string().trim().max(500).catch(''),
    next: z.string().max(2000).optional().catch(undefined),
  })
  // Any other content is an empty form.
  .catch({ token: '', next: undefined });

/** A path of our own to go to after signing in; never a path to another site. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/ops\/[\w\-./~?=&%:+]*$/.test(next) && !next.includes('//')
    ? next
    : home;
}

/** Signing in with an access token, and out again. */
export function addSignInRoutes(app: FastifyInstance, options: SignInOptions): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body.toString())));
    },
  );
  addSignIn(app, options);

  app.get('/ops/sign-out', async (request, reply) =>
    sendPage(reply, request.signedIn === null ? '' : signOutPage(request.signedIn)),
  );

  app.post('/ops/sign-out', async (request, reply) => {
    await endSession(options, request, reply);
    return reply.redirect(signInPath, 303);
  });
}

type SessionOptions = Omit<SignInOptions, 'tokens'>;

/** Begins a session of a token: sets its cookie. */
export async function beginSession(
  { audit, clock, publicUrl }: SessionOptions,
  token: AccessToken,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<void> {
  await auditSession({ audit }, { action: 'signed-in', token, from: request.ip }, async () => {
    const cookie = writeSession(token.id, clock.now());
    void reply.setCookie(sessionCookie, cookie, cookieOptions(publicUrl));
  });
  request.log.info({ tokenId: token.id, name: token.name }, 'Signed in.');
}

/** Ends the session that a request's cookie names, if it does. */
export async function endSession(
  { audit, endedSessions, clock, publicUrl }: SessionOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const session = sessionOf(request, clock.now());
  const { signedIn: token } = request;
  if (session !== null && token !== null) {
    const signedOut = { action: 'signed-out', token, from: request.ip } as const;
    await auditSession({ audit }, signedOut, () => endedSessions.add(session));
  }
  const { maxAge: _, ...cookie } = cookieOptions(publicUrl);
  void reply.clearCookie(sessionCookie, cookie);
}

function addSignIn(app: FastifyInstance, options: SignInOptions): void {
  app.get(signInPath, async (request, reply) => {
    const next = safeNext(form.parse(request.query).next);
    if (request.signedIn !== null) return reply.redirect(next);
    return sendPage(reply, signInPage(next, null));
  });

  app.post(signInPath, async (request, reply) => {
    const { token: secret, next: wanted } = form.parse(request.body);
    const next = safeNext(wanted);
    const token = secret === '' ? null : await options.tokens.bySecret(secret);
    if (token !== null) {
      const expired = expiryProblem(token, options.clock.now());
      if (expired !== null) return sendPage(reply.code(401), signInPage(next, expired));
      await beginSession(options, token, { request, reply });
      return reply.redirect(next, 303);
    }
    try {
      await options.countFailure(request);
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
      void reply.code(429).header('retry-after', error.retryAfterSeconds);
      return sendPage(reply, signInPage(next, error.message));
    }
    const problem =
      secret === ''
        ? 'Enter an access token.'
        : 'This is not an access token of Rollcall, or it was revoked.';
    return sendPage(reply.code(401), signInPage(next, problem));
  });
}

function signOutPage({ name, role }: AccessToken): string {
  return page({
    title: 'Sign out',
    body: html`<h1>Sign out?</h1>
<p>You are signed in with the token <strong>${name}</strong> (${role}).</p>
<form method="post" action="/ops/sign-out"><button type="submit" autofocus>Sign out</button></form>
<p class="back"><a href="${home}">Back to the queues</a></p>`,
  });
}
