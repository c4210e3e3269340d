import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
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
const aliveScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[1], '+inf')`;

const removeScript = "return redis.call('ZREM', KEYS[1], ARGV[1])";

/** `HOST/PID/…`: names a worker to people, to Redis and to other processes. */
export function nameWorker(): string {
  return `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
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
  const connected = await place.queues.runs.getWorkers();
  const alive = new Set((await run(place, aliveScript, [silentMs])) as readonly string[]);
  const names = connected.map(({ rawname = '' }) => rawname.split(':w:')[1]);
  const hanging = names.filter((name) => name !== undefined && !alive.has(name));
  return {
    alive: names.length - hanging.length,
    hanging: hanging.map((name = '') => {
      const [host, pid] = name.split('/');
      return `${host} (pid ${pid})`;
    }),
  };
}

async function run(
  { queues, redis }: Place,
  lua: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  const client = await queues.runs.getBackend().client;
  const name = `rollcallHeartbeat${[beatScript, aliveScript, removeScript].indexOf(lua)}`;
  client.defineCommand(name, { numberOfKeys: 1, lua });
  return client.runCommand(name, [`${keyPrefix(redis)}:workers`, ...args]);
}
