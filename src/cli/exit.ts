import type { ErrorName } from '../core/error-name.ts';
import type * as errors from '../core/errors.ts';
import {
  Cancelled,
  ConfigError,
  Conflict,
  InvalidInput,
  NotFound,
  RunFailure,
  SourceError,
  Unavailable,
} from '../core/errors.ts';
import type { Run } from '../core/model/run.ts';

/** How a failed command ends: its exit code, and the code in its `{ error: { code } }`. */
interface ErrorOutcome {
  readonly exitCode: number;
  readonly code: string;
}

/** A row for each error class; the compiler misses one that isn't there. */
const rows: {
  readonly [Name in ErrorName]: ErrorOutcome & { readonly type: (typeof errors)[Name] };
} = {
  RunFailure: { type: RunFailure, exitCode: 1, code: 'run-failed' },
  SourceError: { type: SourceError, exitCode: 1, code: 'source-failed' },
  Conflict: { type: Conflict, exitCode: 1, code: 'conflict' },
  InvalidInput: { type: InvalidInput, exitCode: 2, code: 'invalid-input' },
  NotFound: { type: NotFound, exitCode: 2, code: 'not-found' },
  Cancelled: { type: Cancelled, exitCode: 4, code: 'cancelled' },
  Unavailable: { type: Unavailable, exitCode: 69, code: 'unavailable' },
  ConfigError: { type: ConfigError, exitCode: 78, code: 'settings' },
};

const bug: ErrorOutcome = { exitCode: 70, code: 'bug' };

/** How a command ends that threw `error`. Anything that is not one of our errors is a bug. */
export function outcomeOf(error: unknown): ErrorOutcome {
  const { exitCode, code } = Object.values(rows).find(({ type }) => error instanceof type) ?? bug;
  const ownCode = error instanceof SourceError || error instanceof RunFailure ? error.code : code;
  return { exitCode, code: ownCode };
}

const runExitCodes: Readonly<Record<Run['status'], number>> = {
  queued: 0,
  listing: 0,
  planned: 0,
  applying: 0,
  succeeded: 0,
  failed: 1,
  held: 3,
  cancelled: 4,
};

/** The exit code of a command that decided on held records: 0 when all that was asked was done. */
export function exitCodeOfDecision({ decided }: Run): number {
  return decided === null || decided.error !== null || decided.failed > 0 ? 1 : 0;
}

/** The exit code of a command that followed a run to its end. */
export function exitCodeOf(run: Run): number {
  return runExitCodes[run.status];
}
