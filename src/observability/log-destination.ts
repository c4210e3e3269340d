import { writeSync } from 'node:fs';
import { type DestinationStream, destination } from 'pino';

/** Lines that wait for room are kept up to here; then the newest are dropped. */
const mostWaitingBytes = 1024 * 1024;

/** Standard error belongs to the process, and so does what is wrong with it. */
let problem: string | null = null;

/** Why the log can't be written, such as `ENOSPC`; null while it can. */
export function logProblem(): string | null {
  return problem;
}

/**
 * Writes to standard error. Where that fails, as on a full disk, the process goes on without its log:
 * it says so once on standard output, and lines are written again when there is room.
 */
export function standardError(fd = 2): DestinationStream {
  const stream = destination({ dest: fd, sync: true, maxLength: mostWaitingBytes });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const isNews = problem === null;
    problem = error.code ?? error.message;
    if (isNews) sayOnce(problem);
  });
  stream.on('write', () => {
    problem = null;
  });
  return stream;
}

function sayOnce(reason: string): void {
  try {
    writeSync(
      1,
      `The log can’t be written to standard error (${reason}). The process goes on without it. ` +
        'Step by step: docs/runbooks/does-not-start.md\n',
    );
  } catch {
    // Standard output may be on the same disk; /readyz still says it.
  }
}
