import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Size } from './size.ts';

const repository = join(import.meta.dirname, '../..');

/** The processes of a measurement. */
export interface Children {
  /** Starts the simulated organizations; answers their URL. */
  simulate(size: Pick<Size, 'users' | 'large' | 'latencyMs'>): Promise<string>;
  /** Starts a worker of the build, and answers in how many milliseconds it was ready. */
  startWorker(env: NodeJS.ProcessEnv): Promise<number>;
  /** The most that any of the workers was ever resident, in MiB; null where that can't be read (Linux only). */
  peakMiB(): number | null;
  close(): Promise<void>;
}

export function openChildren(): Children {
  const workers: ChildProcess[] = [];
  const simulators: ChildProcess[] = [];
  return {
    async simulate({ users, large, latencyMs }) {
      const script = join(import.meta.dirname, 'simulate-organizations.ts');
      const words = ['--import', 'tsx', script, ...[users, large, latencyMs].map(String)];
      const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
      simulators.push(child);
      return firstLine(child, () => true);
    },
    async startWorker(env) {
      const startedAt = performance.now();
      const words = [
        ...process.execArgv.filter(isProfiling),
        'dist/src/main.js',
        'serve',
        'worker',
      ];
      const child = spawn(process.execPath, words, {
        cwd: repository,
        env: { ...env, LOG_LEVEL: 'info' },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      workers.push(child);
      await firstLine(child, (line) => line.includes('"msg":"Ready."'));
      return performance.now() - startedAt;
    },
    peakMiB: () => (process.platform === 'linux' ? Math.max(...workers.map(peakOf)) : null),
    async close() {
      await Promise.all(workers.splice(0).map(end));
      await Promise.all(simulators.splice(0).map(end));
    },
  };
}

/** `node --cpu-prof …` on the measurement profiles its workers too. */
function isProfiling(word: string): boolean {
  return word.startsWith('--cpu-prof');
}

/** Waits for a line that will do; what comes after it is dropped. */
async function firstLine(child: ChildProcess, willDo: (line: string) => boolean): Promise<string> {
  const stream = child.stdout ?? child.stderr;
  if (stream === null) throw new Error('the child says nothing');
  let said = '';
  return new Promise((resolve, reject) => {
    createInterface({ input: stream }).on('line', (line) => {
      said = line;
      if (willDo(line)) resolve(line);
    });
    child.once('exit', () => reject(new Error(`a process of the measurement ended: ${said}`)));
  });
}

function peakOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
