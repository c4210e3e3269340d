import { NotFound } from '../core/errors.ts';
import { hasEnded, type Run } from '../core/model/run.ts';
import { askQueue, watchRun } from '../manage/runs/watch-run.ts';
import type { Ports } from '../ports/index.ts';
import type { Connected } from './context.ts';
import { createProgressView } from './terminal/progress-view.ts';

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
  const leaving = new AbortController();
  const onInterrupt = (): void => leaving.abort('SIGINT');
  const onTerminate = (): void => leaving.abort('SIGTERM');
  deps.signals.on('SIGINT', onInterrupt);
  deps.signals.on('SIGTERM', onTerminate);
  const view = createProgressView(deps.stderr, ports.clock);
  const watching = { signal: leaving.signal, pause: deps.sleep };
  let run = first;
  let saidWhyQueued = false;
  try {
    for await (const { is, run: seen, progress } of watchRun(ports, first, watching)) {
      if (seen === null) throw removed(run);
      run = seen;
      onChange(run);
      // A worker claims most runs at once: only a run that stays queued is shown as queued.
      if (is !== 'news' || progress !== null) view.show(run, progress);
      if (is !== 'quiet' || saidWhyQueued || !isWaiting(run)) continue;
      view.note(await whyQueued(ports));
      saidWhyQueued = true;
    }
    return { run, interrupted: hasEnded(run) ? null : leaving.signal.reason };
  } finally {
    view.end(run);
    deps.signals.off('SIGINT', onInterrupt);
    deps.signals.off('SIGTERM', onTerminate);
  }
}

function removed({ id }: Run): NotFound {
  return new NotFound(`Run ${id} is there no more.`, { hint: 'Its store was removed meanwhile.' });
}

/** Whether no worker has claimed the run yet. */
function isWaiting({ status, decision, resumes }: Run): boolean {
  return status === 'queued' || (decision !== null && resumes === 0);
}

async function whyQueued({ queue }: Pick<Ports, 'queue'>): Promise<string> {
  return (await askQueue(() => queue.workers()))?.alive === 0
    ? 'No worker is running, so nothing happens yet. Start one with: rollcall serve worker'
    : 'Still queued: the workers are busy with other runs.';
}
