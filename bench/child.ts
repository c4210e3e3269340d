import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Task } from './measured-process.ts';

const measured = z.object({ seconds: z.number() });

/** Has a script of this folder measure a task in a process of its own; answers seconds. */
export async function measureInChild(
  words: readonly [script: string, ...args: string[]],
  task: Task,
): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(task));
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with exit ${code}`);
  return measured.parse(JSON.parse(printed)).seconds;
}

/** Ends a process that goes on until it is stopped. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}
