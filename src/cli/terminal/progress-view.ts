import { SingleBar } from 'cli-progress';
import type { Run } from '../../core/model/run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Progress } from '../../ports/job-queue.ts';
import type { OutputStream } from '../dependencies.ts';

/** Shows the progress of a run to the user who waits for it. */
export interface ProgressView {
  /** `progress` is null while only the run's status is known. */
  show(run: Run, progress: Progress | null): void;
  note(text: string): void;
  /** Nothing more will be shown; `run` is the last state seen. */
  end(run: Run): void;
}

const phases: Readonly<
  Record<Progress['phase'], { readonly title: string; readonly unit: string }>
> = {
  listing: { title: 'Reading the directory', unit: 'people' },
  confirming: { title: 'Confirming removals', unit: 'people' },
  applying: { title: 'Writing members', unit: 'changes' },
};
const titleWidth = Math.max(...Object.values(phases).map(({ title }) => title.length));

const number = (value: number): string => value.toLocaleString('en');

/** A progress bar on a terminal, plain lines elsewhere. */
export function createProgressView(stream: OutputStream, clock: Clock): ProgressView {
  return stream.isTTY === true ? barView(stream) : lineView(stream, clock);
}

/** One bar a phase; bars of earlier phases stay above, full. */
function barView(stream: OutputStream): ProgressView {
  let current: { readonly phase: Progress['phase']; readonly bar: SingleBar } | null = null;
  const finish = (full: boolean): void => {
    if (full) current?.bar.update(current.bar.getTotal());
    current?.bar.stop();
    current = null;
  };
  const start = ({ phase, total, done }: Progress): SingleBar => {
    const { title, unit } = phases[phase];
    const bar = new SingleBar({
      stream,
      format: `${title.padEnd(titleWidth)} {bar} {value}/{total} ${unit}`,
      formatValue: (value, _options, type) =>
        type === 'value' || type === 'total' ? number(value) : String(value),
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      // We handle interrupts: the run goes on, and we say so.
      gracefulExit: false,
    });
    bar.start(total, done);
    return bar;
  };
  return {
    show: (_run, progress) => {
      if (progress === null) return;
      if (current !== null && current.phase !== progress.phase) finish(true);
      current ??= { phase: progress.phase, bar: start(progress) };
      current.bar.setTotal(Math.max(progress.total, progress.done));
      current.bar.update(progress.done);
    },
    note: (text) => {
      finish(false);
      stream.write(`${text}\n`);
    },
    end: (run) => finish(run.status === 'succeeded' || run.status === 'planned'),
  };
}

const lineEveryMs = 5000;

/** A line when a phase begins, and one every few seconds. */
function lineView(stream: OutputStream, clock: Clock): ProgressView {
  let shown: { readonly what: string; readonly at: number } | null = null;
  const say = (what: string, text: string): void => {
    const at = clock.now().getTime();
    if (shown !== null && shown.what === what && at - shown.at < lineEveryMs) return;
    if (shown?.what === what && what === 'queued') return;
    shown = { what, at };
    stream.write(`${text}\n`);
  };
  return {
    show: (run, progress) => {
      if (progress !== null) {
        const { title, unit } = phases[progress.phase];
        const total = Math.max(progress.total, progress.done);
        say(progress.phase, `${title}: ${number(progress.done)} of ${number(total)} ${unit}`);
      } else if (run.status === 'queued') say('queued', 'Queued: waiting for a worker');
    },
    note: (text) => {
      stream.write(`${text}\n`);
    },
    end: () => undefined,
  };
}
