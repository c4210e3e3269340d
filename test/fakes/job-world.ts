import { randomUUID } from 'node:crypto';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ExecuteRun } from '../../jobs/execute-run.job.ts';
import { nameWorker, startHeartbeat } from '../../jobs/heartbeat.ts';
import { allJobs } from '../../jobs/index.ts';
import type { JobDefinition } from '../../jobs/job-definition.ts';
import { createJobQueue } from '../../jobs/job-queue.ts';
import {
  closeQueues,
  connectQueues,
  isCluster,
  type QueueName,
  type Queues,
} from '../../jobs/queues.ts';
import { type FoundRedis, keyPrefix, workerConnection } from '../../jobs/redis.ts';
import { startWorkers, type Workers } from '../../jobs/run-worker.ts';
import { reconcileSchedules } from '../../jobs/schedules.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { AccessToken } from '../../src/core/model/token.ts';
import type { Ports } from '../../src/ports/index.ts';
import type { JobQueue } from '../../src/ports/job-queue.ts';
import { testServices } from '../setup/services.ts';
import { MemoryRecords } from './memory-records.ts';
import { MemoryRuns } from './memory-runs.ts';
import { MemoryStorage } from './memory-storage.ts';
import type { MemoryStores } from './memory-stores.ts';

const clock = { now: () => new Date() };
const writes = { members: 0, records: 0, runs: 0, leases: 0 };

/** Runs in memory that a test can end. */
export class QueuedRuns extends MemoryRuns {
  constructor() {
    super(writes, clock, new MemoryRecords(writes));
  }
  /** Ends a run as `executeRun` does. */
  end(id: string, status: Run['status'] = 'succeeded'): Run {
    const run = this.all.get(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    const error = status === 'failed' ? { code: 'source-failed', message: 'ada@acme.test' } : null;
    const ended = { ...run, status, error, startedAt: new Date(), finishedAt: new Date() };
    this.all.set(id, ended);
    return ended;
  }
}

/** Queues on a real Redis under a prefix of their own, with everything else in memory. */
export interface JobWorld {
  readonly prefix: string;
  readonly queues: Queues;
  readonly events: Readonly<Record<QueueName, QueueEvents>>;
  readonly runs: QueuedRuns;
  readonly stores: MemoryStores;
  readonly tokens: Map<string, AccessToken>;
  readonly queue: JobQueue;
  readonly logged: string[];
  readonly jobs: readonly JobDefinition[];
  reconcile(): Promise<{ readonly put: number; readonly removed: number }>;
  startWorkers(executeRun?: ExecuteRun): Promise<Workers>;
  /** Deletes everything that Redis has of this world. */
  loseRedisData(): Promise<void>;
  close(): Promise<void>;
}

export async function openJobWorld(): Promise<JobWorld> {
  const settings = { url: testServices().redisUrl, prefix: `test-${randomUUID()}` };
  const queues = await connectQueues(settings, { onError: () => undefined });
  const redis = { ...settings, isCluster: await isCluster(queues) };
  const runs = new QueuedRuns();
  const { stores, leases, alerts, domains, notices, mailTemplates } = new MemoryStorage(clock);
  const tokens = new Map<string, AccessToken>();
  const logged: string[] = [];
  const workers: Workers[] = [];
  const heartbeats: Awaited<ReturnType<typeof startHeartbeat>>[] = [];
  const reconcile = () => reconcileSchedules({ queues, stores, leases }, randomUUID());
  const queue = createJobQueue(queues, settings, reconcile);
  const events = {
    runs: listen('runs', redis),
    ticks: listen('ticks', redis),
    maintenance: listen('maintenance', redis),
  };
  await Promise.all(Object.values(events).map((one) => one.waitUntilReady()));
  const ports = {
    runs,
    stores,
    leases,
    alerts,
    domains,
    notices,
    mailTemplates,
    sendMail: null,
    alertSenders: {},
    lookUpTxt: async () => ({ kind: 'none' }),
    clock,
    queue,
    tokens: { get: async (id: string) => tokens.get(id) ?? null, list: async () => [] },
    scimTokens: { list: async () => [] },
  } as unknown as Ports;
  const define = (executeRun: ExecuteRun) =>
    allJobs({
      ports,
      queues,
      executeRun,
      removeStore: async () => undefined,
      onRunEnded: () => undefined,
      heldExpiryMs: 30 * 86_400_000,
      retentionMs: 90 * 86_400_000,
      onAlertTried: () => undefined,
      onNoticeTried: () => undefined,
      staleMs: 26 * 3_600_000,
      publicUrl: 'https://rollcall.test',
      log: (_fields, message) => void logged.push(message),
    });
  const endAtOnce: ExecuteRun = async (id) => ({ outcome: 'ended', run: runs.end(id) });
  const log = {
    warn: (_fields: unknown, message: string) => void logged.push(message),
    error: (_fields: unknown, message: string) => void logged.push(message),
  };
  return {
    prefix: settings.prefix,
    queues,
    events,
    runs,
    stores,
    tokens,
    queue,
    logged,
    jobs: define(endAtOnce),
    reconcile,
    async startWorkers(executeRun = endAtOnce) {
      const name = nameWorker();
      heartbeats.push(
        await startHeartbeat({ queues, redis: settings }, { name, onError: () => undefined }),
      );
      const started = startWorkers({
        name,
        jobs: define(executeRun),
        redis,
        log,
        onConnectionError: () => undefined,
      });
      workers.push(started);
      await started.ready();
      return started;
    },
    async loseRedisData() {
      const client = await queues.runs.getBackend().client;
      const nodes = (client.nodes?.() ?? [client]) as unknown as readonly Redis[];
      for (const node of nodes) {
        const keys = await node.keys(`${keyPrefix(redis)}:*`);
        if (keys.length > 0) await node.del(...keys);
      }
    },
    async close() {
      for (const started of workers) await started.stop();
      for (const started of workers) await started.close();
      await Promise.all(heartbeats.map((one) => one.stop()));
      await Promise.all(Object.values(events).map((one) => one.close()));
      for (const one of Object.values(queues)) await one.obliterate({ force: true });
      await closeQueues(queues);
    },
  };
}

function listen(name: QueueName, redis: FoundRedis): QueueEvents {
  return new QueueEvents(name, {
    connection: workerConnection(redis),
    prefix: keyPrefix(redis),
  });
}

/** Resolves with the next event of this kind, for one job or for any. */
export function next(
  events: QueueEvents,
  kind: 'completed' | 'failed' | 'delayed' | 'waiting' | 'progress' | 'active',
  jobId?: string,
): Promise<{ readonly jobId: string }> {
  return new Promise((resolve) => {
    const onEvent = (event: { jobId: string }): void => {
      if (jobId !== undefined && event.jobId !== jobId) return;
      events.off(kind, onEvent);
      resolve(event);
    };
    events.on(kind, onEvent);
  });
}

/** A promise and what resolves it. */
export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
