import type { Logger } from 'pino';
import { type Config, loadConfig } from '../../config/load.ts';
import { type Remark, remarksOn } from '../../config/remarks.ts';
import { closeQueues, connectQueues, evictionPolicyOf } from '../../jobs/queues.ts';
import type { Finding, ServicesCheck } from '../cli/dependencies.ts';
import type { ClockReading } from '../core/clocks.ts';
import { ConfigError, hintOf, messageOf } from '../core/errors.ts';
import { seeRunbook } from '../core/runbooks.ts';
import { originsOf } from '../directories/index.ts';
import { connectDatabase } from '../mongo/connection.ts';
import { missingIndexes } from '../mongo/migrations/migrate.ts';
import { createWays } from '../outgoing/ways.ts';
import { redisSettings } from './compose.ts';
import { databaseClock, redisClock } from './service-clocks.ts';

/** Checks settings, database, indexes and Redis, each alone; throws nothing, and writes one small key of Redis. */
export async function checkServices(
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<ServicesCheck> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    return { findings: [problem('settings', error)], clocks: [], unusable: 'settings' };
  }
  const found = await Promise.all([checkDatabase(config, log), checkRedis(config)]);
  const settings = { about: 'settings', ok: true, message: 'complete and well-formed' };
  return {
    findings: [
      settings,
      ...remarksOn(config).map(asFinding),
      describeWays(config),
      ...found.flatMap(({ findings }) => findings),
    ],
    clocks: found.flatMap(({ clocks }) => clocks),
    unusable: found.find(({ unusable }) => unusable !== null)?.unusable ?? null,
  };
}

/** Something that works, and perhaps not as it was meant. */
function asFinding({ about, message, advice }: Remark): Finding {
  return { about, ok: true, message, advice };
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

/** The findings about one service. */
interface Checked {
  readonly findings: readonly Finding[];
  readonly clocks: readonly ClockReading[];
  readonly unusable: ServicesCheck['unusable'];
}

async function checkDatabase(config: Config, log: Logger): Promise<Checked> {
  try {
    const { mongodbUri: uri, mongodbDatabase: name } = config;
    const database = await connectDatabase({ uri, database: name, log });
    try {
      const clocks = await databaseClock(database);
      const message = `${name} at ${database.host}: takes what Rollcall reads and writes`;
      const indexes = describeIndexes(await missingIndexes(database));
      const findings = [{ about: 'database', ok: true, message }, indexes];
      return { findings, clocks, unusable: null };
    } finally {
      await database.close();
    }
  } catch (error) {
    return broken('database', error);
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

async function checkRedis(config: Config): Promise<Checked> {
  try {
    const settings = redisSettings(config);
    const queues = await connectQueues(settings, { onError: () => undefined });
    try {
      const clocks = await redisClock(queues, settings);
      const findings = [describeRedis(await evictionPolicyOf(queues))];
      return { findings, clocks, unusable: null };
    } finally {
      await closeQueues(queues);
    }
  } catch (error) {
    return broken('redis', error);
  }
}

function describeRedis(policy: string | null): Finding {
  const about = 'redis';
  if (policy === null || policy === 'noeviction') {
    return { about, ok: true, message: 'takes the writes of jobs' };
  }
  return {
    about,
    ok: false,
    message: `Redis may evict jobs: maxmemory-policy is ${policy}`,
    advice: `Set it to noeviction. ${seeRunbook('services-refuse')}`,
  };
}

function broken(about: string, error: unknown): Checked {
  const unusable = error instanceof ConfigError ? 'settings' : 'services';
  return { findings: [problem(about, error)], clocks: [], unusable };
}

function problem(about: string, error: unknown): Finding {
  const advice = hintOf(error);
  return { about, ok: false, message: messageOf(error), ...(advice !== undefined && { advice }) };
}
