import { probeRedis } from '../../jobs/probe-redis.ts';
import type { RedisSettings } from '../../jobs/redis.ts';
import { redisTroubleIn } from '../../jobs/redis-trouble.ts';
import { unscheduledStores } from '../../jobs/schedules.ts';
import { Unavailable } from '../core/errors.ts';
import { databaseTroubleIn } from '../mongo/database-trouble.ts';
import type { Check } from '../observability/health.ts';
import type { App } from './compose.ts';

/** What `/readyz` checks. */
export function readinessChecks(
  { database, queues, ports: { stores } }: App,
  redis: RedisSettings,
  isStopping: () => boolean,
): Readonly<Record<string, Check>> {
  return {
    process: async () => (isStopping() ? 'it is stopping' : null),
    database: () => refusalOf(() => database.probe(), databaseTroubleIn),
    redis: () => refusalOf(() => probeRedis(queues, redis), redisTroubleIn),
    schedules: async () => {
      const { length } = await unscheduledStores({ queues, stores });
      return length === 0
        ? null
        : `${length} of the stores' schedules are not set; a worker sets them within five minutes`;
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
