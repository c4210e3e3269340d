import { defineRecurring, type JobDefinition } from './job-definition.ts';

/** Makes the schedulers follow the stores even if a change was missed or Redis lost them. */
export function reconcileSchedulesJob(
  reconcile: (holder: string) => Promise<{ readonly put: number; readonly removed: number }>,
): JobDefinition {
  return defineRecurring('reconcile-schedules', 5 * 60_000, async ({ holder }) => ({
    end: 'done',
    result: await reconcile(holder),
  }));
}
