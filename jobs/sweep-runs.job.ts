import { hasEnded, type Run, runsInCreatingProcess } from '../src/core/model/run.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { RunStore } from '../src/ports/runs.ts';
import { inBatches } from './in-batches.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface SweepRunsDependencies {
  readonly runs: Pick<RunStore, 'list'>;
  /** Enqueues a job unless one is on its way already; true if it did. */
  readonly enqueueJob: (run: Run) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** A run carried out by its creating process counts as abandoned if it has not ended after this time. */
const creatingProcessMs = 5 * 60_000;

/** Enqueues again every run that has not ended and has no job on its way: losing Redis loses nothing. */
export function sweepRunsJob({
  runs,
  enqueueJob,
  clock,
  log,
}: SweepRunsDependencies): JobDefinition {
  const needsWorker = (run: Run): boolean =>
    !hasEnded(run) &&
    (!runsInCreatingProcess(run) ||
      clock.now().getTime() - run.createdAt.getTime() > creatingProcessMs);
  return defineRecurring('sweep-runs', 30_000, async () => {
    const unfinished = await runs.list({
      statuses: ['queued', 'listing', 'applying'],
    });
    const enqueued = await inBatches(unfinished.filter(needsWorker), async (run) => {
      const wasMissing = await enqueueJob(run);
      if (wasMissing)
        log(
          { runId: run.id, storeId: run.storeId },
          'A run had no job on its way; rang for it again.',
        );
      return wasMissing;
    });
    return { end: 'done', result: { rung: enqueued.filter(Boolean).length } };
  });
}
