import { Unavailable } from '../../core/errors.ts';
import type { JobQueue } from '../../ports/job-queue.ts';

/**
 * Makes the schedules follow a store that was changed. Null when they do; otherwise why not yet: workers do the same
 * every few minutes, so without Redis the work is done all the same.
 */
export async function followSchedules(
  queue: Pick<JobQueue, 'reconcileSchedules'>,
): Promise<Unavailable | null> {
  try {
    await queue.reconcileSchedules();
    return null;
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

/** A changed store, and why its schedule does not follow yet. */
export interface Followed<Store> {
  readonly store: Store;
  readonly scheduleError: Unavailable | null;
}
