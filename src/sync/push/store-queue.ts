import {
  leaveRun,
  type OpenRun,
  outcomesNow,
  type PushOutcomes,
  pushBatch,
  type ReadAhead,
} from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { endPushRun } from './push-run.ts';

/** A run ends after this long without a push, */
const quietMs = 5_000;
/** and after this long at the latest. */
const longestMs = 60_000;
const mostTogether = 1_000;

/** The queue of one store's pushes: it runs one batch after the other. */
export interface StoreQueue {
  push(ids: readonly string[], ahead: ReadAhead | null): Promise<PushOutcomes>;
  readAhead(ids: readonly string[]): Promise<ReadAhead | null>;
  outcomesOf(ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the open run after the batch that is at work. */
  endRun(): Promise<void>;
}

/** A push that waits for its batch. */
interface Waiting {
  readonly ids: readonly string[];
  readonly ahead: ReadAhead | null;
  readonly resolve: (outcomes: PushOutcomes) => void;
  readonly reject: (error: unknown) => void;
}

export function createStoreQueue(
  ports: PushPorts,
  storeId: string,
  { onRunEnded, onError }: PushEvents,
): StoreQueue {
  const waiting: Waiting[] = [];
  const open: OpenRun = { run: null, ready: null, left: [] };
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();
  let batches = 0;
  let isAtWork = false;
  let isReading = false;
  const enqueue = (next: () => Promise<void>): Promise<void> => {
    work = work.then(next);
    return work;
  };

  const endLeftRuns = async (): Promise<void> => {
    for (const run of open.left.splice(0)) {
      try {
        const ended = await endPushRun(ports, run);
        if (ended !== null) onRunEnded(ended);
      } catch (error) {
        onError(error);
      }
    }
  };

  /** Queued after the batches, so that nothing is written into a run that has ended. */
  const endWhenIdle = (): Promise<void> => {
    clearTimeout(timer);
    return enqueue(() => {
      leaveRun(open);
      return endLeftRuns();
    });
  };

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
      isAtWork = true;
      const batch = takeBatch(waiting);
      const ahead = readAheadOf(batch, batches);
      batches += 1;
      try {
        const ids = [...new Set(batch.flatMap((each) => each.ids))];
        const outcomes = await pushBatch(ports, { storeId, open, ids, ahead });
        for (const { resolve } of batch) resolve(outcomes);
      } catch (error) {
        // A worker finishes the records that are still planned. Ending the run here would leave them planned forever.
        open.run = null;
        for (const { reject } of batch) reject(error);
      }
      isAtWork = false;
      // After the answers, and before the next batch.
      await endLeftRuns();
      scheduleEnd();
    }
  };

  return {
    push: (ids, ahead) =>
      new Promise((resolve, reject) => {
        waiting.push({ ids, ahead, resolve, reject });
        if (waiting.length === 1) void enqueue(pushWaiting);
      }),
    async readAhead(ids) {
      if (isReading || isAtWork || waiting.length > 0) return null;
      const batchesBefore = batches;
      isReading = true;
      try {
        const pushed = await ports.pushed.read(storeId, ids);
        return { ...pushed, batchesBefore, isWrittenSince: false };
      } finally {
        isReading = false;
      }
    },
    outcomesOf: (ids) => outcomesNow(ports, { storeId, open, ids }),
    endRun: endWhenIdle,
  };
}

/** What a push read ahead, if it is alone in its batch and no other batch has begun since. */
function readAheadOf([first, ...others]: readonly Waiting[], batches: number): ReadAhead | null {
  const ahead = first?.ahead ?? null;
  return others.length === 0 && ahead?.batchesBefore === batches ? ahead : null;
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
