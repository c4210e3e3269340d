import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../src/app/compose.ts';
import type { DirectoryStore } from '../../src/core/model/store.ts';
import { defaultStoreConfig } from '../../src/core/store-file/default-config.ts';
import { defaultMapping } from '../../src/directories/jumpcloud/default-mapping.ts';
import type { Children } from './children.ts';
import {
  dailyAt,
  inBatches,
  type Lateness,
  measureLateness,
  nextMinute,
  schedule,
  untilEnded,
} from './lateness.ts';
import { organizationOf } from './organization.ts';
import type { Size } from './size.ts';

interface Measured {
  readonly app: App;
  readonly env: NodeJS.ProcessEnv;
  readonly children: Children;
  readonly size: Size;
  readonly say: (line: string) => void;
}

/** Milliseconds. */
interface Boot {
  readonly reconcileMissing: number;
  readonly reconcileUnchanged: number;
  readonly reconcileChanged: number;
  /** From the start of the process until it was ready, every schedule standing. */
  readonly workerReady: number;
}

export interface StoresResult {
  readonly at: string;
  readonly node: string;
  readonly size: Size;
  readonly boot: Boot;
  readonly redisBytes: { readonly perStore: number; readonly afterRuns: number };
  readonly firstSyncs: { readonly seconds: number };
  /** Documents that one scheduled run of every store added, by collection. */
  readonly documents: Readonly<Record<string, number>>;
  readonly workerPeakMiB: number | null;
  readonly sameMinute: Lateness;
  readonly spread: Lateness | null;
  readonly fairness: { readonly alone: Lateness; readonly besideLarge: Lateness } | null;
}

export async function measureStores(given: Measured): Promise<StoresResult> {
  const { app, env, children, size, say } = given;
  const all = await addStores(app, { count: size.stores, first: 1 });
  say(`${size.stores} stores added`);
  const tomorrow = new Date(Date.now() - 3_600_000);
  let stores = await schedule(app, all, () => dailyAt(tomorrow));
  const emptyBytes = await redisBytes(app);
  const reconcileMissing = await timed(() => app.ports.queue.reconcileSchedules());
  const perStore = ((await redisBytes(app)) - emptyBytes) / size.stores;
  const reconcileUnchanged = await timed(() => app.ports.queue.reconcileSchedules());
  say(`reconciled: ${reconcileMissing} ms, unchanged ${reconcileUnchanged} ms`);
  const readyMs: number[] = [];
  for (let worker = 0; worker < size.workers; worker += 1) {
    readyMs.push(Math.round(await children.startWorker(env)));
  }
  say(`workers ready after ${readyMs.join(', ')} ms`);
  const firstSyncs = { seconds: (await timed(() => syncAll(app, stores))) / 1000 };
  say(`first syncs: ${firstSyncs.seconds} s`);

  const before = await countDocuments(app);
  const minute = nextMinute();
  stores = await schedule(app, stores, () => dailyAt(minute));
  const reconcileChanged = await timed(() => app.ports.queue.reconcileSchedules());
  say(`reconciled: all changed ${reconcileChanged} ms`);
  const sameMinute = await lateness(app, stores, () => minute);
  say(`same minute: ${JSON.stringify(sameMinute)}`);
  const documents = differences(before, await countDocuments(app));
  const afterRuns = ((await redisBytes(app)) - emptyBytes) / size.stores;

  const spread = size.minutes > 0 ? await measureSpread(given, stores) : null;
  if (spread !== null) stores = spread.stores;
  const fairness = size.large > 0 ? await measureFairness(given, stores) : null;
  return {
    at: new Date().toISOString(),
    node: process.version,
    size,
    boot: {
      reconcileMissing,
      reconcileUnchanged,
      reconcileChanged,
      workerReady: readyMs[0] ?? Number.NaN,
    },
    redisBytes: { perStore: Math.round(perStore), afterRuns: Math.round(afterRuns) },
    firstSyncs,
    documents,
    workerPeakMiB: children.peakMiB(),
    sameMinute,
    spread: spread?.lateness ?? null,
    fairness,
  };
}

