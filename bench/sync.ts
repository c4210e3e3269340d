/*
 * Measures whole syncs over built processes: time, throughput and the worker's resident memory.
 *   npm run services -- run --instance bench -- npx tsx bench/sync.ts [users]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const users = Number(process.argv[2] ?? 10_000);
const rollcall = join(import.meta.dirname, '../bin/rollcall');
const env: NodeJS.ProcessEnv = {
  ...process.env,
  SECRETS_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  MONGODB_DATABASE: `bench_${randomBytes(4).toString('hex')}`,
  REDIS_PREFIX: `bench_${randomBytes(4).toString('hex')}`,
  LOG_LEVEL: 'warn',
};

const children: ChildProcess[] = [];

/** Starts a process that lives for the whole measurement, and waits for its first output. */
async function start(...args: readonly string[]): Promise<{ pid: number; firstOutput: string }> {
  const child = spawn(rollcall, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const first = [once(child.stdout, 'data'), once(child.stderr, 'data')];
  const [chunk] = (await Promise.race(first)) as [Buffer];
  return { pid: child.pid ?? 0, firstOutput: chunk.toString() };
}

async function call(args: readonly string[], input = ''): Promise<string> {
  const child = spawn(rollcall, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`rollcall ${args.join(' ')} exited ${code}`);
  return Buffer.concat(chunks).toString();
}

/** The most a process was ever resident, in MiB (Linux). */
function peakMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

interface Measured {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly counts: Record<string, number>;
  readonly certificate: { readonly requests: number };
}

async function measure(name: string, worker: number): Promise<void> {
  const run = JSON.parse(await call(['sync', 'bench', '--wait', '--json'])) as Measured;
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const { counts, certificate } = run;
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${Math.round((counts['listed'] ?? 0) / seconds)} users/s, ` +
      `${certificate.requests} listing requests, ${counts['applied']} written, worker peak ${peakMiB(worker)} MiB`,
  );
}

try {
  const simulator = await start('simulator', '--users', String(users), '--json');
  const { url, apiKey } = JSON.parse(simulator.firstOutput) as { url: string; apiKey: string };
  env['JUMPCLOUD_CONSOLE_URL'] = url;
  env['LOG_LEVEL'] = 'info';
  const worker = await start('serve', 'worker');
  env['LOG_LEVEL'] = 'warn';
  console.log(`${users} users; worker at rest: ${peakMiB(worker.pid)} MiB`);
  await call(['store', 'add', 'bench', '--directory', 'jumpcloud', '--api-key-stdin'], apiKey);
  await measure('first sync', worker.pid);
  await measure('unchanged', worker.pid);
  const hire = { method: 'POST', body: JSON.stringify({ count: Math.ceil(users / 100) }) };
  await fetch(`${url}/_simulator/hire`, hire);
  await measure('1 % hired', worker.pid);
} finally {
  for (const child of children) child.kill('SIGTERM');
}
