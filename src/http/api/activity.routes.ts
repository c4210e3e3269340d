import { z } from 'zod';
import { plannedWrites, runModes, runStatuses } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import { countsSchema } from '../../presenters/run.ts';
import { time } from '../../presenters/times.ts';
import { type ApiServer, apiPrefix } from './shared.ts';

const dayMs = 24 * 60 * 60_000;
/** So many runs of a store are shown at a glance. */
const mostRuns = 14;
const modes = runModes.filter((mode) => mode !== 'plan');

const activitySchema = z
  .object({
    items: z.array(
      z.object({
        store: z.string(),
        runs: z.array(
          z.object({
            id: z.string(),
            mode: z.enum(runModes),
            status: z.enum(runStatuses),
            changed: z
              .int()
              .meta({ description: 'How many members it changed, or was to change.' }),
            createdAt: time,
          }),
        ),
      }),
    ),
    day: z.object({ since: time, runs: z.int(), counts: countsSchema }),
  })
  .meta({ id: 'Activity', description: 'The latest runs of each store, and the last 24 hours.' });

/** What happened lately, at a glance: previews change nothing and are left out. */
export function addActivityRoute(
  app: ApiServer,
  ports: Pick<Ports, 'stores' | 'runs' | 'clock'>,
): void {
  app.route({
    method: 'GET',
    url: `${apiPrefix}/activity`,
    schema: {
      operationId: 'seeActivity',
      summary:
        'See the last 14 runs of each store, newest first, and the sums of the last 24 hours',
      response: { 200: activitySchema },
    },
    async handler() {
      const since = new Date(ports.clock.now().getTime() - dayMs);
      const [stores, { runs, counts }] = await Promise.all([
        ports.stores.list(),
        ports.runs.sumSince(since),
      ]);
      const items = await Promise.all(
        stores.map(async ({ id: storeId }) => ({
          store: storeId,
          runs: (await ports.runs.list({ storeId, modes, limit: mostRuns })).map((run) => ({
            id: run.id,
            mode: run.mode,
            status: run.status,
            changed: plannedWrites(run.counts),
            createdAt: run.createdAt.toISOString(),
          })),
        })),
      );
      return { items, day: { since: since.toISOString(), runs, counts } };
    },
  });
}
