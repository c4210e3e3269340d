import { Unavailable } from '../core/errors.ts';
import type { Ports } from '../sync/ports.ts';
import type { Context } from './context.ts';

/**
 * Makes the schedules follow a store that a command has changed. Workers do the same every few
 * minutes, so when Redis can't be reached the command has still done its work: it says so.
 */
export async function reconcileSchedules(
  { output }: Pick<Context, 'output'>,
  ports: Pick<Ports, 'queue'>,
): Promise<void> {
  try {
    await ports.queue.reconcileSchedules();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    output.note(`The store is changed, but its schedule is not yet: ${error.message}`);
    output.note('The schedule follows by itself once a worker reaches Redis.');
  }
}
