import type { FastifyInstance } from 'fastify';
import { type Checks, checkReadiness } from '../../observability/health.ts';
import type { Metrics } from '../../observability/metrics.ts';

export interface HealthOptions {
  readonly checks: Checks;
  readonly metrics: Pick<Metrics, 'contentType' | 'scrape' | 'observeRequest'>;
}

const checkTimeoutMs = 3_000;

/**
 * The routes for orchestrators and Prometheus. `/healthz` checks nothing outside the process: a
 * restart would not repair it.
 */
export function addHealthRoutes(app: FastifyInstance, { checks, metrics }: HealthOptions): void {
  const quiet = { logLevel: 'warn' } as const;
  app.get('/healthz', quiet, async () => ({ alive: true }));
  app.get('/readyz', quiet, async (request, reply) => {
    const readiness = await checkReadiness(checks, {
      timeoutMs: checkTimeoutMs,
      onError: (err, check) => request.log.warn({ err, check }, 'A check of readiness failed.'),
    });
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  app.get('/metrics', quiet, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.scrape()),
  );
}
