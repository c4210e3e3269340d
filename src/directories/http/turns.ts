import { Cancelled } from '../../core/errors.ts';
import { afterAccepted, afterRefused, afterSending, type Pace, startingPace } from './pace.ts';

export const mostAtOnce = 6;

interface TurnsOptions {
  /** The pace that an earlier run remembered. */
  readonly perSecond: number | null;
  readonly now: () => number;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How an attempt ended; `unknown` when no answer arrived. */
type Ending =
  | { readonly answer: 'accepted' | 'unknown' }
  | {
      readonly answer: 'refused';
      readonly retryAfterMs: number | null;
      readonly mostMs: number;
    };

export interface Turns {
  /**
   * Waits for one of the few slots; call the function that it resolves to when the request is done. Throws `Cancelled`
   * when stopped.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** Waits until one attempt may be sent; call the function that it resolves to with its ending. */
  next(signal: AbortSignal): Promise<(ending: Ending) => void>;
  perSecond(): number | null;
}

/** Lets requests through in order: a few at a time, and no faster than the directory has shown to allow. */
export function createTurns({ perSecond, now, pause }: TurnsOptions): Turns {
  let pace = startingPace(perSecond);
  let underWay = 0;
  const waiting = new Set<() => void>();
  let latest: Promise<unknown> = Promise.resolve();
  let probe: Promise<void> = Promise.resolve();
  let probeEnded = (): void => undefined;

  function admit(): void {
    for (const start of waiting) {
      if (underWay >= mostAtOnce) return;
      waiting.delete(start);
      underWay += 1;
      start();
    }
  }

  function leave(): void {
    underWay -= 1;
    admit();
  }

  async function waitForTurn(signal: AbortSignal): Promise<(ending: Ending) => void> {
    for (;;) {
      stopIfAborted(signal);
      const waitMs = pace.nextMs - now();
      if (pace.isProbing) await probe;
      else if (waitMs > 0) await pause(waitMs, signal);
      else break;
    }
    const sentMs = now();
    pace = afterSending(pace, sentMs);
    const isProbe = pace.isProbing;
    if (isProbe) {
      probe = new Promise((resolve) => {
        probeEnded = resolve;
      });
    }
    return (ending) => {
      pace = afterEnding(pace, { sentMs, nowMs: now() }, ending);
      if (!isProbe) return;
      pace = { ...pace, isProbing: false };
      probeEnded();
    };
  }

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          waiting.delete(start);
          reject(stopped());
        };
        const start = (): void => {
          signal.removeEventListener('abort', stop);
          resolve(leave);
        };
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        waiting.add(start);
        admit();
      }),
    next(signal) {
      const turn = latest.then(() => waitForTurn(signal));
      latest = turn.catch(() => undefined);
      return turn;
    },
    perSecond: () => pace.perSecond,
  };
}

function afterEnding(
  pace: Pace,
  times: { readonly sentMs: number; readonly nowMs: number },
  ending: Ending,
): Pace {
  if (ending.answer === 'refused') return afterRefused(pace, { ...times, ...ending });
  return ending.answer === 'accepted' ? afterAccepted(pace, times) : pace;
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}

function stopped(): Cancelled {
  return new Cancelled('stopped while waiting for a turn to ask the directory');
}
