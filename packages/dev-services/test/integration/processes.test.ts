/** The parts that start, lock and stop, on real processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startProcess, stopProcess } from '../../src/debian/processes.ts';
import { takeLock } from '../../src/lock.ts';

const MAIN = join(__dirname, '../../src/main.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-'));
});
afterEach(() => rm(folder, { recursive: true }));

const startSleeper = () =>
  startProcess({ name: 'redis', command: ['sleep', ['60']], logFile: join(folder, 'log') });

describe('processes', () => {
  it('runs until it is stopped', async () => {
    const record = await startSleeper();
    expect(await isRunning(record)).toBe(true);
    await stopProcess(record, 'SIGTERM');
    expect(await isRunning(record)).toBe(false);
  });

  it('leaves a later process of the same number alone', async () => {
    const record = await startSleeper();
    const earlier = { ...record, startedTicks: '1' };
    expect(await isRunning(earlier)).toBe(false);
    await stopProcess(earlier, 'SIGKILL');
    expect(await isRunning(record)).toBe(true);
    await stopProcess(record, 'SIGTERM');
  });

  it('keeps its output', async () => {
    const logFile = join(folder, 'log');
    const command = ['sh', ['-c', 'echo said']] as const;
    const record = await startProcess({ name: 'redis', command, logFile });
    while (await isRunning(record)) await sleep(5);
    expect(await readFile(logFile, 'utf8')).toBe('said\n');
  });
});

describe('takeLock', () => {
  it('gives the lock to one at a time', async () => {
    const file = join(folder, 'lock');
    const unlock = await takeLock(file, { wait: false });
    expect(await takeLock(file, { wait: false })).toBeUndefined();
    let hasWaited = false;
    const next = takeLock(file, {
      wait: true,
      onWait: () => void unlock?.().then(() => (hasWaited = true)),
    });
    await (await next)?.();
    expect(hasWaited).toBe(true);
  });
});

describe('npm run services -- run', () => {
  const environment = {
    ...process.env,
    MONGODB_URI: 'mongodb://given/',
    REDIS_URL: 'redis://given',
  };

  function run(script: string) {
    const words = ['--import', 'tsx', MAIN, 'run', '--', 'sh', '-c', script];
    const child = spawn(process.execPath, words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit').then(([code]) => code);
    return { child, ended };
  }

  it('passes on where the services are, and exits as the command does', async () => {
    const { child, ended } = run('echo $MONGODB_URI $REDIS_URL; exit 7');
    const [printed] = await once(child.stdout, 'data');
    expect(String(printed)).toBe('mongodb://given/ redis://given\n');
    expect(await ended).toBe(7);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'forwards %s and waits for the command',
    async (signal) => {
      const name = signal.slice(3);
      const { child, ended } = run(
        `trap 'exit 9' ${name}; echo ready; while :; do sleep 0.05; done`,
      );
      await once(child.stdout, 'data');
      child.kill(signal);
      expect(await ended).toBe(9);
    },
  );

  it('exits as a shell would when a signal ends the command', async () => {
    expect(await run('kill -KILL $$').ended).toBe(137);
  });
});
