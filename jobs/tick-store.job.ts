import { z } from 'zod';
import { latestHeeded, putOffUntil } from '../src/core/schedule/put-off.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { DirectoryStores } from '../src/ports/directory-stores.ts';
import type { JobQueue } from '../src/ports/job-queue.ts';
import type { RunStore } from '../src/ports/runs.ts';
import { defineJob, type JobDefinition } from './job-definition.ts';
import { isTicked, tickStoreName } from './schedules.ts';

export interface TickStoreDependencies {
  readonly stores: Pick<DirectoryStores, 'get'>;
  readonly runs: Pick<RunStore, 'enqueue' | 'list'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
  readonly clock: Clock;
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/**
 * A store's schedule came due: inserts the scheduled run, or finds the one that is queued, and enqueues its job. Runs
 * that are put off are left out.
 */
export function tickStoreJob(dependencies: TickStoreDependencies): JobDefinition {
  const { stores, runs, queue, clock, log } = dependencies;
  return defineJob({
    queue: 'ticks',
    name: tickStoreName,
    data: z.object({ storeId: z.string() }),
    async handle({ data: { storeId } }) {
      const store = await stores.get(storeId);
      if (store === null || !isTicked(store)) {
        // The scheduler of such a store is being removed; this tick was under way already.
        const status = store === null ? 'removed' : store.status;
        log({ storeId, status }, 'A scheduled run was left out: the store has none now.');
        return { end: 'done', result: { storeId, status } };
      }
      const until = putOffUntil(await runs.list({ ...latestHeeded, storeId }));
      if (until !== null && until > clock.now()) {
        log({ storeId, until }, 'A scheduled run was put off: the directory keeps answering 403.');
        return { end: 'done', result: { storeId, status: 'put-off' } };
      }
      const { run } = await runs.enqueue({
        storeId,
        mode: 'full',
        trigger: 'schedule',
        configRevision: store.configRevision,
        requestedBy: 'schedule',
      });
      await queue.enqueueJob(run);
      return { end: 'done', result: { storeId, runId: run.id } };
    },
  });
}
