import type { FastifyReply } from 'fastify';
import { html, page } from './page.ts';

export const signInPath = '/ops/sign-in';

/** The page after signing in. */
export const home = '/ops/queues';

/** Answers with a page that no cache stores. */
export function sendPage(reply: FastifyReply, content: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(content);
}

/** The form that asks for an access token; `problem` says why it is shown again. */
export function signInPage(next: string, problem: string | null): string {
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
<p class="hint" id="hint">No token yet? The administrator of Rollcall makes one with <code>rollcall token create</code>.</p>
<button type="submit">Sign in</button>
</form>`,
  });
}
