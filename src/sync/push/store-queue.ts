import { type OpenRun, outcomesNow, type PushOutcomes, pushBatch } from './push-batch.ts';
import type { PushEvents, PushPorts } from './push-ports.ts';
import { endPushRun } from './push-run.ts';

/** A run ends when nothing was pushed for so long, */
const quietMs = 5_000;
/** and after so long at the latest. */
const longestMs = 60_000;
const mostTogether = 1_000;

/** The queue of one store's pushes: it runs one batch after the other. */
export interface StoreQueue {
  push(ids: readonly string[]): Promise<PushOutcomes>;
  standingsOf(ids: readonly string[]): Promise<PushOutcomes>;
  /** Ends the open run, after the batch that is at work. */
  endRun(): Promise<void>;
}

/** A push that waits for its batch. */
interface Waiting {
  readonly ids: readonly string[];
  readonly resolve: (standings: PushOutcomes) => void;
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
    const ended = run === null ? null : await endPushRun(ports, run);
    if (ended !== null) onRunEnded(ended);
  }

  /** In its turn, so that nothing is written into a run that has ended. */
  const endWhenIdle = (): Promise<void> => enqueue(() => endRun().catch(onError));

  const armEnd = (): void => {
    clearTimeout(timer);
    if (open.run === null) return;
    const age = ports.clock.now().getTime() - open.run.openedAt.getTime();
    const delay = Math.max(0, Math.min(quietMs, longestMs - age));
    timer = setTimeout(() => void endWhenIdle(), delay);
    timer.unref();
  };

  const serve = async (): Promise<void> => {
    while (waiting.length > 0) {
      const turn = takeTurn(waiting);
      try {
        const ids = [...new Set(turn.flatMap((each) => each.ids))];
        const standings = await pushBatch(ports, { storeId, open, ids });
        for (const { resolve } of turn) resolve(standings);
      } catch (error) {
        // A worker finishes the records that are still planned. Ending the run here would leave them planned forever.
        open.run = null;
        for (const { reject } of turn) reject(error);
      }
      armEnd();
    }
  };

  return {
    push: (ids) =>
      new Promise((resolve, reject) => {
        waiting.push({ ids, resolve, reject });
        if (waiting.length === 1) void enqueue(serve);
      }),
    standingsOf: (ids) => outcomesNow(ports, { storeId, open, ids }),
    endRun: endWhenIdle,
  };
}

/** As many as are waiting, up to a bound. */
function takeTurn(waiting: Waiting[]): readonly Waiting[] {
  let people = 0;
  let count = 0;
  for (const { ids } of waiting) {
    if (count > 0 && people + ids.length > mostTogether) break;
    people += ids.length;
    count += 1;
  }
  return waiting.splice(0, count);
}
