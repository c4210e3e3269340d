import { z } from 'zod';
import { defineJob, type JobDefinition } from './job-definition.ts';

/** Makes the schedulers follow the stores even if a change was missed or Redis lost them. */
export function reconcileSchedulesJob(
  reconcile: (holder: string) => Promise<{ readonly put: number; readonly removed: number }>,
): JobDefinition {
  return defineJob({
    queue: 'maintenance',
    name: 'reconcile-schedules',
    data: z.object({}),
    everyMs: 5 * 60_000,
    handle: async ({ holder }) => ({ end: 'done', result: await reconcile(holder) }),
  });
}
