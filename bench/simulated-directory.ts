import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import {
  changeDirectory,
  listActive,
  type SimulatorDocument,
  simulatorDocument,
} from '../dev/demo/simulated-directory.ts';
import { endChild } from './child.ts';

const rollcallPath = join(process.cwd(), 'bin/rollcall');
const atOnce = 16;

const stateSchema = z.object({
  states: z.object({ ACTIVATED: z.number(), SUSPENDED: z.number() }),
  requests: z.object({ total: z.number() }),
});

/** A simulated JumpCloud in a process of its own. What changes it is not slowed by its latency. */
export interface SimulatedDirectory {
  readonly source: SimulatorDocument;
  readonly users: number;
  /** How many of its people become members: all but those who are staged. */
  countMembers(): Promise<number>;
  /** How many requests to its API there were so far. */
  countRequests(): Promise<number>;
  /** Gives so many people, spread over the listing, another title. */
  changeTitles(count: number): Promise<void>;
  /** So many people, spread over the listing, are deleted. */
  removePeople(count: number): Promise<void>;
  hire(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a simulator with so many people; each answer of its API waits for `latencyMs`. */
export async function startSimulatedDirectory({
  users,
  latencyMs,
}: {
  readonly users: number;
  readonly latencyMs: number;
}): Promise<SimulatedDirectory> {
  const { source, close } = await startProcess(users);
  let active: readonly string[] = [];
  let changes = 0;
  const listAgain = async () => {
    await changeDirectory(source, 'latency', { ms: 0 });
    active = (await listActive(source)).map(({ id }) => id);
    await changeDirectory(source, 'latency', { ms: latencyMs });
  };
  await listAgain();
  const readState = async () => {
    const response = await fetch(`${source.url}/_simulator/state`);
    return stateSchema.parse(await response.json());
  };
  return {
    source,
    users,
    async countMembers() {
      const { states } = await readState();
      return states.ACTIVATED + states.SUSPENDED;
    },
    countRequests: async () => (await readState()).requests.total,
    async changeTitles(count) {
      changes += 1;
      const fields = { jobTitle: `Benchmark Engineer ${changes}` };
      await forEach(spread(active, count), (id) =>
        changeDirectory(source, 'update', { id, fields }),
      );
    },
    async removePeople(count) {
      await forEach(spread(active, count), (id) => changeDirectory(source, 'delete', { id }));
      await listAgain();
    },
    async hire(count) {
      await changeDirectory(source, 'hire', { count });
      await listAgain();
    },
    close,
  };
}

async function startProcess(
  users: number,
): Promise<{ readonly source: SimulatorDocument; readonly close: () => Promise<void> }> {
  const args = ['simulator', '--users', String(users), '--groups', '0', '--json'];
  const child = spawn(rollcallPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const close = () => endChild(child);
  let printed = '';
  while (!printed.trimEnd().endsWith('}')) {
    const [chunk] = (await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'close').then(() => {
        throw new Error('the simulator ended by itself');
      }),
    ])) as [Buffer];
    printed += chunk.toString();
  }
  return { source: simulatorDocument.parse(JSON.parse(printed)), close };
}

function spread(ids: readonly string[], count: number): readonly string[] {
  const step = Math.floor(ids.length / count);
  return ids.filter((_, index) => index % step === 0).slice(0, count);
}

async function forEach(
  ids: readonly string[],
  change: (id: string) => Promise<void>,
): Promise<void> {
  const waiting = [...ids];
  const lane = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) await change(id);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
