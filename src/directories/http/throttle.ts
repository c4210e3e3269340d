import { Cancelled } from '../../core/errors.ts';

export const highestLimit = 6;
const successesPerStep = 20;

/** How many requests may be in flight at once, and how many have succeeded in a row. */
export interface ThrottleState {
  readonly limit: number;
  readonly successes: number;
}

export const startingThrottle: ThrottleState = { limit: highestLimit, successes: 0 };

/** One more at a time after a row of successes. */
export function afterSuccess({ limit, successes }: ThrottleState): ThrottleState {
  if (successes + 1 < successesPerStep) return { limit, successes: successes + 1 };
  return { limit: Math.min(highestLimit, limit + 1), successes: 0 };
}

/** Half as many at a time when the source asks to slow down, never fewer than one. */
export function afterRateLimit({ limit }: ThrottleState): ThrottleState {
  return { limit: Math.max(1, Math.floor(limit / 2)), successes: 0 };
}

export interface Throttle {
  /**
   * Waits for a slot; call the function that it resolves to when the request is done. Throws
   * `Cancelled` when stopped.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  adapt(step: (state: ThrottleState) => ThrottleState): void;
}

/** Lets requests through in order, as many at once as the source has shown to allow. */
export function createThrottle(): Throttle {
  let state = startingThrottle;
  let underWay = 0;
  const waiting = new Set<() => void>();

  function admit(): void {
    for (const start of waiting) {
      if (underWay >= state.limit) return;
      waiting.delete(start);
      underWay += 1;
      start();
    }
  }

  function leave(): void {
    underWay -= 1;
    admit();
  }

  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          waiting.delete(start);
          reject(new Cancelled('stopped while waiting for a turn to ask the directory'));
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
    adapt(step) {
      state = step(state);
      admit();
    },
  };
}
