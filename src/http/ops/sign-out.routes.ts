import type { FastifyInstance } from 'fastify';
import type { Principal } from '../../core/model/person.ts';
import { endSession, type SessionOptions } from '../auth/session.ts';
import { html, page } from './page.ts';
import { home, sendPage, signInPath } from './pages.ts';

/** Signing out of the queue dashboard, whose pages are not the console's. Signing in is the console's. */
export function addSignOutRoutes(app: FastifyInstance, options: SessionOptions): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_request, _body, done) => done(null, {}),
  );

  app.get('/ops/sign-in', async (_request, reply) => reply.redirect(`${signInPath}#next=${home}`));

  app.get('/ops/sign-out', async (request, reply) =>
    sendPage(reply, request.signedIn === null ? '' : signOutPage(request.signedIn)),
  );

  app.post('/ops/sign-out', async (request, reply) => {
    await endSession(options, request, reply);
    return reply.redirect(signInPath, 303);
  });
}

function signOutPage({ kind, name, role }: Principal): string {
  const who = kind === 'token' ? 'with the token' : 'as';
  return page({
    title: 'Sign out',
    body: html`<h1>Sign out?</h1>
<p>You are signed in ${who} <strong>${name}</strong> (${role}).</p>
<form method="post" action="/ops/sign-out"><button type="submit" autofocus>Sign out</button></form>
<p class="back"><a href="${home}">Back to the queues</a></p>`,
  });
}
