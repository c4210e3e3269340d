/** Processes that outlive the command that starts them, identified by more than their number. */
import { spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRecord } from '../instance.ts';

const POLL_MS = 20;
const STOP_WITHIN_MS = 10_000;
const START_TIME_FIELD = 19; // of /proc/PID/stat, counted from the field behind the program's name

/** Starts a process in a session of its own, its output appended to a log file. */
export async function startProcess(given: {
  readonly name: ProcessRecord['name'];
  readonly command: readonly [string, readonly string[]];
  readonly logFile: string;
}): Promise<ProcessRecord> {
  const [program, words] = given.command;
  const log = await open(given.logFile, 'a');
  try {
    const child = spawn(program, [...words], { detached: true, stdio: ['ignore', log.fd, log.fd] });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    child.unref();
    const startedTicks = (await startTimeOf(pid)) ?? 'ended at once';
    return { name: given.name, pid, startedTicks };
  } finally {
    await log.close();
  }
}

/** Whether this process still runs, and not a later one with the same number. */
export async function isRunning(record: ProcessRecord): Promise<boolean> {
  return (await startTimeOf(record.pid)) === record.startedTicks;
}

/**
 * Asks a process to end and waits for it; after ten seconds it's killed. Another process with its
 * number is not touched.
 */
export async function stopProcess(record: ProcessRecord, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(record))) return;
  send(record.pid, signal);
  const deadline = Date.now() + STOP_WITHIN_MS;
  while (await isRunning(record)) {
    if (Date.now() > deadline) send(record.pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/** Kills every process of user `uid` that works in `folder`: the children of a killed server. */
export async function killWorkersIn(folder: string, uid: number): Promise<void> {
  for (;;) {
    const pids = await workersIn(folder, uid);
    if (pids.length === 0) return;
    for (const pid of pids) send(pid, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

async function workersIn(folder: string, uid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const owner = await stat(`/proc/${pid}`).catch(() => undefined); // it ended meanwhile
    if (owner?.uid !== uid) continue;
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (place === folder || place.startsWith(`${folder}/`)) found.push(pid);
  }
  return found;
}

/** When a process started, in ticks since the boot; undefined when it has ended. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (line === undefined) return undefined;
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[START_TIME_FIELD];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const hasEnded = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!hasEnded) throw error;
  }
}

/** The identity of this boot: numbers and start times of processes mean nothing after the next boot. */
export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}
