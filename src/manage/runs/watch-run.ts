import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from '../../core/errors.ts';
import { hasEnded, type Run } from '../../core/model/run.ts';
import type { Ports } from '../../ports/index.ts';
import type { Progress } from '../../ports/job-queue.ts';

/** What a watcher gets of a run: its state, its progress, or that nothing is new for a while. */
export type RunSight =
  | { readonly is: 'run'; readonly run: Run }
  | { readonly is: 'progress'; readonly progress: Progress }
  | { readonly is: 'quiet' }
  /** The run ended, or was removed (null). */
  | { readonly is: 'end'; readonly run: Run | null };

const lookEveryMs = 500;
const quietAfterMs = 15_000;

interface Watching {
  /** Aborted when the watcher leaves. */
  readonly signal: AbortSignal;
  /** Resolves after that time, or when the signal is aborted. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const pauseFor: NonNullable<Watching['pause']> = (ms, signal) =>
  wait(ms, undefined, { signal }).catch(() => undefined);

/** Watches a run until it ends or the watcher leaves. The run does not depend on being watched. */
export async function* watchRun(
  ports: Pick<Ports, 'runs' | 'queue'>,
  first: Run,
  { signal, pause = pauseFor }: Watching,
): AsyncGenerator<RunSight> {
  let shown = '';
  let quietMs = 0;
  for (let run: Run | null = first; ; run = await ports.runs.get(first.id)) {
    if (run === null || hasEnded(run)) return yield { is: 'end', run };
    const shownRun = run;
    const progress = await askQueue(() => ports.queue.progressOf(shownRun));
    const news: readonly RunSight[] = [
      { is: 'run', run },
      ...(progress === null ? [] : [{ is: 'progress', progress } as const]),
    ];
    const look = JSON.stringify(news);
    if (look !== shown) yield* news;
    quietMs = look === shown ? quietMs + lookEveryMs : 0;
    shown = look;
    if (quietMs >= quietAfterMs) {
      yield { is: 'quiet' };
      quietMs = 0;
    }
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
