import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceUris } from '@rollcall/dev-services';
import { z } from 'zod';
import { operate, type Rollcall } from '../test/e2e/processes.ts';
import { uniqueName } from '../test/setup/services.ts';
import type { SimulatedDirectory } from './simulated-directory.ts';

/** A tenth of the people leaving must be held; of 50 people too. */
const storeFile = 'safeguards:\n  removals: { percent: 5, floor: 0 }\n';

const runSchema = z.object({
  id: z.string(),
  startedAt: z.coerce.date(),
  finishedAt: z.coerce.date(),
  resolvedAt: z.string().nullable(),
  decided: z.object({ at: z.coerce.date(), done: z.number() }).nullable(),
  counts: z.object({
    create: z.number(),
    update: z.number(),
    unchanged: z.number(),
    held: z.number(),
  }),
  certificate: z.object({ requests: z.number() }),
});
type Run = z.infer<typeof runSchema>;

/** How long a command's run took. */
export interface Timed {
  /** By the run itself: from when the worker took it up, an approval from when it was asked for, to its end. */
  readonly seconds: number;
  /** From before the command was started until it had ended. */
  readonly outsideSeconds: number;
  /** How many people it was about, by its own counts. */
  readonly people: number;
}

/** What the worker did for a command too. */
export interface Worked extends Timed {
  /** Of the worker, all its threads, from before the command was started until it had ended. */
  readonly cpuSeconds: number;
}

/** What one worker does in its life: everything that is measured, in this order. */
export interface WorkerLife {
  readonly firstImport: Worked;
  readonly noChange: Worked;
  readonly preview: Worked;
  readonly onePercent: Worked;
  readonly held: Worked;
  readonly approved: Worked;
  /** The most that the worker was ever resident, in MiB. */
  readonly peakMb: number;
  /** What the unchanged run asked the directory. */
  readonly requests: { readonly listing: number; readonly total: number };
}

/** An installation of its own that follows a simulated directory. `close` removes its data too. */
export function openRollcall(
  { mongodbUri, redisUrl }: ServiceUris,
  { source }: SimulatedDirectory,
): Rollcall {
  return operate({
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    MONGODB_DATABASE: uniqueName('bench'),
    REDIS_PREFIX: uniqueName('bench'),
    JUMPCLOUD_CONSOLE_URL: source.url,
    JUMPCLOUD_OAUTH_URL: source.url,
  });
}

/** Measures every kind of run with a new worker, on a store without members. */
export async function measureWorker({
  rollcall,
  directory,
  onStep,
}: {
  readonly rollcall: Rollcall;
  readonly directory: SimulatedDirectory;
  readonly onStep: (words: string) => void;
}): Promise<WorkerLife> {
  const worker = await rollcall.serve('worker');
  await addStore(rollcall, directory);
  const work = async <T extends Timed>(
    what: string,
    command: () => Promise<T>,
  ): Promise<T & Worked> => {
    const before = await readCpuSeconds(worker.pid);
    const timed = await command();
    const cpuSeconds = (await readCpuSeconds(worker.pid)) - before;
    onStep(
      `${what} ${timed.seconds.toFixed(2)} s (seen from outside: ${timed.outsideSeconds.toFixed(2)} s; CPU: ${cpuSeconds.toFixed(2)} s)`,
    );
    return { ...timed, cpuSeconds };
  };
  const members = await directory.countMembers();
  const firstImport = await work('first import', () =>
    sync(rollcall, { count: 'create', expected: members }),
  );
  const before = await directory.countRequests();
  const noChange = await work('unchanged', () =>
    sync(rollcall, { count: 'unchanged', expected: members }),
  );
  const total = (await directory.countRequests()) - before;
  const changed = onePercentOf(directory);
  await directory.changeTitles(changed);
  const preview = await work('preview of 1 %', () =>
    sync(rollcall, { count: 'update', expected: changed, options: ['--plan'] }),
  );
  const onePercent = await work('1 % changed', () =>
    sync(rollcall, { count: 'update', expected: changed }),
  );
  const gone = tenPercentOf(directory);
  await directory.removePeople(gone);
  const held = await work('10 % gone, held', () =>
    sync(rollcall, { count: 'held', expected: gone }),
  );
  const approved = await work('10 % gone, approved', () =>
    approve(rollcall, { run: held.run, expected: gone }),
  );
  const peakMb = await readPeakMb(worker.pid);
  await worker.stop();
  const requests = { listing: noChange.run.certificate.requests, total };
  return { firstImport, noChange, preview, onePercent, held, approved, peakMb, requests };
}

