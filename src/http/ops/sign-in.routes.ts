import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { AccessToken, Clock, TokenStore } from '../../sync/ports.ts';
import { signInPath } from '../auth/authenticate.ts';
import { cookieOptions, sessionCookie, writeSession } from '../auth/session.ts';
import { html, page } from './page.ts';

export interface SignInOptions {
  readonly tokens: Pick<TokenStore, 'bySecret'>;
  readonly clock: Clock;
  readonly publicUrl: string;
}

const home = '/ops/queues';

const form = z.object({
  token: z.string().trim().max(500).catch(''),
  next: z.string().optional().catch(undefined),
});

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

  app.get(signInPath, async (request, reply) => {
    const next = safeNext(form.parse(request.query ?? {}).next);
    if (request.signedIn !== null) return reply.redirect(next);
    return sendPage(reply, signInPage({ next, problem: null }));
  });

  app.post(
    signInPath,
    { config: { rateLimit: { max: 10, timeWindow: 60_000 } } },
    async (request, reply) => {
      const { token: secret, next } = form.parse(request.body ?? {});
      const token = secret === '' ? null : await options.tokens.bySecret(secret);
      if (token === null) {
        request.log.warn({ from: request.ip }, 'Somebody tried to sign in with a wrong token.');
        const problem =
          secret === ''
            ? 'Enter an access token.'
            : 'This is not an access token of Rollcall, or it was revoked.';
        return sendPage(reply.code(401), signInPage({ next: safeNext(next), problem }));
      }
      request.log.info({ tokenId: token.id, name: token.name }, 'Signed in.');
      return reply
        .setCookie(
          sessionCookie,
          writeSession(token.id, options.clock.now()),
          cookieOptions(options.publicUrl),
        )
        .redirect(safeNext(next), 303);
    },
  );

  app.get('/ops/sign-out', async (request, reply) =>
    sendPage(reply, request.signedIn === null ? '' : signOutPage(request.signedIn)),
  );

  app.post('/ops/sign-out', async (_request, reply) => {
    const { maxAge: _, ...cookie } = cookieOptions(options.publicUrl);
    return reply.clearCookie(sessionCookie, cookie).redirect(signInPath, 303);
  });
}

function sendPage(reply: FastifyReply, content: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(content);
}

function signInPage({
  next,
  problem,
}: {
  readonly next: string;
  readonly problem: string | null;
}): string {
  return page({
    title: 'Sign in',
    body: html`<h1>Sign in</h1>
<p>See the queues of directory syncs at work.</p>
${problem === null ? '' : html`<p class="problem" id="problem" role="alert">${problem}</p>`}
<form method="post" action="${signInPath}">
<input type="hidden" name="next" value="${next}">
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" autocapitalize="off" required autofocus
 aria-describedby="${problem === null ? 'hint' : 'problem hint'}"${problem === null ? '' : html` aria-invalid="true"`}>
<p class="hint" id="hint">No token yet? Whoever runs Rollcall makes one with <code>rollcall token create</code>.</p>
<button type="submit">Sign in</button>
</form>`,
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
