import type { Logger } from 'pino';
import { type Queues, queueNames } from '../../jobs/queues.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { SyncSummary } from '../core/model/sync-summary.ts';
import { countAttention } from '../notify/find-attention.ts';
import {
  createMetrics,
  type Metrics,
  type StoreSuccess,
  whileUnderWay,
} from '../observability/metrics.ts';
import type { App } from './compose.ts';

/** The metrics of a process. `app` is asked for what a scrape reads from the services. */
export function openMetrics(
  app: () => Pick<App, 'ports' | 'queues'>,
  { staleMs, log }: { readonly staleMs: number; readonly log: Logger },
): Metrics {
  // Two metrics of a scrape read the same.
  const syncSummaries = whileUnderWay(() => app().ports.stores.syncSummaries());
  return createMetrics(
    {
      jobs: () => countJobs(app().queues),
      runs: () => app().ports.runs.countByStatus(),
      attention: () => countAttention({ ...app().ports, stores: { syncSummaries } }, staleMs),
      alerts: () => app().ports.alerts.summary(),
      stores: async () => lastSuccesses(await syncSummaries(), await app().ports.stores.list()),
      workers: async () => (await app().ports.queue.workers()).alive,
    },
    (err) => log.warn({ err }, 'A metric could not be read.'),
  );
}

async function countJobs(
  queues: Queues,
): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> {
  const counted = await Promise.all(
    queueNames.map(async (name) => [name, await queues[name].getJobCounts()] as const),
  );
  return Object.fromEntries(counted);
}

function lastSuccesses(
  summaries: readonly SyncSummary[],
  stores: readonly DirectoryStore[],
): readonly StoreSuccess[] {
  const names = new Map(stores.map(({ id, name }) => [id, name]));
  return summaries.map(({ storeId, lastSuccessAt }) => ({
    storeId,
    store: names.get(storeId) ?? '',
    lastSuccessAt,
  }));
}
