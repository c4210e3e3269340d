import type { Logger } from 'pino';
import { type Config, loadConfig } from '../config/load.ts';
import { closeQueues, connectQueues } from '../jobs/queues.ts';
import type { Finding } from './cli/dependencies.ts';
import { redisSettings } from './compose.ts';
import { messageOf } from './core/errors.ts';
import { connectDatabase } from './store/connection.ts';
import { missingIndexes } from './store/migrations/migrate.ts';

/** Looks at settings, database, indexes and Redis, each by itself; changes nothing and throws nothing. */
export async function checkServices(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    return [problem('settings', error)];
  }
  const found = await Promise.all([checkDatabase(config, log), checkRedis(config)]);
  return [{ about: 'settings', ok: true, message: 'complete and well-formed' }, ...found.flat()];
}

async function checkDatabase(config: Config, log: Logger): Promise<readonly Finding[]> {
  try {
    const database = await connectDatabase({
      uri: config.mongodbUri,
      database: config.mongodbDatabase,
      log,
    });
    try {
      return [
        { about: 'database', ok: true, message: 'reachable' },
        describeIndexes(await missingIndexes(database)),
      ];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [problem('database', error)];
  }
}

/** Missing indexes are no mistake: whatever connects next makes them. */
function describeIndexes(missing: readonly string[]): Finding {
  const message =
    missing.length === 0
      ? 'all there'
      : `${missing.join(', ')} will be made by the next command or process`;
  return { about: 'indexes', ok: true, message };
}

async function checkRedis(config: Config): Promise<readonly Finding[]> {
  try {
    await closeQueues(await connectQueues(redisSettings(config), { onError: () => undefined }));
    return [{ about: 'redis', ok: true, message: 'reachable' }];
  } catch (error) {
    return [problem('redis', error)];
  }
}

function problem(about: string, error: unknown): Finding {
  const advice =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string'
      ? error.hint
      : undefined;
  return { about, ok: false, message: messageOf(error), ...(advice !== undefined && { advice }) };
}
