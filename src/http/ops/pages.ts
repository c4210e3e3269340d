import type { FastifyReply } from 'fastify';
import { html, page } from './page.ts';

/** Where the console asks to sign in. */
export const signInPath = '/sign-in';

/** The page after signing out was not meant. */
export const home = '/ops/queues';

/** Answers with a page that no cache stores. */
export function sendPage(reply: FastifyReply, content: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(content);
}

/** Says why a page was refused. */
export function refusalPage(problem: string): string {
  return page({
    title: 'Not allowed',
    body: html`<h1>Not allowed</h1>
<p class="problem" role="alert">${problem}</p>
<p class="back"><a href="/">Go to Rollcall</a></p>`,
  });
}
