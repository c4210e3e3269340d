import { messageOf } from '../core/errors.ts';

/** One thing to end, in its turn. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

interface ShutdownLog {
  info(message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Less than the 30 seconds after which orchestrators kill a process. */
const deadlineMs = 25_000;

/**
 * Ends things in order. A failed step doesn't skip the later ones; false when one failed or the deadline came first.
 */
export async function shutDown(
  steps: readonly ShutdownStep[],
  { log, timeoutMs = deadlineMs }: { readonly log: ShutdownLog; readonly timeoutMs?: number },
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  let current = '';
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      log.error({ step: current }, 'Stopping takes too long; the rest is left to the next start.');
      resolve(false);
    }, timeoutMs);
  });
  const inOrder = async (): Promise<boolean> => {
    let clean = true;
    for (const { name, run } of steps) {
      current = name;
      try {
        await run();
      } catch (err) {
        clean = false;
        log.error({ err, step: name }, `Could not ${name}: ${messageOf(err)}`);
      }
    }
    return clean;
  };
  try {
    return await Promise.race([inOrder(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** SIGHUP: the terminal closed, or a service manager asked for new settings: a new process reads them. */
const stopSignals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

interface SignalSource {
  on(signal: keyof typeof stopSignals, listener: () => void): unknown;
  exit(code: number): unknown;
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
export function untilStopSignal(process: SignalSource): Promise<keyof typeof stopSignals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(stopSignals[signal]);
        asked = true;
        resolve(signal);
      });
    }
  });
}
