import { type ConnectionOptions, type JobsOptions, Queue, type RepeatStrategy } from 'bullmq';
import { messageOf, Unavailable } from '../src/core/errors.ts';
import { nextRun } from '../src/core/schedule/next-run.ts';
import { parsePattern } from './schedule-pattern.ts';

/*
 * The queues and how they are reached. BullMQ gets connection options, never instances: it closes
 * what it opened itself, and leaves open what it was given.
 */

export const queueNames = ['runs', 'ticks', 'maintenance'] as const;
export type QueueName = (typeof queueNames)[number];
export type Queues = Readonly<Record<QueueName, Queue>>;

/** How many jobs of a queue one process carries out at a time. */
export const concurrencies: Readonly<Record<QueueName, number>> = {
  runs: 4,
  ticks: 8,
  maintenance: 1,
};

export interface RedisSettings {
  readonly url: string;
  readonly prefix: string;
}

/** Attempts are for crashes: they last longer than a restart of the database takes. */
const defaultJobOptions: JobsOptions = {
  attempts: 10,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1000 },
};

const connectTimeoutMs = 5_000;
const commandTimeoutMs = 8_000;
/** How long a connection that is already broken is waited for when it is closed. */
const disconnectTimeoutMs = 300;

/** Well under the 10 s within which a process says that its Redis can't be reached. */
const defaultTimeoutMs = 5_000;

/** All keys share one hash slot, as scripts on a Redis cluster need. */
export function keyPrefix({ prefix }: Pick<RedisSettings, 'prefix'>): string {
  return `{${prefix}}`;
}

/** Rollcall's own clock instead of BullMQ's cron parser, so that there is one rule on time zones and DST. */
export const repeatStrategy: RepeatStrategy = (afterMs, { pattern }) =>
  pattern === undefined ? undefined : nextRun(parsePattern(pattern), new Date(afterMs))?.getTime();

/** For workers: they wait for a Redis that is away, however long. */
export function workerConnection({ url }: RedisSettings): ConnectionOptions {
  return {
    url,
    connectTimeout: connectTimeoutMs,
    retryStrategy: retryDelayMs,
    maxRetriesPerRequest: null,
  };
}

/** For those who ring: with Redis away a command fails at once instead of waiting. */
function producerConnection({ url }: RedisSettings): ConnectionOptions {
  return {
    url,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    disconnectTimeout: disconnectTimeoutMs,
    retryStrategy: retryDelayMs,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  };
}

function retryDelayMs(times: number): number {
  return Math.min(times * 200, 3_000);
}

/** Opens the queues and waits until Redis answers; `Unavailable` when it doesn't, naming the host and no password. */
export async function connectQueues(
  settings: RedisSettings,
  {
    onError,
    timeoutMs = defaultTimeoutMs,
  }: {
    /** Told of every later trouble with a connection. */
    readonly onError: (error: Error) => void;
    readonly timeoutMs?: number;
  },
): Promise<Queues> {
  const open = (name: QueueName): Queue => {
    const queue = new Queue(name, {
      connection: producerConnection(settings),
      prefix: keyPrefix(settings),
      defaultJobOptions,
      settings: { repeatStrategy },
      // BullMQ prints what it thinks of the version and the eviction policy: workers may, commands may not.
      skipVersionCheck: true,
    });
    queue.on('error', onError);
    return queue;
  };
  const queues = { runs: open('runs'), ticks: open('ticks'), maintenance: open('maintenance') };
  try {
    await untilReady(queues, timeoutMs);
  } catch (error) {
    await closeQueues(queues);
    const where = `Redis at ${new URL(settings.url).host}`;
    if (isAboutPassword(error)) {
      throw new Unavailable(`${where} wants another password.`, {
        cause: error,
        hint: 'Correct the password in REDIS_URL.',
      });
    }
    throw new Unavailable(`${where} can't be reached: ${reasonOf(error)}.`, {
      cause: error,
      hint: 'Start Redis, or set REDIS_URL to where it is.',
    });
  }
  return queues;
}

/** What Redis does when its memory is full, such as `noeviction`; null when it doesn't say. */
export async function evictionPolicyOf({ runs }: Queues): Promise<string | null> {
  const client = await runs.getBackend().client;
  const [, policy = null] = /^maxmemory_policy:(\S+)/m.exec(await client.info()) ?? [];
  return policy;
}

/** Says goodbye to Redis; one that is away can't be told, and its connections are dropped. */
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

/** BullMQ tries for ever; the last thing that went wrong says more than that time is up. */
async function untilReady(queues: Queues, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let last: unknown = new Error('it does not answer');
  let giveUp: (error: unknown) => void = () => undefined;
  const remember = (error: Error): void => {
    last = error;
    if (isAboutPassword(error)) giveUp(error);
  };
  queues.runs.on('error', remember);
  const late = new Promise<never>((_, reject) => {
    giveUp = reject;
    timer = setTimeout(() => reject(last), timeoutMs);
  });
  try {
    await Promise.race([
      Promise.all(queueNames.map((name) => queues[name].waitUntilReady())),
      late,
    ]);
  } finally {
    clearTimeout(timer);
    queues.runs.off('error', remember);
  }
}

/** Redis has answered: no other try will change its mind. */
function isAboutPassword(error: unknown): boolean {
  return error instanceof Error && /^(NOAUTH|WRONGPASS)\b/.test(error.message);
}

/** Several addresses refused at once make an error without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return messageOf(error);
}
