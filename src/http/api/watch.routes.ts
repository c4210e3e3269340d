import { Readable } from 'node:stream';
import { z } from 'zod';
import { createListWatch, type ListChange } from '../../manage/watch/watch-lists.ts';
import type { Ports } from '../../ports/index.ts';
import { type ApiServer, apiPrefix } from './shared.ts';
import { event, type Streams } from './streams.ts';

/** One stream for all lists of a browser: it says what to read again. */
export function addWatchRoute(
  app: ApiServer,
  ports: Ports,
  { staleMs, streams }: { readonly staleMs: number; readonly streams: Streams },
): void {
  const lists = createListWatch(ports, {
    staleMs,
    onError: (err) => app.log.warn({ err }, 'The lists could not be looked at; it is tried again.'),
  });
  app.route({
    method: 'GET',
    url: `${apiPrefix}/watch`,
    schema: {
      operationId: 'watchLists',
      summary: 'Follow runs, stores and what waits for a person: which of them changed',
      response: {
        200: {
          description:
            'changed: ids of runs, of runs with progress, and of stores; whether attention changed. quiet: nothing did.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
      },
    },
    async handler(request, reply) {
      const signal = streams.open(request, reply);
      const stream = new Readable({ read: () => undefined });
      stream.push(event('quiet', null));
      const leave = lists.watch((change: ListChange | null) => {
        // A client that reads nothing is let go: it reads all again when it comes back.
        if (stream.readableLength > mostUnread) stream.push(null);
        else stream.push(change === null ? event('quiet', null) : event('changed', change));
      });
      signal.addEventListener('abort', () => {
        leave();
        stream.push(null);
      });
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(stream as unknown as string);
    },
  });
}

const mostUnread = 64 * 1024;
