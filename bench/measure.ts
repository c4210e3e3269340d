import type { ServiceUris } from '@rollcall/dev-services';
import { removeData } from '../dev/demo/remove-data.ts';
import { uniqueName } from '../test/setup/services.ts';
import { measureInChild } from './child.ts';
import { countWrites, type Writes } from './count-writes.ts';
import { type FloorName, floorNames, type Task } from './measured-process.ts';
import {
  measureWorker,
  onePercentOf,
  openRollcall,
  tenPercentOf,
  type WorkerLife,
} from './rollcall.ts';
import { type SimulatedDirectory, startSimulatedDirectory } from './simulated-directory.ts';

/** The naive sync takes so long for each user that a few tell. */
const mostUsersNaively = 2000;

export interface MeasureOptions {
  readonly users: number;
  readonly latencyMs: number;
  readonly rounds: number;
  readonly services: ServiceUris;
  /** Hears what was measured, in a few words. */
  readonly onStep: (words: string) => void;
}

/** What was seen in one round. Times are in seconds. */
export interface Round {
  readonly floors: Readonly<Record<FloorName, number>>;
  readonly naive: number;
  readonly worker: WorkerLife;
  /** Another worker's life with a tenth of the users. */
  readonly tenth: WorkerLife;
  /** Another worker's life beside a directory that answers at once: how long it waits is no part of its work. */
  readonly undelayed: WorkerLife;
}

export interface Measured {
  readonly rounds: readonly Round[];
  readonly usersNaively: number;
  readonly writes: Writes;
}

/**
 * Measures floors, the naive sync and Rollcall by turns, round after round, on the same people. Each in a
 * process and a database of its own, of which nothing stays.
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { users, latencyMs } = options;
  const directory = await startSimulatedDirectory({ users, latencyMs });
  const tenthUsers = Math.ceil(users / 10);
  const tenth = await startSimulatedDirectory({ users: tenthUsers, latencyMs });
  const undelayed = await startSimulatedDirectory({ users, latencyMs: 0 });
  const usersNaively = Math.min(users, mostUsersNaively);
  const rounds: Round[] = [];
  let writes: Writes | null = null;
  try {
    for (let number = 1; number <= options.rounds; number += 1) {
      const onStep = (words: string) =>
        options.onStep(`round ${number} of ${options.rounds}: ${words}`);
      const ground = { ...options, onStep };
      const floors = await measureFloors(ground, directory);
      const naive = await measureNaive(ground, directory, usersNaively);
      const isLast = number === options.rounds;
      const life = await measureRollcall(ground, directory, isLast);
      writes = life.writes;
      const quietly = { ...options, onStep: () => undefined };
      const small = await measureRollcall(quietly, tenth, false);
      onStep(
        `peak ${life.worker.peakMb.toFixed(0)} MB, ${small.worker.peakMb.toFixed(0)} MB with a tenth`,
      );
      const busy = await measureRollcall(quietly, undelayed, false);
      onStep(
        `at 0 ms, CPU ${busy.worker.firstImport.cpuSeconds.toFixed(2)} s for a first import, ${busy.worker.noChange.cpuSeconds.toFixed(2)} s for an unchanged run`,
      );
      rounds.push({
        floors,
        naive,
        worker: life.worker,
        tenth: small.worker,
        undelayed: busy.worker,
      });
    }
  } finally {
    await directory.close();
    await tenth.close();
    await undelayed.close();
  }
  if (writes === null) throw new Error('there was no round');
  return { rounds, usersNaively, writes };
}

type Ground = Pick<MeasureOptions, 'services' | 'onStep'>;

async function measureFloors(
  { services, onStep }: Ground,
  directory: SimulatedDirectory,
): Promise<Round['floors']> {
  return inDatabase(services, async (database) => {
    const task = { ...taskOf(services, directory, onePercentOf(directory)), database };
    const seconds: Partial<Record<FloorName, number>> = {};
    // In this order: what the import writes is read and changed by those after it.
    for (const floor of floorNames) {
      seconds[floor] = await measureInChild(['bench/floors/main.ts', floor], task);
      onStep(`floor ${floor} ${seconds[floor].toFixed(2)} s`);
    }
    return seconds as Record<FloorName, number>;
  });
}

async function measureNaive(
  { services, onStep }: Ground,
  directory: SimulatedDirectory,
  users: number,
): Promise<number> {
  return inDatabase(services, async (database) => {
    const task = { ...taskOf(services, directory, users), database };
    const seconds = await measureInChild(['bench/naive.ts'], task);
    onStep(`naive sync of ${users} users ${seconds.toFixed(2)} s`);
    return seconds;
  });
}

async function measureRollcall(
  { services, onStep }: Ground,
  directory: SimulatedDirectory,
  isCounted: boolean,
): Promise<{ readonly worker: WorkerLife; readonly writes: Writes | null }> {
  const rollcall = openRollcall(services, directory);
  try {
    const worker = await measureWorker({ rollcall, directory, onStep });
    const writes = isCounted ? await countWrites(rollcall, directory) : null;
    await directory.hire(tenPercentOf(directory));
    return { worker, writes };
  } finally {
    await rollcall.close();
    await removeData(rollcall.env);
  }
}

function taskOf(
  { mongodbUri }: ServiceUris,
  { source }: SimulatedDirectory,
  users: number,
): Omit<Task, 'database'> {
  return { source: { url: source.url, apiKey: source.apiKey }, mongodbUri, users };
}

async function inDatabase<T>(
  { mongodbUri, redisUrl }: ServiceUris,
  action: (database: string) => Promise<T>,
): Promise<T> {
  const name = uniqueName('bench');
  try {
    return await action(name);
  } finally {
    await removeData({
      MONGODB_URI: mongodbUri,
      REDIS_URL: redisUrl,
      MONGODB_DATABASE: name,
      REDIS_PREFIX: name,
    });
  }
}
