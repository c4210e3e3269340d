import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from '../../core/errors.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import type { Progress } from '../../ports/job-queue.ts';

/**
 * What a watcher gets of a run, with each look at it. `quiet`: it was the same for ten seconds, or
 * for ten seconds more. `end`: the run ended, or was removed (null).
 */
export type RunSight =
  | {
      readonly is: 'news' | 'same' | 'quiet';
      readonly run: Run;
      readonly progress: Progress | null;
    }
  | { readonly is: 'end'; readonly run: Run | null; readonly progress: null };

const lookEveryMs = 500;
const quietAfterMs = 10_000;

interface Watching {
  /** Aborted when the watcher leaves. */
  readonly signal: AbortSignal;
  readonly pause?: typeof pauseFor;
}

/** Resolves after that time, or when the signal is aborted. */
export const pauseFor = (ms: number, signal: AbortSignal): Promise<unknown> =>
  wait(ms, undefined, { signal }).catch(() => undefined);

/** Watches a run until it ends or the watcher leaves. The run does not depend on being watched. */
export async function* watchRun(
  ports: Pick<Ports, 'runs' | 'queue'>,
  first: Run,
  { signal, pause = pauseFor }: Watching,
): AsyncGenerator<RunSight> {
  let seen = '';
  let sameMs = 0;
  for (let run: Run | null = first; ; run = await ports.runs.get(first.id)) {
    if (run === null || hasEnded(run)) return yield { is: 'end', run, progress: null };
    const asked = run;
    const progress = await askQueue(() => ports.queue.progressOf(asked));
    const look = JSON.stringify([run, progress]);
    sameMs = look === seen ? sameMs + lookEveryMs : 0;
    seen = look;
    const same = sameMs % quietAfterMs === 0 ? 'quiet' : 'same';
    yield { is: sameMs === 0 ? 'news' : same, run, progress };
    await pause(lookEveryMs, signal);
    if (signal.aborted) return;
  }
}

/** The run in the database is the truth: without Redis it can be watched as well. */
export async function askQueue<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
}
