import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccessToken, Clock, TokenStore } from '../../sync/ports.ts';
import {
  cookieOptions,
  type EndedSessions,
  sessionCookie,
  sessionOf,
  writeSession,
} from '../auth/session.ts';
import { html, page } from './page.ts';
import { home, sendPage, signInPage, signInPath } from './sign-in.page.ts';

export interface SignInOptions {
  readonly tokens: Pick<TokenStore, 'bySecret'>;
  readonly endedSessions: Pick<EndedSessions, 'add'>;
  readonly clock: Clock;
  readonly publicUrl: string;
}

const form = z
  .object({
    token: z.string().trim().max(500).catch(''),
    next: z.string().optional().catch(undefined),
  })
  // Whatever else was sent is an empty form.
  .catch({ token: '', next: undefined });

/** A path of our own to go to after signing in; nothing that leads to another site. */
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
    const session = sessionOf(request, options.clock.now());
    if (session !== null) await options.endedSessions.add(session);
    const { maxAge: _, ...cookie } = cookieOptions(options.publicUrl);
    return reply.clearCookie(sessionCookie, cookie).redirect(signInPath, 303);
  });
}

function addSignIn(app: FastifyInstance, options: SignInOptions): void {
  app.get(signInPath, async (request, reply) => {
    const next = safeNext(form.parse(request.query).next);
    if (request.signedIn !== null) return reply.redirect(next);
    return sendPage(reply, signInPage({ next, problem: null }));
  });

  const countFailure = app.createRateLimit({ max: 10, timeWindow: 60_000 });
  app.post(signInPath, async (request, reply) => {
    const { token: secret, next: wanted } = form.parse(request.body);
    const next = safeNext(wanted);
    const token = secret === '' ? null : await options.tokens.bySecret(secret);
    if (token !== null) {
      request.log.info({ tokenId: token.id, name: token.name }, 'Signed in.');
      const cookie = cookieOptions(options.publicUrl);
      return reply
        .setCookie(sessionCookie, writeSession(token.id, options.clock.now()), cookie)
        .redirect(next, 303);
    }
    // Only failures count and a right token is always let in: nobody guesses 256 random bits, and
    // many people may share an address.
    const failures = await countFailure(request);
    if (!failures.isAllowed && failures.isExceeded) {
      const problem = `Too many wrong tokens came from your address. Try again in ${failures.ttlInSeconds} seconds.`;
      void reply.code(429).header('retry-after', failures.ttlInSeconds);
      return sendPage(reply, signInPage({ next, problem }));
    }
    request.log.warn({ from: request.ip }, 'Somebody tried to sign in with a wrong token.');
    const problem =
      secret === ''
        ? 'Enter an access token.'
        : 'This is not an access token of Rollcall, or it was revoked.';
    return sendPage(reply.code(401), signInPage({ next, problem }));
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
