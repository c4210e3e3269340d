import { Readable } from 'node:stream';
import { z } from 'zod';
import { findRun } from '../../manage/find.ts';
import { type RunSight, watchRun } from '../../manage/runs/watch-run.ts';
import type { Ports } from '../../ports/index.ts';
import { untilSignedOut } from '../auth/until-signed-out.ts';
import { TooManyRequests } from '../problem.ts';
import { answerRun } from './runs.routes.ts';
import { type ApiServer, apiPrefix, runParams } from './shared.ts';

/** How many streams a process serves: each reads its run twice a second. */
const mostStreams = 100;

/** How many of them one token may have, so that no token takes the places of all others. */
const mostStreamsOfToken = 20;

/** Browsers reconnect by themselves, and are authenticated again. */
const longestWatchMs = 5 * 60_000;

/** The last event's id. A browser that reconnects with it is told to stop. */
const endId = 'end';

export function addRunEventsRoute(app: ApiServer, ports: Ports): void {
  const stopping = new AbortController();
  const streams = new Map<string, number>();
  app.addHook('preClose', async () => stopping.abort());

  app.route({
    method: 'GET',
    url: `${apiPrefix}/runs/:runId/events`,
    schema: {
      operationId: 'watchRun',
      summary: 'Follow a run: events run, progress and, as the last one, end',
      params: runParams,
      headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
      response: {
        200: {
          description:
            'run and end: a Run (end: null if it was removed); progress: phase, done, total.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: z.undefined().meta({ description: 'The end was sent: do not reconnect.' }),
      },
    },
    async handler(request, reply) {
      const run = await findRun(ports, request.params.runId);
      if (request.headers['last-event-id'] === endId) return reply.code(204).send();
      const tokenId = request.signedIn?.id ?? '';
      refuseTooMany(streams, tokenId);
      count(streams, tokenId, 1);
      const left = new AbortController();
      reply.raw.once('close', () => {
        count(streams, tokenId, -1);
        left.abort();
      });
      const timeIsUp = AbortSignal.timeout(longestWatchMs);
      const signal = AbortSignal.any([
        left.signal,
        stopping.signal,
        timeIsUp,
        untilSignedOut(request, left.signal),
      ]);
      async function* events(): AsyncGenerator<string> {
        for await (const sight of watchRun(ports, run, { signal })) yield* await eventsOf(sight);
      }
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(events()) as unknown as string);
    },
  });

  async function eventsOf({ is, run, progress }: RunSight): Promise<readonly string[]> {
    if (is === 'same') return [];
    if (is === 'quiet') return [': nothing new\n\n'];
    const shown = run === null ? null : await answerRun(ports, run);
    if (is === 'end') return [`id: ${endId}\n${event('end', shown)}`];
    return [event('run', shown), ...(progress === null ? [] : [event('progress', progress)])];
  }
}

type Streams = Map<string, number>;

function refuseTooMany(streams: Streams, tokenId: string): void {
  if ((streams.get(tokenId) ?? 0) >= mostStreamsOfToken) {
    throw new TooManyRequests(
      `This token follows ${mostStreamsOfToken} runs already: no token may follow more at a time.`,
      5,
    );
  }
  const open = [...streams.values()].reduce((sum, ofToken) => sum + ofToken, 0);
  if (open >= mostStreams) {
    throw new TooManyRequests('Too many people follow runs at the moment.', 5);
  }
}

function count(streams: Streams, tokenId: string, step: 1 | -1): void {
  const open = (streams.get(tokenId) ?? 0) + step;
  if (open === 0) streams.delete(tokenId);
  else streams.set(tokenId, open);
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
