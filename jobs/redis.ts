import { createIORedisClient, type IRedisClient, RedisConnection, type RedisOptions } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import { ConfigError } from '../src/core/errors.ts';
import { ClosedAtOnce, redisTroubleIn, tellRedisTrouble } from './redis-trouble.ts';

/*
 * How Redis is reached, a single server or a cluster: the server itself says which of the two it
 * is. BullMQ gets connection options, never instances: it closes what it opened itself, and leaves
 * open what it was given.
 */

export interface RedisSettings {
  /** A cluster is found by any one of its nodes. */
  readonly url: string;
  readonly prefix: string;
}

/** A Redis that has answered. */
export interface FoundRedis extends RedisSettings {
  readonly isCluster: boolean;
}

const connectTimeoutMs = 5_000;
const commandTimeoutMs = 8_000;
/** How long closing waits for a connection that is already broken. */
const disconnectTimeoutMs = 300;

/** All keys share one hash slot, as scripts on a Redis cluster need. */
export function keyPrefix({ prefix }: Pick<RedisSettings, 'prefix'>): string {
  return `{${prefix}}`;
}

const patiently = { connectTimeout: connectTimeoutMs, retryStrategy: retryDelayMs };

/** For workers: they wait for a Redis that is away, however long. */
export function workerConnection({ url, isCluster }: FoundRedis): RedisOptions {
  return { url, isCluster, ...patiently, maxRetriesPerRequest: null };
}

/** For callers that enqueue: with Redis away a command fails at once instead of waiting. */
export function producerConnection({ url, isCluster }: FoundRedis): RedisOptions {
  return {
    url,
    isCluster,
    ...patiently,
    commandTimeout: commandTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  };
}

function retryDelayMs(times: number): number {
  return Math.min(times * 200, 3_000);
}

RedisConnection.clientFactory = openClient;

/** Opens the connections that BullMQ asks for, with the options above. */
function openClient({ url = '', isCluster, ...options }: RedisOptions): IRedisClient {
  if (isCluster !== true) return createIORedisClient(new Redis(url, options));
  const { enableOfflineQueue = true, retryStrategy = retryDelayMs, ...ofEachNode } = options;
  const { host = '', port = 6379, username, password, tls } = parse(url);
  const redisOptions = {
    ...ofEachNode,
    ...(username != null && { username }),
    ...(password != null && { password }),
    ...(tls != null && { tls }),
  };
  return createIORedisClient(
    new Cluster([{ host, port }], {
      redisOptions,
      enableOfflineQueue,
      clusterRetryStrategy: retryStrategy,
      // A certificate names hosts, while ioredis would connect to addresses.
      ...(tls != null && { dnsLookup: (name, found) => found(null, name) }),
    }),
  );
}

/** The parts of a URL as ioredis reads them. */
function parse(url: string): Redis['options'] {
  return new Redis(url, { lazyConnect: true }).options;
}

/** The errors of connections while a caller waits for them. */
export interface Patience {
  /**
   * Returns the result of the work; throws the last error when time is up, and at once when waiting
   * would not help.
   */
  during<T>(work: Promise<T>): Promise<T>;
  readonly onError: (error: Error) => void;
  end(): void;
}

/** BullMQ and ioredis try without limit; the last error says more than the fact that time is up. */
export function patienceOf(timeoutMs: number): Patience {
  let last: unknown = new Error('it does not answer');
  let giveUp: (error: unknown) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  over.catch(() => undefined);
  const timer = setTimeout(() => giveUp(last), timeoutMs);
  return {
    during: (work) => Promise.race([work, over]),
    onError(error) {
      last = causeOf(error);
      const trouble = redisTroubleIn(last);
      if (trouble !== null && trouble.mayPass !== true) giveUp(last);
    },
    end: () => clearTimeout(timer),
  };
}

/** Asks Redis whether it is one node of a cluster. `ConfigError` for a URL that is invalid. */
export async function findRedis(settings: RedisSettings, patience: Patience): Promise<FoundRedis> {
  const unknown = { ...settings, isCluster: false };
  const { url: _url, isCluster: _unknown, ...options } = producerConnection(unknown);
  const redis = new Redis(settings.url, { ...options, db: 0 });
  redis.on('error', patience.onError);
  let hasConnected = false;
  redis.on('connect', () => {
    hasConnected = true;
  });
  // A server that speaks TLS alone closes a connection without, and says nothing.
  redis.on('close', () => {
    if (hasConnected) patience.onError(new ClosedAtOnce());
    hasConnected = false;
  });
  try {
    await patience.during(new Promise((resolve) => redis.once('ready', resolve)));
    const info = await patience.during(redis.info('server'));
    const isCluster = /^(redis|server)_mode:cluster/m.test(info);
    const { db = 0 } = parse(settings.url);
    if (isCluster && db !== 0) {
      throw new ConfigError(`REDIS_URL names database ${db}, and a Redis cluster has 0 alone.`, {
        hint: 'Leave the number out; installations that share a cluster differ in REDIS_PREFIX.',
      });
    }
    return { ...settings, isCluster };
  } finally {
    redis.disconnect();
  }
}

/** Adds to an error which Redis it is about, without the password. */
export function cannotReach({ url }: RedisSettings, error: unknown): Error {
  if (error instanceof ConfigError) return error;
  const { host, protocol } = new URL(url);
  return tellRedisTrouble(`Redis at ${host}`, error, { asksForTls: protocol === 'rediss:' });
}

/** The client of a cluster says only that no node could be used; the error of the node has the reason. */
function causeOf(error: Error): unknown {
  return 'lastNodeError' in error ? (error.lastNodeError ?? error) : error;
}
