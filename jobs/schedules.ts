import { setTimeout as wait } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { Unavailable } from '../src/core/errors.ts';
import type { DirectoryStore } from '../src/core/model/store.ts';
import type { DirectoryStores } from '../src/ports/directory-stores.ts';
import type { LeaseStore } from '../src/ports/leases.ts';
import { inBatches } from './in-batches.ts';
import type { JobDefinition } from './job-definition.ts';
import type { Queues } from './queues.ts';
import { patternOf } from './schedule-pattern.ts';

export const tickStoreName = 'tick-store';

/** The parts of a scheduler in Redis that decide whether it is set again. */
interface Scheduler {
  readonly id: string;
  readonly pattern: string;
}

interface PresentScheduler extends Scheduler {
  /** Whether the job of its next turn exists: without it the scheduler would never fire again. */
  readonly armed: boolean;
}

interface SchedulerChanges {
  readonly put: readonly Scheduler[];
  readonly remove: readonly string[];
}

/** Only differences: setting a scheduler again would drop a tick that is due but not yet taken. */
export function compareSchedulers(
  wanted: readonly Scheduler[],
  present: readonly PresentScheduler[],
): SchedulerChanges {
  const there = new Map(present.map((scheduler) => [scheduler.id, scheduler]));
  const keep = new Set(wanted.map(({ id }) => id));
  return {
    put: wanted.filter(({ id, pattern }) => {
      const found = there.get(id);
      return found === undefined || !found.armed || found.pattern !== pattern;
    }),
    remove: present.filter(({ id }) => !keep.has(id)).map(({ id }) => id),
  };
}

/** A store is ticked while it is active and its schedule is enabled. */
export function isTicked({ status, config }: DirectoryStore): boolean {
  return status === 'active' && config.schedule?.enabled === true;
}

const idPrefix = 'store-';

function wantedSchedulers(stores: readonly DirectoryStore[]): readonly Scheduler[] {
  return stores.flatMap((store) => {
    const { schedule } = store.config;
    if (schedule === null || !isTicked(store)) return [];
    return [{ id: `${idPrefix}${store.id}`, pattern: patternOf(schedule) }];
  });
}

async function presentSchedulers(ticks: Queue): Promise<readonly PresentScheduler[]> {
  const schedulers = await ticks.getJobSchedulers();
  // All ids at once: asking for each would take one round trip for each store.
  const onTheWay = new Set(await ticks.getRanges(['delayed', 'waiting', 'active'], 0, -1));
  return inBatches(schedulers, async ({ key, pattern, next }) => ({
    id: key,
    pattern: pattern ?? '',
    // A turn that came between the two reads is read alone.
    armed: onTheWay.has(turnId(key, next)) || (await isArmed(ticks, key)),
  }));
}

/** BullMQ derives the id of a scheduler's next job from the scheduler and the time. */
function turnId(key: string, next: number | undefined): string {
  return `repeat:${key}:${next}`;
}

async function isArmed(queue: Queue, key: string): Promise<boolean> {
  const next = (await queue.getJobScheduler(key))?.next;
  return next !== undefined && (await queue.getJob(turnId(key, next))) !== undefined;
}

interface ReconcileDependencies {
  readonly queues: Pick<Queues, 'ticks'>;
  readonly stores: Pick<DirectoryStores, 'list'>;
  readonly leases: LeaseStore;
}

const lease = { storeId: 'schedules', ttlMs: 30_000 };

/**
 * Makes the schedulers in Redis match the stores, and returns how many it set and removed. One
 * process at a time: of two at once, the one that read the stores first could write last.
 */
export async function reconcileSchedules(
  { queues: { ticks }, stores, leases }: ReconcileDependencies,
  holder: string,
): Promise<{ readonly put: number; readonly removed: number }> {
  await acquire(leases, holder);
  try {
    const changes = compareSchedulers(
      wantedSchedulers(await stores.list()),
      await presentSchedulers(ticks),
    );
    await inBatches(changes.remove, (id) => ticks.removeJobScheduler(id));
    await inBatches(changes.put, (scheduler) => putScheduler(ticks, scheduler));
    return { put: changes.put.length, removed: changes.remove.length };
  } finally {
    await leases.release({ storeId: lease.storeId, holder });
  }
}

/** Finished ticks are removed: a finished one would prevent the same turn from being set again. */
async function putScheduler(ticks: Queue, { id, pattern }: Scheduler): Promise<void> {
  await ticks.upsertJobScheduler(
    id,
    { pattern },
    {
      name: tickStoreName,
      data: { storeId: id.slice(idPrefix.length) },
      opts: { removeOnComplete: true },
    },
  );
}

const patienceMs = 10_000;
const pauseMs = 100;

async function acquire(leases: LeaseStore, holder: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    if (await leases.acquire({ ...lease, holder })) return;
    await wait(pauseMs);
  }
  throw new Unavailable('Another process has been setting the schedules for 10 seconds.', {
    hint: 'They are set again every five minutes; no need to do anything.',
  });
}

/** Stores whose scheduler is missing, by name: their scheduled runs would not happen. */
export async function unscheduledStores({
  queues: { ticks },
  stores,
}: Omit<ReconcileDependencies, 'leases'>): Promise<readonly string[]> {
  const all = await stores.list();
  // Ids alone, each followed by its due time: this is read every few seconds.
  const present = new Set(await ticks.getBackend().getJobSchedulersRange(0, -1, true));
  return all
    .filter((store) => isTicked(store) && !present.has(`${idPrefix}${store.id}`))
    .map(({ name }) => name);
}

/**
 * Sets the schedulers of the jobs that run by themselves, where they are missing or differ. Every worker does it at
 * its start and every half minute, since a Redis that lost its data lost these too.
 */
export async function armRecurringJobs(
  queues: Queues,
  jobs: readonly JobDefinition[],
): Promise<void> {
  for (const { queue: queueName, name, everyMs } of jobs) {
    if (everyMs === undefined) continue;
    const queue = queues[queueName];
    const found = await queue.getJobScheduler(name);
    if (found?.every === everyMs && (await isArmed(queue, name))) continue;
    await queue.upsertJobScheduler(
      name,
      { every: everyMs },
      { name, data: {}, opts: { removeOnComplete: { count: 5 } } },
    );
  }
}
