import { z } from 'zod';
import { Unavailable } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import { type Checks, checkReadiness } from '../../observability/health.ts';
import type { Ports } from '../../ports/index.ts';
import { limitsInWords } from '../auth/limits.ts';
import { type ApiServer, apiPrefix } from './shared.ts';
import { mostStreams, mostStreamsOfToken } from './streams.ts';

/** Asks the services for their versions; null where one does not say. */
export type ServiceVersions = () => Promise<{
  readonly database: string | null;
  readonly redis: string | null;
}>;

const checkTimeoutMs = 3_000;
const count = z.int().min(0);

const systemSchema = z
  .object({
    ready: z.boolean(),
    checks: z
      .array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          problem: z.string().nullable(),
          isRequired: z.boolean().meta({ description: 'Whether nothing works without it.' }),
        }),
      )
      .meta({ description: 'What /readyz says of the process that answers.' }),
    versions: z.object({
      rollcall: z.string(),
      node: z.string(),
      database: z.string().nullable(),
      redis: z.string().nullable(),
    }),
    workers: z
      .array(
        z.object({
          host: z.string(),
          pid: z.string(),
          version: z.string().nullable(),
          silentForMs: count.nullable(),
          state: z.enum(['alive', 'hanging', 'gone']),
        }),
      )
      .nullable()
      .meta({ description: 'The worker processes of the last hour; null with Redis away.' }),
    queues: z
      .array(
        z.object({
          queue: z.string(),
          waiting: count,
          active: count,
          delayed: count,
          failed: count,
        }),
      )
      .nullable()
      .meta({ description: 'How many jobs are where; null with Redis away.' }),
    limits: z.array(z.object({ what: z.string(), max: count, per: z.enum(['minute', 'moment']) })),
  })
  .meta({ id: 'System', description: 'Services, processes and limits of this installation.' });

interface Parts {
  readonly ports: Pick<Ports, 'queue'>;
  readonly checks: Checks;
  readonly serviceVersions: ServiceVersions;
  readonly requestsPerMinute: number;
}

/** How the installation is: it answers with Redis or the database away, too. */
export function addSystemRoute(
  app: ApiServer,
  { ports: { queue }, checks, serviceVersions, requestsPerMinute }: Parts,
): void {
  const limits = [
    { what: 'requests of a token', max: requestsPerMinute, per: 'minute' as const },
    ...limitsInWords.map(({ max, what }) => ({
      what: `${what} of a token`,
      max,
      per: 'minute' as const,
    })),
    { what: 'streams of a token', max: mostStreamsOfToken, per: 'moment' as const },
    { what: 'streams of a process', max: mostStreams, per: 'moment' as const },
  ];
  app.route({
    method: 'GET',
    url: `${apiPrefix}/system`,
    schema: {
      operationId: 'seeSystem',
      summary: 'See services, worker processes, queues, limits and versions',
      response: { 200: systemSchema },
    },
    async handler({ log }) {
      const [readiness, versions, workers, queues] = await Promise.all([
        checkReadiness(checks, {
          timeoutMs: checkTimeoutMs,
          onError: (err, check) => log.warn({ err, check }, 'A check of readiness failed.'),
        }),
        serviceVersions(),
        unlessAway(queue.listWorkers()),
        unlessAway(queue.lengths()),
      ]);
      return {
        ready: readiness.ready,
        checks: Object.entries(readiness.checks).map(([name, check]) => ({
          name,
          ok: check.ok,
          problem: check.ok ? null : check.problem,
          isRequired: Object.hasOwn(checks.required, name),
        })),
        versions: { rollcall: version, node: process.versions.node, ...versions },
        workers: workers?.map((worker) => ({ ...worker })) ?? null,
        queues: queues?.map((one) => ({ ...one })) ?? null,
        limits,
      };
    },
  });
}

async function unlessAway<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
}
