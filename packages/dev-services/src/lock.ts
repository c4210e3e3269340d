import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Releases a lock. */
export type Unlock = () => Promise<void>;

/**
 * Takes an exclusive lock on a file; the kernel releases it when this process ends, however it ends. With `wait:
 * false` returns undefined when another process has it.
 *
 * util-linux's `flock` holds it for as long as its `cat` can read from this process. Where there is no `flock`
 * (macOS) nothing is locked: Docker is the only provider there, and compose allows two calls at once.
 */
export async function takeLock(
  file: string,
  options: { readonly wait: boolean; readonly onWait?: () => void },
): Promise<Unlock | undefined> {
  const attempt = await startFlock(file, false);
  if (attempt !== undefined || !options.wait) return attempt;
  options.onWait?.();
  return startFlock(file, true);
}

async function startFlock(file: string, wait: boolean): Promise<Unlock | undefined> {
  const flags = wait ? [] : ['--nonblock'];
  // Its own session: a Ctrl-C in the terminal is for this process to handle, not for the lock.
  const holder = spawn('flock', [...flags, file, 'sh', '-c', 'echo locked; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const outcome = await new Promise<'locked' | 'taken' | 'absent'>((resolve) => {
    holder.stdout.once('data', () => resolve('locked'));
    holder.once('exit', () => resolve('taken'));
    holder.once('error', () => resolve('absent'));
  });
  if (outcome === 'taken') return undefined;
  if (outcome === 'absent') return async () => undefined;
  return async () => {
    holder.stdin.end();
    if (holder.exitCode === null) await once(holder, 'exit');
  };
}
