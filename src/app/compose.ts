import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../../config/load.ts';
import { createJobQueue } from '../../jobs/job-queue.ts';
import { closeQueues, connectQueues, type Queues } from '../../jobs/queues.ts';
import type { RedisSettings } from '../../jobs/redis.ts';
import { reconcileSchedules } from '../../jobs/schedules.ts';
import type { RequestEvent } from '../directories/http/client.ts';
import type { Ports } from '../ports/index.ts';
import { type AppWithoutQueue, openDatabase } from './open-database.ts';

/*
 * The one place that connects all parts: settings in, ports out. serve.ts has what processes do
 * with the ports, cli/ what commands do. Commands that give no work to workers use
 * open-database.ts alone, which needs no Redis and loads no client of it.
 */

/** All connected parts behind the shell. */
export interface App extends AppWithoutQueue {
  readonly ports: Ports;
  readonly queues: Queues;
}

/**
 * Connects to the services, creates the missing indexes, and builds the ports. `Unavailable` names
 * the service that can't be reached. `onRequest` is called for every request to a directory.
 */
export async function openApp(
  config: Config,
  log: Logger,
  onRequest?: (event: RequestEvent) => void,
): Promise<App> {
  // Both at once: with both away, the caller must not wait for one after the other.
  const [opened, connected] = await Promise.allSettled([
    openDatabase(config, log, onRequest),
    connectQueues(redisSettings(config), { onError: redisTrouble(log) }),
  ]);
  if (opened.status === 'rejected') {
    if (connected.status === 'fulfilled') await closeQueues(connected.value);
    throw opened.reason;
  }
  if (connected.status === 'rejected') {
    await opened.value.close();
    throw connected.reason;
  }
  const app = opened.value;
  const queues = connected.value;
  const reconcile = () => reconcileSchedules({ ...app.ports, queues }, randomUUID());
  return {
    ...app,
    ports: { ...app.ports, queue: createJobQueue(queues, redisSettings(config), reconcile) },
    queues,
    close: async () => {
      await closeQueues(queues);
      await app.close();
    },
  };
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
