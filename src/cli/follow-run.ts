import { NotFound } from '../core/errors.ts';
import { hasEnded, type Run } from '../core/model/run.ts';
import { askQueue } from '../manage/runs/watch-run.ts';
import type { Ports } from '../ports/index.ts';
import type { Connected, Context } from './context.ts';
import { createProgressView, type ProgressView } from './terminal/progress-view.ts';

const pollMs = 300;
const patienceMs = 10_000;

/** The result of following a run. `interrupted`: the user stopped following; the run goes on. */
export interface Followed {
  readonly run: Run;
  readonly interrupted: 'SIGINT' | 'SIGTERM' | null;
}

/**
 * Watches a run until it ends and shows its progress on standard error. The run doesn't depend on
 * it: an interrupt ends only the watching. `onChange` gets every state of the run that was seen.
 */
export async function followRun(
  { context: { deps }, ports }: Connected,
  first: Run,
  onChange: (run: Run) => void,
): Promise<Followed> {
  const interrupt = watchInterrupts(deps.signals);
  const view = createProgressView(deps.stderr, ports.clock);
  const watch = createQueueWatch(ports, view);
  let run = first;
  try {
    while (!hasEnded(run)) {
      const signal = await Promise.race([interrupt.happened, deps.sleep(pollMs)]);
      if (signal !== undefined) return { run, interrupted: signal };
      run = await readAgain(ports, run);
      onChange(run);
      await watch(run);
      view.show(run, hasEnded(run) ? null : await askQueue(() => ports.queue.progressOf(run)));
    }
    return { run, interrupted: null };
  } finally {
    view.end(run);
    interrupt.stop();
  }
}

async function readAgain(ports: Pick<Ports, 'runs'>, { id }: Run): Promise<Run> {
  const run = await ports.runs.get(id);
  if (run !== null) return run;
  throw new NotFound(`Run ${id} is there no more.`, { hint: 'Its store was removed meanwhile.' });
}

/** Says once why a run is still queued when that takes long. */
function createQueueWatch(
  ports: Pick<Ports, 'queue' | 'clock'>,
  view: ProgressView,
): (run: Run) => Promise<void> {
  const since = ports.clock.now().getTime();
  let said = false;
  return async (run) => {
    if (said || !isWaiting(run)) return;
    if (ports.clock.now().getTime() - since < patienceMs) return;
    said = true;
    view.note(
      (await askQueue(() => ports.queue.workerCount())) === 0
        ? 'No worker is running, so nothing happens yet. Start one with: rollcall serve worker'
        : 'Still queued: the workers are busy with other runs.',
    );
  };
}

/** Whether no worker has claimed the run yet. */
function isWaiting({ status, decision, resumes }: Run): boolean {
  return status === 'queued' || (decision !== null && resumes === 0);
}

/** Resolves `happened` with the first signal that asks the command to stop. */
function watchInterrupts(signals: Context['deps']['signals']): {
  readonly happened: Promise<'SIGINT' | 'SIGTERM'>;
  stop(): void;
} {
  let interrupt: (signal: 'SIGINT' | 'SIGTERM') => void = () => undefined;
  const happened = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    interrupt = resolve;
  });
  const onInterrupt = (): void => interrupt('SIGINT');
  const onTerminate = (): void => interrupt('SIGTERM');
  signals.on('SIGINT', onInterrupt);
  signals.on('SIGTERM', onTerminate);
  return {
    happened,
    stop: () => {
      signals.off('SIGINT', onInterrupt);
      signals.off('SIGTERM', onTerminate);
    },
  };
}
