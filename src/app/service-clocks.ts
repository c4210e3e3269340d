import { requireWrites } from '../../jobs/probe-redis.ts';
import type { Queues } from '../../jobs/queues.ts';
import type { RedisSettings } from '../../jobs/redis.ts';
import { type ClockReading, readClock } from '../core/clocks.ts';
import type { Database } from '../mongo/connection.ts';

/** Has the database take writes, and reads its clock where it states it. `Unavailable` when it refuses. */
export function databaseClock(database: Pick<Database, 'probe'>): Promise<readonly ClockReading[]> {
  return read('the database', () => database.probe());
}

/** Has Redis take a write, and reads its clock. `Unavailable` when it refuses. */
export function redisClock(
  queues: Pick<Queues, 'runs'>,
  settings: RedisSettings,
): Promise<readonly ClockReading[]> {
  return read('Redis', () => requireWrites(queues, settings));
}

async function read(of: string, ask: () => Promise<Date | null>): Promise<readonly ClockReading[]> {
  const askedAt = new Date();
  const says = await ask();
  return says === null ? [] : [readClock(of, says, { askedAt, answeredAt: new Date() })];
}
