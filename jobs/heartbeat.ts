import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { version } from '../src/core/version.ts';
import type { WorkerSeen } from '../src/ports/job-queue.ts';
import type { Queues } from './queues.ts';
import { keyPrefix, type RedisSettings } from './redis.ts';

/*
 * A worker whose event loop stands still keeps its connections, so that Redis goes on listing it. Each
 * worker therefore gives a sign of life every few seconds, from that loop.
 */

const beatMs = 5_000;
/** A worker without a sign for so long is given up: its leases and the locks of its jobs end as soon. */
const silentMs = 15_000;
/** Signs of workers that were killed are removed after this time. */
const keptMs = 3_600_000;

const beatScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** By the clock of Redis alone: those of the machines may differ. */
const signsScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local signs = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf', 'WITHSCORES')
for at = 2, #signs, 2 do signs[at] = tostring(now - signs[at]) end
return signs`;

const removeScript = "return redis.call('ZREM', KEYS[1], ARGV[1])";

/** `HOST/PID/…/VERSION`: names a worker to people, to Redis and to other processes. */
export function nameWorker(): string {
  return `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}/${version}`;
}

interface Place {
  readonly queues: Pick<Queues, 'runs'>;
  readonly redis: Pick<RedisSettings, 'prefix'>;
}

/** Gives the first sign before it resolves, and further ones until `stop`. */
export async function startHeartbeat(
  place: Place,
  { name, onError }: { readonly name: string; readonly onError: (error: unknown) => void },
): Promise<{ stop(): Promise<void> }> {
  const beat = () => run(place, beatScript, [name, keptMs]);
  await beat();
  const timer = setInterval(() => void beat().catch(onError), beatMs);
  return {
    async stop() {
      clearInterval(timer);
      await run(place, removeScript, [name]).catch(onError);
    },
  };
}

/** Workers by what they do: those that hang keep their connection and give no sign of life. */
export interface FoundWorkers {
  readonly alive: number;
  /** `HOST (pid PID)` of each. */
  readonly hanging: readonly string[];
}

/** The workers that are connected. One of a release without signs counts as alive. */
export async function findWorkers(place: Place): Promise<FoundWorkers> {
  const all = await listWorkers(place);
  const hanging = all.filter(({ state }) => state === 'hanging');
  return {
    alive: all.filter(({ state }) => state === 'alive').length,
    hanging: hanging.map(({ host, pid }) => `${host} (pid ${pid})`),
  };
}

/** The workers that are connected, and those of the last hour that ended without saying so. */
export async function listWorkers(place: Place): Promise<readonly WorkerSeen[]> {
  const [connected, signs] = await Promise.all([
    place.queues.runs.getWorkers(),
    run(place, signsScript, []) as Promise<readonly string[]>,
  ]);
  const silentFor = new Map<string, number>();
  for (let at = 0; at + 1 < signs.length; at += 2) {
    silentFor.set(signs[at] ?? '', Number(signs[at + 1]));
  }
  // A worker of a release without signs has no name of its own.
  const names = connected.map(({ rawname = '' }) => rawname.split(':w:')[1] ?? '');
  const gone = [...silentFor].filter(([name, ms]) => !names.includes(name) && ms > silentMs);
  return [
    ...names.map((name) => {
      const silentMsOfIt = silentFor.get(name) ?? null;
      const isAlive = name === '' || (silentMsOfIt !== null && silentMsOfIt <= silentMs);
      return seen(name, silentMsOfIt, isAlive ? 'alive' : 'hanging');
    }),
    ...gone.map(([name, ms]) => seen(name, ms, 'gone')),
  ];
}

function seen(name: string, silentForMs: number | null, state: WorkerSeen['state']): WorkerSeen {
  const [host = '', pid = '', , release] = name.split('/');
  return { host, pid, version: release ?? null, silentForMs, state };
}

async function run(
  { queues, redis }: Place,
  lua: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  const client = await queues.runs.getBackend().client;
  const name = `rollcallHeartbeat${[beatScript, signsScript, removeScript].indexOf(lua)}`;
  client.defineCommand(name, { numberOfKeys: 1, lua });
  return client.runCommand(name, [`${keyPrefix(redis)}:workers`, ...args]);
}
