import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../src/app/compose.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { DirectoryStore } from '../../src/core/model/store.ts';
import type { Schedule } from '../../src/core/model/store-config.ts';

/** Seconds. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Lateness {
  readonly runs: number;
  readonly notSucceeded: number;
  readonly dueToQueued: Distribution;
  readonly dueToStarted: Distribution;
  readonly startedToFinished: Distribution;
  /** From when the first was due until the last had ended. */
  readonly drained: number;
}

const minuteMs = 60_000;
/** How long before its minute a schedule must stand. */
const leadMs = 4_000;

/** The start of the minute after the next few seconds. */
export function nextMinute(): Date {
  return new Date(Math.ceil((Date.now() + leadMs) / minuteMs) * minuteMs);
}

/** Due once a day, at that minute. */
export function dailyAt(minute: Date): Schedule {
  return {
    enabled: true,
    frequency: 'daily',
    time: minute.toISOString().slice(11, 16),
    timezone: 'UTC',
  };
}

/** Gives stores schedules, all in one go; the newer revisions of the stores. */
export async function schedule(
  { ports }: App,
  stores: readonly DirectoryStore[],
  scheduleOf: (index: number) => Schedule,
): Promise<readonly DirectoryStore[]> {
  return inBatches(stores, ({ id, configRevision, config }, index) =>
    ports.stores.configure(id, {
      by: 'cli:bench',
      fromRevision: configRevision,
      config: { ...config, schedule: scheduleOf(index) },
    }),
  );
}

/** Waits until every store has had its run of a schedule, and says how late they were. */
export async function measureLateness(
  app: App,
  { since, dueAt }: { readonly since: Date; readonly dueAt: ReadonlyMap<string, Date> },
): Promise<Lateness> {
  const runs = await untilEnded(app, { since, stores: new Set(dueAt.keys()) });
  const seconds = (from: Date | undefined | null, to: Date | null): number =>
    ((to?.getTime() ?? Number.NaN) - (from?.getTime() ?? Number.NaN)) / 1000;
  const dueOf = ({ storeId }: Run): Date | undefined => dueAt.get(storeId ?? '');
  const firstDue = Math.min(...[...dueAt.values()].map((due) => due.getTime()));
  const lastEnd = Math.max(...runs.map(({ finishedAt }) => finishedAt?.getTime() ?? 0));
  return {
    runs: runs.length,
    notSucceeded: runs.filter(({ status }) => status !== 'succeeded').length,
    dueToQueued: distribution(runs.map((run) => seconds(dueOf(run), run.createdAt))),
    dueToStarted: distribution(runs.map((run) => seconds(dueOf(run), run.startedAt))),
    startedToFinished: distribution(runs.map((run) => seconds(run.startedAt, run.finishedAt))),
    drained: (lastEnd - firstDue) / 1000,
  };
}

const lookEveryMs = 1_000;

/** The runs since then of those stores, once each store has one and all have ended. */
export async function untilEnded(
  { ports }: App,
  { since, stores }: { readonly since: Date; readonly stores: ReadonlySet<string> },
): Promise<readonly Run[]> {
  for (;;) {
    const found = await ports.runs.list({ atWorkSince: since });
    const ours = found.filter(
      ({ storeId, createdAt, finishedAt }) =>
        storeId !== null && stores.has(storeId) && createdAt >= since && finishedAt !== null,
    );
    if (new Set(ours.map(({ storeId }) => storeId)).size === stores.size) return ours;
    await wait(lookEveryMs);
  }
}

function distribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

const batchSize = 50;

/** Does something with each, fifty at a time. */
export async function inBatches<In, Out>(
  all: readonly In[],
  work: (one: In, index: number) => Promise<Out>,
): Promise<readonly Out[]> {
  const done: Out[] = [];
  for (let from = 0; from < all.length; from += batchSize) {
    const batch = all.slice(from, from + batchSize);
    done.push(...(await Promise.all(batch.map((one, index) => work(one, from + index)))));
  }
  return done;
}
