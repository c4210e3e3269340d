import { Unavailable } from '../../core/errors.ts';
import type { JobQueue } from '../../ports/job-queue.ts';

/**
 * Makes the schedulers match a changed store. Null when they do; otherwise the reason: workers do
 * the same every few minutes, so without Redis it happens later.
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

/** A changed store, and the reason when its schedule is not set yet. */
export interface Followed<Store> {
  readonly store: Store;
  readonly scheduleError: Unavailable | null;
}
