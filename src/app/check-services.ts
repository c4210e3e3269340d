import type { Logger } from 'pino';
import { type Config, loadConfig } from '../../config/load.ts';
import { closeQueues, connectQueues, evictionPolicyOf } from '../../jobs/queues.ts';
import type { Finding, ServicesCheck } from '../cli/dependencies.ts';
import { hintOf, messageOf } from '../core/errors.ts';
import { connectDatabase } from '../mongo/connection.ts';
import { missingIndexes } from '../mongo/migrations/migrate.ts';
import { redisSettings } from './compose.ts';

/** Checks settings, database, indexes and Redis, each alone; changes nothing and throws nothing. */
export async function checkServices(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<ServicesCheck> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    return { findings: [problem('settings', error)], usable: false };
  }
  const found = await Promise.all([checkDatabase(config, log), checkRedis(config)]);
  const settings = { about: 'settings', ok: true, message: 'complete and well-formed' };
  return {
    findings: [settings, ...found.flatMap(({ findings }) => findings)],
    usable: found.every(({ usable }) => usable),
  };
}

async function checkDatabase(config: Config, log: Logger): Promise<ServicesCheck> {
  try {
    const database = await connectDatabase({
      uri: config.mongodbUri,
      database: config.mongodbDatabase,
      log,
    });
    try {
      const reachable = { about: 'database', ok: true, message: 'reachable' };
      const indexes = describeIndexes(await missingIndexes(database));
      return { findings: [reachable, indexes], usable: true };
    } finally {
      await database.close();
    }
  } catch (error) {
    return { findings: [problem('database', error)], usable: false };
  }
}

/** Missing indexes are no mistake: the next process that connects creates them. */
function describeIndexes(missing: readonly string[]): Finding {
  const message =
    missing.length === 0
      ? 'all there'
      : `${missing.join(', ')} will be made by the next command or process`;
  return { about: 'indexes', ok: true, message };
}

async function checkRedis(config: Config): Promise<ServicesCheck> {
  try {
    const queues = await connectQueues(redisSettings(config), { onError: () => undefined });
    try {
      return { findings: [describeRedis(await evictionPolicyOf(queues))], usable: true };
    } finally {
      await closeQueues(queues);
    }
  } catch (error) {
    return { findings: [problem('redis', error)], usable: false };
  }
}

function describeRedis(policy: string | null): Finding {
  const about = 'redis';
  if (policy === null || policy === 'noeviction') return { about, ok: true, message: 'reachable' };
  return {
    about,
    ok: false,
    message: `Redis may evict jobs: maxmemory-policy is ${policy}`,
    advice: 'Set it to noeviction.',
  };
}

function problem(about: string, error: unknown): Finding {
  const advice = hintOf(error);
  return { about, ok: false, message: messageOf(error), ...(advice !== undefined && { advice }) };
}
