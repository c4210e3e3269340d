import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { createJobQueue } from '../../jobs/job-queue.ts';
import { closeQueues, connectQueues, type Queues } from '../../jobs/queues.ts';
import type { RedisSettings } from '../../jobs/redis.ts';
import { reconcileSchedules } from '../../jobs/schedules.ts';
import type { RequestEvent } from '../directories/http/client.ts';
import { createConnectDirectory, createConnectPushed, directories } from '../directories/index.ts';
import { createExpressions } from '../expressions/index.ts';
import { connectDatabase, type Database } from '../mongo/connection.ts';
import { createStores } from '../mongo/index.ts';
import { migrate } from '../mongo/migrations/migrate.ts';
import { createSecretBox } from '../mongo/secret-box.ts';
import { silenceAlerts } from '../notify/webhook/silence-alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ports } from '../ports/index.ts';

/*
 * The one place that connects all parts: settings in, ports out. serve.ts has what processes do
 * with the ports, cli/ what commands do.
 */

/** All connected parts behind the shell. */
export interface App {
  readonly ports: Ports;
  readonly database: Database;
  readonly queues: Queues;
  /** Signs the session cookie; derived, so that it can't decrypt what the first key encrypts. */
  readonly cookieKey: Buffer;
  /** Where people and directories reach this installation. */
  readonly publicUrl: string;
  /** Ends the evaluation of expressions: what waits for one fails. */
  endExpressions(): void;
  close(): Promise<void>;
}

const clock: Clock = { now: () => new Date() };

/**
 * Connects to the services, creates the missing indexes, and builds the ports. `Unavailable` names
 * the service that can't be reached. `onRequest` is called for every request to a directory.
 */
export async function openApp(
  config: Config,
  log: Logger,
  onRequest?: (event: RequestEvent) => void,
): Promise<App> {
  const { database, queues } = await connectServices(config, log);
  const expressions = createExpressions();
  const close = async (): Promise<void> => {
    expressions.close();
    await closeQueues(queues);
    await database.close();
  };
  try {
    await migrate(database);
    const secretBox = createSecretBox(config.secretsKeys);
    const stores = createStores({ database, secretBox, clock });
    const source = {
      origins: config.sourceOrigins,
      retryBudgetMs: config.sourceRetryBudgetMs,
      requestTimeoutMs: config.sourceRequestTimeoutMs,
      timeLimitMs: config.sourceTimeLimitMs,
      mostUsers: config.sourceMostUsers,
      proxies: config.proxies,
    };
    const reconcile = () => reconcileSchedules({ ...stores, queues }, randomUUID());
    const ports: Ports = {
      ...stores,
      alerts: config.alertWebhook === undefined ? silenceAlerts(stores.alerts) : stores.alerts,
      clock,
      random: Math.random,
      queue: createJobQueue(queues, reconcile),
      directories,
      connectPushed: createConnectPushed(stores.scim),
      expressions,
      connectDirectory: createConnectDirectory(source, {
        now: () => performance.now(),
        random: Math.random,
        onRequest,
      }),
    };
    const cookieKey = secretBox.deriveKey('session cookie');
    return {
      ports,
      database,
      queues,
      cookieKey,
      publicUrl: config.publicUrl,
      endExpressions: () => expressions.close(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Both at once: with both away, the caller must not wait for one after the other. */
async function connectServices(
  config: Config,
  log: Logger,
): Promise<{ readonly database: Database; readonly queues: Queues }> {
  const [database, queues] = await Promise.allSettled([
    connectDatabase({ uri: config.mongodbUri, database: config.mongodbDatabase, log }),
    connectQueues(redisSettings(config), { onError: redisTrouble(log) }),
  ]);
  if (database.status === 'fulfilled' && queues.status === 'fulfilled') {
    return { database: database.value, queues: queues.value };
  }
  if (database.status === 'fulfilled') await database.value.close();
  if (queues.status === 'fulfilled') await closeQueues(queues.value);
  throw database.status === 'rejected' ? database.reason : (queues as PromiseRejectedResult).reason;
}

/** The address of the queues. */
export function redisSettings(config: Config): RedisSettings {
  return { url: config.redisUrl, prefix: config.redisPrefix };
}

const quietMs = 30_000;

/** Every connection reports each attempt; one line per period is enough. */
export function redisTrouble(log: Logger): (error: Error) => void {
  let quietUntil = 0;
  return (err) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + quietMs;
    log.warn({ err }, 'Trouble with Redis; trying again.');
  };
}