export const onePercentOf = ({ users }: SimulatedDirectory) => Math.ceil(users / 100);
export const tenPercentOf = ({ users }: SimulatedDirectory) => Math.ceil(users / 10);

async function addStore(rollcall: Rollcall, { source }: SimulatedDirectory): Promise<void> {
  const add = ['store', 'add', 'bench', '--directory', 'jumpcloud', '--api-key-stdin'];
  await rollcall.ask(add, source.apiKey);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const path = join(folder, 'store.yaml');
  await writeFile(path, storeFile);
  await rollcall.ask(['store', 'apply', 'bench', '-f', path]);
  await rm(folder, { recursive: true });
}

interface Synced extends Timed {
  readonly run: Run;
  /** What the command logged. */
  readonly said: string;
}

/** Syncs, and makes sure that the run did what it is measured for. */
export async function sync(
  rollcall: Rollcall,
  {
    count,
    expected,
    options = [],
  }: {
    readonly count: keyof Run['counts'];
    readonly expected: number;
    readonly options?: readonly string[];
  },
): Promise<Synced> {
  const { run, outsideSeconds, said } = await follow(rollcall, [
    'sync',
    'bench',
    '--wait',
    ...options,
  ]);
  const people = run.counts[count];
  assertCount(`${count} of ${options.join(' ')} run ${run.id}`, people, expected);
  const seconds = (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000;
  return { seconds, outsideSeconds, people, run, said };
}

async function approve(
  rollcall: Rollcall,
  held: { readonly run: Run; readonly expected: number },
): Promise<Timed> {
  const { run, outsideSeconds } = await follow(rollcall, ['runs', 'approve', held.run.id]);
  if (run.decided === null || run.resolvedAt === null) {
    throw new Error(`run ${run.id} was not decided`);
  }
  assertCount(`approved of run ${run.id}`, run.decided.done, held.expected);
  const seconds = (Date.parse(run.resolvedAt) - run.decided.at.getTime()) / 1000;
  return { seconds, outsideSeconds, people: run.decided.done };
}

function assertCount(what: string, is: number, expected: number): void {
  if (is !== expected) throw new Error(`${what}: ${is} where there should be ${expected}`);
}

async function follow(
  rollcall: Rollcall,
  command: readonly string[],
): Promise<{ readonly run: Run; readonly outsideSeconds: number; readonly said: string }> {
  const startedMs = performance.now();
  const { stdout, stderr } = await rollcall.rollcall([...command, '--json']);
  const outsideSeconds = (performance.now() - startedMs) / 1000;
  const run = runSchema.safeParse(safeJson(stdout));
  if (run.success) return { run: run.data, outsideSeconds, said: stderr };
  throw new Error(`rollcall ${command.join(' ')} did not end as it should: ${stderr}${stdout}`);
}

function safeJson(printed: string): unknown {
  try {
    return JSON.parse(printed);
  } catch {
    return null;
  }
}

/** As Linux has it. */
async function readPeakMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const clockTicksPerSecond = 100;

/** User and system time of all threads of a process, as Linux has it: `USER_HZ` is 100 on every platform of Node. */
async function readCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(utime) + Number(stime)) / clockTicksPerSecond;
}
