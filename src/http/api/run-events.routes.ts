import { Readable } from 'node:stream';
import { z } from 'zod';
import { findRun } from '../../manage/find.ts';
import { type RunSight, watchRun } from '../../manage/runs/watch-run.ts';
import { answerRun, type RunOptions } from './runs.routes.ts';
import { type ApiServer, apiPrefix, runParams } from './shared.ts';
import { event, type Streams } from './streams.ts';

/** The last event's id. A browser that reconnects with it is told to stop. */
const endId = 'end';

export function addRunEventsRoute(app: ApiServer, options: RunOptions, streams: Streams): void {
  const { ports } = options;
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
      const signal = streams.open(request, reply);
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
    const shown = run === null ? null : await answerRun(options, run);
    if (is === 'end') return [`id: ${endId}\n${event('end', shown)}`];
    return [event('run', shown), ...(progress === null ? [] : [event('progress', progress)])];
  }
}
