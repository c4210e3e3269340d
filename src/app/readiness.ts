import type { RedisSettings } from '../../jobs/redis.ts';
import { redisTroubleIn } from '../../jobs/redis-trouble.ts';
import { unscheduledStores } from '../../jobs/schedules.ts';
import { type ClockReading, describeClocks } from '../core/clocks.ts';
import { Unavailable } from '../core/errors.ts';
import { databaseTroubleIn } from '../mongo/database-trouble.ts';
import type { Checks } from '../observability/health.ts';
import { logProblem } from '../observability/log-destination.ts';
import type { App } from './compose.ts';
import { databaseClock, redisClock } from './service-clocks.ts';
import { type FoundAtStart, findLocked } from './warn-at-start.ts';

interface Readied {
  readonly redis: RedisSettings;
  readonly found: FoundAtStart;
  readonly isStopping: () => boolean;
}

/** What `/readyz` checks. Its answers name no host, no store and no person. */
export function readinessChecks(
  { database, queues, ports: { stores } }: App,
  { redis, found, isStopping }: Readied,
): Checks {
  const clocks = new Map(found.clocks.map((clock) => [clock.of, clock]));
  const keep = (readings: readonly ClockReading[]): void => {
    for (const clock of readings) clocks.set(clock.of, clock);
  };
  let { locked } = found;
  return {
    required: {
      process: async () => (isStopping() ? 'it is stopping' : null),
      database: () => refusalOf(async () => keep(await databaseClock(database)), databaseTroubleIn),
      redis: () => refusalOf(async () => keep(await redisClock(queues, redis)), redisTroubleIn),
      schedules: async () => {
        const { length } = await unscheduledStores({ queues, stores });
        return length === 0
          ? null
          : `${length} of the stores' schedules are not set; a worker sets them within five minutes`;
      },
    },
    noticed: {
      clock: async () => describeClocks([...clocks.values()]),
      secrets: async () => {
        locked = await findLocked(stores, locked);
        return locked.length === 0
          ? null
          : `SECRETS_KEYS can’t decrypt the credentials of ${locked.length} of the stores`;
      },
      log: async () => {
        const problem = logProblem();
        return problem === null ? null : `it can’t be written: ${problem}`;
      },
    },
  };
}

/** What a service says no to, in words without its address; null when it takes what it is asked. */
async function refusalOf(
  ask: () => Promise<unknown>,
  troubleIn: (error: unknown) => { readonly what: string } | null,
): Promise<string | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    const cause = error instanceof Unavailable ? error.cause : error;
    const trouble = troubleIn(cause);
    if (trouble === null) throw error;
    return `it ${trouble.what}`;
  }
}
