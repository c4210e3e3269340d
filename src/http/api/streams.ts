import type { FastifyReply, FastifyRequest } from 'fastify';
import { untilSignedOut } from '../auth/until-signed-out.ts';
import { TooManyRequests } from '../problem.ts';
import type { ApiServer } from './shared.ts';

/** How many streams a process serves. */
export const mostStreams = 100;

/** How many of them one token may have, so that no token takes the places of all others. */
export const mostStreamsOfToken = 20;

/** Browsers reconnect by themselves, and are authenticated again. */
const longestMs = 5 * 60_000;

/** The places for streams of server-sent events in a process. */
export interface Streams {
  /**
   * Takes a place until the client leaves or is signed out, the process stops or the time is up; `TooManyRequests`
   * when there is none.
   */
  open(request: FastifyRequest, reply: FastifyReply): AbortSignal;
}

/** The streams of all routes share the places of a process. */
export function createStreams(app: ApiServer): Streams {
  const stopping = new AbortController();
  const open = new Map<string, number>();
  app.addHook('preClose', async () => stopping.abort());
  const count = (tokenId: string, step: 1 | -1): void => {
    const left = (open.get(tokenId) ?? 0) + step;
    if (left === 0) open.delete(tokenId);
    else open.set(tokenId, left);
  };
  return {
    open(request, reply) {
      const tokenId = request.signedIn?.id ?? '';
      refuseTooMany(open, tokenId);
      count(tokenId, 1);
      const left = new AbortController();
      reply.raw.once('close', () => {
        count(tokenId, -1);
        left.abort();
      });
      return AbortSignal.any([
        left.signal,
        stopping.signal,
        AbortSignal.timeout(longestMs),
        untilSignedOut(request, left.signal),
      ]);
    },
  };
}

function refuseTooMany(open: ReadonlyMap<string, number>, tokenId: string): void {
  if ((open.get(tokenId) ?? 0) >= mostStreamsOfToken) {
    throw new TooManyRequests(
      `This token follows ${mostStreamsOfToken} runs already: no token may follow more at a time.`,
      5,
    );
  }
  const all = [...open.values()].reduce((sum, ofToken) => sum + ofToken, 0);
  if (all >= mostStreams) {
    throw new TooManyRequests('Too many people follow runs at the moment.', 5);
  }
}

/** One server-sent event. */
export const event = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
