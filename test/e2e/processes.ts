import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/simulator.ts';
import { testServices, uniqueName } from '../setup/services.ts';

const rollcallPath = join(process.cwd(), 'bin/rollcall');

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the built Rollcall that runs until it is stopped. */
export interface Running {
  readonly pid: number;
  /** Whether it has ended, by itself or by a signal. */
  readonly hasEnded: boolean;
  /** All its output so far. */
  said(): string;
  /** Resolves once its output contains a match. */
  hasSaid(pattern: RegExp): Promise<void>;
  /** Pauses it, until `wake`. */
  pause(): void;
  wake(): void;
  /** Ends it by a signal; returns its exit code, null when the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** A Rollcall with a database and a Redis prefix of its own. */
export interface Rollcall {
  readonly env: NodeJS.ProcessEnv;
  /** Runs a command to its end. */
  rollcall(args: readonly string[], input?: string): Promise<Finished>;
  /** Runs a command with `--json` that must succeed, and returns the printed document. */
  ask<T>(args: readonly string[], input?: string): Promise<T>;
  /** Starts a process and waits until it is ready. */
  serve(role: 'api' | 'worker' | 'all'): Promise<Running>;
  /** Stops all that was started. */
  close(): Promise<void>;
}

/** A Rollcall and the JumpCloud that its stores read. */
export interface Installation extends Rollcall {
  readonly simulator: Simulator;
}

/** Makes an installation on the tests' services, or on others; only its JumpCloud runs yet. */
export async function install(
  options: SimulatorOptions,
  { mongodbUri, redisUrl }: ReturnType<typeof testServices> = testServices(),
): Promise<Installation> {
  const simulator = await startSimulator(options);
  const rollcall = operate({
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    JUMPCLOUD_CONSOLE_URL: simulator.url,
    JUMPCLOUD_OAUTH_URL: simulator.url,
  });
  return {
    ...rollcall,
    simulator,
    async close() {
      await rollcall.close();
      await simulator.close();
    },
  };
}

/** Operates a Rollcall with these settings in addition to its usual ones. */
export function operate(settings: Readonly<Record<string, string>>): Rollcall {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    MONGODB_DATABASE: uniqueName('e2e'),
    REDIS_PREFIX: uniqueName('e2e'),
    SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SOURCE_RETRY_BUDGET_SECONDS: '5',
    HTTP_PORT: '0',
    ...settings,
  };
  const running: Running[] = [];
  const rollcall = (args: readonly string[], input = '') => runToEnd(args, { env, input });
  return {
    env,
    rollcall,
    async ask<T>(args: readonly string[], input = '') {
      const { code, stdout, stderr } = await rollcall([...args, '--json'], input);
      if (code !== 0)
        throw new Error(`rollcall ${args.join(' ')} exited ${code}: ${stderr}${stdout}`);
      return JSON.parse(stdout) as T;
    },
    async serve(role) {
      const process = startProcess(['serve', role], env);
      running.push(process);
      await process.hasSaid(/"msg":"Ready\."/);
      return process;
    },
    async close() {
      await Promise.all(running.map((each) => each.stop()));
    },
  };
}

async function runToEnd(
  args: readonly string[],
  { env, input }: { readonly env: NodeJS.ProcessEnv; readonly input: string },
): Promise<Finished> {
  const child = spawn(rollcallPath, args, { env, stdio: 'pipe' });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout: stdout(), stderr: stderr() };
}

function startProcess(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(rollcallPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = gather(child.stderr);
  return {
    pid: child.pid ?? 0,
    get hasEnded() {
      return hasEnded(child);
    },
    said,
    async hasSaid(pattern) {
      while (!pattern.test(said())) {
        if (hasEnded(child)) throw new Error(`rollcall ${args.join(' ')} ended: ${said()}`);
        const heard = new AbortController();
        const { signal } = heard;
        const more = once(child.stderr as NodeJS.ReadableStream, 'data', { signal });
        const end = once(child, 'close', { signal });
        await Promise.race([more, end]);
        heard.abort();
        await Promise.allSettled([more, end]);
      }
    },
    pause: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async stop(signal = 'SIGTERM') {
      if (!hasEnded(child)) {
        child.kill(signal);
        child.kill('SIGCONT');
        await once(child, 'close');
      }
      return child.exitCode;
    },
  };
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Calls `look` again and again until it returns a value. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined> | T | null | undefined,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await wait(50);
  }
}
