import type { Queues } from './queues.ts';
import { cannotReach, keyPrefix, type RedisSettings } from './redis.ts';

/** Long enough for a person to see the key, and for nothing else. */
const keptMs = 60_000;

/** Writes as jobs are written, by a script, and returns the server's time in seconds and microseconds. */
const lua = `
redis.call('SET', KEYS[1], 'Rollcall looked whether it may write here.', 'PX', ARGV[1])
return redis.call('TIME')`;

/**
 * Whether Redis takes the writes of scripts: one small key, which it removes by itself. Returns its
 * clock; throws the error of Redis where it refuses.
 */
export async function probeRedis(
  { runs }: Pick<Queues, 'runs'>,
  settings: Pick<RedisSettings, 'prefix'>,
): Promise<Date> {
  const client = await runs.getBackend().client;
  client.defineCommand('rollcallProbe', { numberOfKeys: 1, lua });
  const [seconds, micros] = await client.runCommand('rollcallProbe', [
    `${keyPrefix(settings)}:probe`,
    keptMs,
  ]);
  return new Date(Number(seconds) * 1000 + Number(micros) / 1000);
}

/** The same for a process that starts: its error names the server, and says what would be right. */
export async function requireWrites(
  queues: Pick<Queues, 'runs'>,
  settings: RedisSettings,
): Promise<Date> {
  try {
    return await probeRedis(queues, settings);
  } catch (error) {
    throw cannotReach(settings, error);
  }
}
