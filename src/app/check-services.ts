import type { Logger } from 'pino';
import { type Config, loadConfig } from '../../config/load.ts';
import { closeQueues, connectQueues, evictionPolicyOf } from '../../jobs/queues.ts';
import type { Finding, ServicesCheck } from '../cli/dependencies.ts';
import { hintOf, messageOf } from '../core/errors.ts';
import { originsOf } from '../directories/index.ts';
import { connectDatabase } from '../mongo/connection.ts';
import { missingIndexes } from '../mongo/migrations/migrate.ts';
import { createWays } from '../outgoing/ways.ts';
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
    findings: [settings, describeWays(config), ...found.flatMap(({ findings }) => findings)],
    usable: found.every(({ usable }) => usable),
  };
}

/** Which way requests to each host go. The address of the webhook may hold a secret. */
function describeWays({ proxies, sourceOrigins, alertWebhook }: Config): Finding {
  const about = 'proxies';
  if (proxies.https === undefined && proxies.http === undefined) {
    return { about, ok: true, message: 'none is set: all requests go straight to their hosts' };
  }
  const wayTo = createWays(proxies, {});
  const line = (name: string, url: string): string => {
    const { proxy } = wayTo(url);
    return `${name}: ${proxy === null ? 'direct' : `through the proxy ${proxy}`}`;
  };
  const lines = originsOf(sourceOrigins).map((origin) => line(new URL(origin).host, origin));
  if (alertWebhook !== undefined) lines.push(line('ALERT_WEBHOOK_URL', alertWebhook.url));
  return { about, ok: true, message: lines.join('\n') };
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
