import type { Run } from '../src/core/model/run.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { JobQueue } from '../src/ports/job-queue.ts';
import type { RecordStore } from '../src/ports/records.ts';
import type { RunStore } from '../src/ports/runs.ts';
import { resolveRuns } from '../src/sync/run/records/resolve-runs.ts';
import { defineRecurring, type JobDefinition } from './job-definition.ts';

export interface ExpireHeldDependencies {
  readonly runs: Pick<RunStore, 'list' | 'get' | 'amend' | 'openDecision'>;
  readonly records: Pick<RecordStore, 'countByStatus' | 'countByAction'>;
  readonly queue: Pick<JobQueue, 'enqueueJob'>;
  readonly clock: Clock;
  readonly heldExpiryMs: number;
}

const hourMs = 60 * 60_000;

/**
 * Rejects held records that waited for a decision too long, as a person would: by a decision that a
 * worker carries out.
 */
export function expireHeldJob(dependencies: ExpireHeldDependencies): JobDefinition {
  const { runs, queue, clock, heldExpiryMs } = dependencies;
  return defineRecurring('expire-held', hourMs, async () => {
    const holding = await runs.list({ holding: true });
    // A worker that died after it closed the last held record of an earlier run left that run held.
    await resolveRuns(
      dependencies,
      holding.map(({ id }) => id),
    );
    const now = clock.now();
    const isOld = ({ finishedAt }: Run) =>
      finishedAt !== null && now.getTime() - finishedAt.getTime() >= heldExpiryMs;
    let expired = 0;
    for (const { id } of (await runs.list({ holding: true })).filter(isOld)) {
      const decision = {
        verdict: 'reject',
        people: null,
        rejected: [],
        by: 'expiry',
        at: now,
      } as const;
      const opened = await runs.openDecision(id, decision);
      if (opened === null) continue;
      await queue.enqueueJob(opened);
      expired += 1;
    }
    return { end: 'done', result: { expired } };
  });
}
