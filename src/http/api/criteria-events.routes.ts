import { Readable } from 'node:stream';
import { z } from 'zod';
import { Conflict, messageOf } from '../../core/errors.ts';
import { findStoreById } from '../../manage/find.ts';
import { readSections } from '../../manage/stores/configure-store.ts';
import { followScope, type ScopeCount } from '../../manage/stores/try-source.ts';
import type { Ports } from '../../ports/index.ts';
import { scopeCountJson } from '../../presenters/configuration.ts';
import { holdLease } from '../../sync/run/lease.ts';
import {
  type ApiServer,
  apiPrefix,
  mostOfConfiguration,
  sectionOf,
  storeParams,
} from './shared.ts';

/** A stream that says nothing is closed by what stands between. */
const quietMs = 10_000;

/** A count of criteria over the whole directory, told as it grows. */
export function addCriteriaEventsRoute(app: ApiServer, ports: Ports): void {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  app.route({
    method: 'POST',
    url: `${apiPrefix}/stores/:storeId/criteria-count/events`,
    bodyLimit: mostOfConfiguration,
    schema: {
      operationId: 'followCriteriaCount',
      summary:
        'Count all users that match criteria: events count and, as the last one, end or problem',
      params: storeParams,
      body: z.strictObject({ criteria: sectionOf('criteria') }),
      response: {
        200: {
          description:
            'count and end: a ScopeCount; problem: detail. One count of a store at a time: 409 for a second one.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
      },
    },
    async handler(request, reply) {
      const { params, body, id } = request;
      const store = await findStoreById(ports, params.storeId);
      const { criteria } = readSections(ports, store, body);
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      const signal = AbortSignal.any([left.signal, stopping.signal]);
      const lease = await holdLease(
        { ...ports, runs: { get: async () => null } },
        { id, storeId: `${store.id}.criteria-count` },
        { holder: `criteria-count:${id}`, signal },
      );
      if (lease === null) {
        throw new Conflict(`The criteria of ${JSON.stringify(store.name)} are being counted.`, {
          hint: 'Wait for that count, or end it: one at a time asks the directory for all users.',
        });
      }
      const stream = new Readable({ read: () => undefined });
      const quiet = setInterval(() => stream.push(': nothing new\n\n'), quietMs);
      const tell = (name: string, data: object): void => {
        if (!stream.destroyed) stream.push(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      const onCount = (count: ScopeCount) => tell('count', scopeCountJson(count));
      followScope(ports, store, { criteria, signal: lease.signal, onCount })
        .then((count) => tell('end', scopeCountJson(count)))
        .catch((error: unknown) => tell('problem', { detail: messageOf(error) }))
        .then(() => lease.release())
        .catch((error: unknown) =>
          request.log.error({ err: error }, 'The turn of a count is kept until it ends by itself.'),
        )
        .finally(() => {
          clearInterval(quiet);
          stream.push(null);
        });
      return reply
        .type('text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(stream as unknown as string);
    },
  });
}
