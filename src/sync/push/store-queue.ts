import { type OpenRun, outcomesNow, type PushOutcomes, pushBatch } from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { endPushRun } from './push-run.ts';

/** A run ends after this long without a push, */
const quietMs = 5_000;
/** and after this long at the latest. */
const longestMs = 60_000;
const mostTogether = 1_000;

/** The queue of one store's pushes: it runs one batch after the other. */
export interface StoreQueue {
  push(ids: readonly string[]): Promise<PushOutcomes>;
  outcomesOf(ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the open run after the batch that is at work. */
  endRun(): Promise<void>;
}

/** A push that waits for its batch. */
interface Waiting {
  readonly ids: readonly string[];
  readonly resolve: (outcomes: PushOutcomes) => void;
  readonly reject: (error: unknown) => void;
}

export function createStoreQueue(
  ports: PushPorts,
  storeId: string,
  { onRunEnded, onError }: PushEvents,
): StoreQueue {
  const waiting: Waiting[] = [];
  const open: OpenRun = { run: null, ready: null, endRun };
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  const enqueue = (next: () => Promise<void>): Promise<void> => {
    work = work.then(next);
    return work;
  };

  async function endRun(): Promise<void> {
    clearTimeout(timer);
    const { run } = open;
    open.run = null;
    // The next run has time for its expressions again.
    open.ready = null;
    const ended = run === null ? null : await endPushRun(ports, run);
    if (ended !== null) onRunEnded(ended);
  }

  /** Queued after the batches, so that nothing is written into a run that has ended. */
  const endWhenIdle = (): Promise<void> => enqueue(() => endRun().catch(onError));

  const scheduleEnd = (): void => {
    clearTimeout(timer);
    if (open.run === null) return;
    const age = ports.clock.now().getTime() - open.run.openedAt.getTime();
    const delay = Math.max(0, Math.min(quietMs, longestMs - age));
    timer = setTimeout(() => void endWhenIdle(), delay);
    timer.unref();
  };

  const pushWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      try {
        const ids = [...new Set(batch.flatMap((each) => each.ids))];
        const outcomes = await pushBatch(ports, { storeId, open, ids });
        for (const { resolve } of batch) resolve(outcomes);
      } catch (error) {
        // A worker finishes the records that are still planned. Ending the run here would leave them planned forever.
        open.run = null;
        for (const { reject } of batch) reject(error);
      }
      scheduleEnd();
    }
  };

  return {
    push: (ids) =>
      new Promise((resolve, reject) => {
        waiting.push({ ids, resolve, reject });
        if (waiting.length === 1) void enqueue(pushWaiting);
      }),
    outcomesOf: (ids) => outcomesNow(ports, { storeId, open, ids }),
    endRun: endWhenIdle,
  };
}

/** Takes the waiting pushes, up to a bound. */
function takeBatch(waiting: Waiting[]): readonly Waiting[] {
  let people = 0;
  let count = 0;
  for (const { ids } of waiting) {
    if (count > 0 && people + ids.length > mostTogether) break;
    people += ids.length;
    count += 1;
  }
  return waiting.splice(0, count);
}
