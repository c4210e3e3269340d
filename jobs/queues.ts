import { type JobsOptions, Queue, type RepeatStrategy } from 'bullmq';
import { nextRun } from '../src/core/schedule/next-run.ts';
import {
  cannotReach,
  type FoundRedis,
  findRedis,
  keyPrefix,
  patienceOf,
  producerConnection,
  type RedisSettings,
} from './redis.ts';
import { parsePattern } from './schedule-pattern.ts';

export const queueNames = ['runs', 'ticks', 'maintenance'] as const;
export type QueueName = (typeof queueNames)[number];
export type Queues = Readonly<Record<QueueName, Queue>>;

/**
 * How many jobs of a queue one process carries out at a time. A run mostly waits for its directory, and its memory
 * does not grow with the directory, so there are more of them than cores (docs/benchmarks-stores.md).
 */
export const concurrencies: Readonly<Record<QueueName, number>> = {
  runs: 8,
  ticks: 8,
  maintenance: 1,
};

/** Attempts are for crashes: they last longer than a restart of the database takes. */
const defaultJobOptions: JobsOptions = {
  attempts: 10,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1000 },
};

/** Less than the 10 s within which a process says that its Redis can't be reached. */
const defaultTimeoutMs = 5_000;

/** Rollcall's own clock instead of BullMQ's cron parser, so that there is one rule on time zones and DST. */
export const repeatStrategy: RepeatStrategy = (afterMs, { pattern }) =>
  pattern === undefined ? undefined : nextRun(parsePattern(pattern), new Date(afterMs))?.getTime();

/** Opens the queues and waits until Redis answers; `Unavailable` when it doesn't, naming the host and no password. */
export async function connectQueues(
  settings: RedisSettings,
  {
    onError,
    timeoutMs = defaultTimeoutMs,
  }: {
    /** Called with every later error of a connection. */
    readonly onError: (error: Error) => void;
    readonly timeoutMs?: number;
  },
): Promise<Queues> {
  const patience = patienceOf(timeoutMs);
  let queues: Queues | undefined;
  try {
    const opened = openQueues(await findRedis(settings, patience), onError);
    queues = opened;
    opened.runs.on('error', patience.onError);
    await patience.during(Promise.all(queueNames.map((name) => opened[name].waitUntilReady())));
    return opened;
  } catch (error) {
    if (queues !== undefined) await closeQueues(queues);
    throw cannotReach(settings, error);
  } finally {
    patience.end();
    queues?.runs.off('error', patience.onError);
  }
}

function openQueues(redis: FoundRedis, onError: (error: Error) => void): Queues {
  const open = (name: QueueName): Queue => {
    const queue = new Queue(name, {
      connection: producerConnection(redis),
      prefix: keyPrefix(redis),
      defaultJobOptions,
      settings: { repeatStrategy },
      // BullMQ prints warnings about the version and the eviction policy: workers may print them, commands may not.
      skipVersionCheck: true,
    });
    queue.on('error', onError);
    return queue;
  };
  return { runs: open('runs'), ticks: open('ticks'), maintenance: open('maintenance') };
}

/** Whether the Redis behind open queues is a cluster. */
export async function isCluster({ runs }: Queues): Promise<boolean> {
  return (await runs.getBackend().client).isCluster;
}

/**
 * The policy of Redis when its memory is full, such as `noeviction`; null when it doesn't say. Any
 * node of a cluster may come to hold the queues, so the first one that would evict counts for all.
 */
export async function evictionPolicyOf({ runs }: Queues): Promise<string | null> {
  const client = await runs.getBackend().client;
  const nodes = client.nodes?.() ?? [client];
  const policies = await Promise.all(
    nodes.map(async (node) => /^maxmemory_policy:(\S+)/m.exec(await node.info())?.[1] ?? null),
  );
  return policies.find((policy) => policy !== 'noeviction') ?? policies[0] ?? null;
}

/** Closes the connections to Redis in order; if Redis is away, they are dropped. */
export async function closeQueues(queues: Queues): Promise<void> {
  await Promise.all(queueNames.map((name) => closeQueue(queues[name])));
}

async function closeQueue(queue: Queue): Promise<void> {
  try {
    await queue.close();
  } catch {
    const client = await queue.getBackend().client;
    client.disconnect();
  }
}