function addStores(
  { ports }: App,
  { count, first }: { readonly count: number; readonly first: number },
): Promise<readonly DirectoryStore[]> {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  return inBatches(numbers, (number) =>
    ports.stores.create({
      name: `store-${number}`,
      directory: 'jumpcloud',
      connection: { region: 'us' },
      orgId: organizationOf(number).id,
      sendOrgId: false,
      owner: 'bench',
      config: defaultStoreConfig(defaultMapping),
      credential: { type: 'api-key', apiKey: `org-${number}` },
    }),
  );
}

/** Sync now, for every store; until all have ended. */
async function syncAll(app: App, stores: readonly DirectoryStore[]): Promise<void> {
  const since = new Date();
  await inBatches(stores, (store) => ring(app, store));
  await untilEnded(app, { since, stores: new Set(stores.map(({ id }) => id)) });
}

async function ring({ ports }: App, store: DirectoryStore): Promise<void> {
  const { run } = await ports.runs.enqueue({
    storeId: store.id,
    mode: 'full',
    trigger: 'manual',
    configRevision: store.configRevision,
    requestedBy: 'bench',
  });
  await ports.queue.enqueueJob(run);
}

function lateness(
  app: App,
  stores: readonly DirectoryStore[],
  dueOf: (index: number) => Date,
): Promise<Lateness> {
  const dueAt = new Map(stores.map(({ id }, index) => [id, dueOf(index)]));
  return measureLateness(app, { since: dueOf(0), dueAt });
}

async function measureSpread(
  { app, size, say }: Measured,
  stores: readonly DirectoryStore[],
): Promise<{ readonly lateness: Lateness; readonly stores: readonly DirectoryStore[] }> {
  const first = nextMinute();
  const dueOf = (index: number): Date =>
    new Date(first.getTime() + (index % size.minutes) * 60_000);
  const changed = await schedule(app, stores, (index) => dailyAt(dueOf(index)));
  await app.ports.queue.reconcileSchedules();
  const measured = await lateness(app, changed, dueOf);
  say(`spread: ${JSON.stringify(measured)}`);
  return { lateness: measured, stores: changed };
}

const besideCount = 100;

/** A hundred small stores that come due, by themselves and while the large one is first synced. */
async function measureFairness(
  { app, say }: Measured,
  stores: readonly DirectoryStore[],
): Promise<{ readonly alone: Lateness; readonly besideLarge: Lateness }> {
  const tick = async (some: readonly DirectoryStore[], begin: () => Promise<unknown>) => {
    const minute = nextMinute();
    const changed = await schedule(app, some, () => dailyAt(minute));
    await app.ports.queue.reconcileSchedules();
    await wait(Math.max(0, minute.getTime() - Date.now() - 2_000));
    await begin();
    const measured = await lateness(app, changed, () => minute);
    return { measured, changed };
  };
  const few = stores.slice(0, besideCount);
  const alone = await tick(few, async () => undefined);
  say(`alone: ${JSON.stringify(alone.measured)}`);
  const [large] = await addStores(app, { count: 1, first: 0 });
  if (large === undefined) throw new Error('the large store was not added');
  const beside = await tick(alone.changed, () => ring(app, large));
  say(`beside the large one: ${JSON.stringify(beside.measured)}`);
  const [underWay] = await app.ports.runs.list({ storeId: large.id });
  if (underWay?.finishedAt !== null) say('the large store was done before: take a larger one');
  return { alone: alone.measured, besideLarge: beside.measured };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return Math.round(performance.now() - startedAt);
}

async function redisBytes({ queues }: App): Promise<number> {
  const client = await queues.runs.getBackend().client;
  return Number(/^used_memory:(\d+)/m.exec(await client.info())?.[1]);
}

const collections = ['runs', 'records', 'members', 'leases', 'alerts'] as const;

async function countDocuments({ database }: App): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    collections.map(async (name) => {
      const count = await database.connection.collection(name).countDocuments();
      return [name, count] as const;
    }),
  );
  return Object.fromEntries(counts);
}

function differences(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]),
  );
}
