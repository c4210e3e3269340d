import { hasEnded, type Run, runsInCreatingProcess } from '../src/core/model/run.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { RunStore } from '../src/ports/runs.ts';
import { inBatches } from './in-batches.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface SweepRunsDependencies {
  readonly runs: Pick<RunStore, 'list'>;
  /** Rings unless a job is on its way already; whether it had to. */
  readonly ring: (run: Run) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** A run that its maker carries out and has not ended by then was left behind. */
const ownMakerMs = 5 * 60_000;

/** Rings again for every run that nobody has ended and no job is on its way for: losing Redis loses nothing. */
export function sweepRunsJob({ runs, ring, clock, log }: SweepRunsDependencies): JobDefinition {
  const needsWorker = (run: Run): boolean =>
    !hasEnded(run) &&
    (!runsInCreatingProcess(run) || clock.now().getTime() - run.createdAt.getTime() > ownMakerMs);
  return defineRecurring('sweep-runs', 30_000, async () => {
    const unfinished = await runs.list({
      statuses: ['queued', 'listing', 'applying'],
    });
    const rung = await inBatches(unfinished.filter(needsWorker), async (run) => {
      const wasMissing = await ring(run);
      if (wasMissing) log({ runId: run.id }, 'A run had no job on its way; rang for it again.');
      return wasMissing;
    });
    return { end: 'done', result: { rung: rung.filter(Boolean).length } };
  });
}
