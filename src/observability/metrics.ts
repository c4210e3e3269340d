import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AlertKind } from '../core/model/alert.ts';
import type { Run, RunMode } from '../core/model/run.ts';
import { version } from '../core/version.ts';

/** Values that are read at every scrape instead of being kept up to date. */
export interface ScrapedCounts {
  /** Jobs by queue and state. */
  readonly jobs: () => Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>;
  readonly runs: () => Promise<Readonly<Partial<Record<Run['status'], number>>>>;
  /** Runs and stores that wait for a person. */
  readonly attention: () => Promise<Readonly<Record<AlertKind, number>>>;
  readonly alerts: () => Promise<{
    readonly waiting: number;
    readonly failing: number;
    readonly givenUp: number;
  }>;
  readonly stores: () => Promise<readonly StoreSuccess[]>;
  /** Workers that listen. */
  readonly workers: () => Promise<number>;
}

/** When the newest successful sync of a store ended; null: never. */
export interface StoreSuccess {
  readonly storeId: string;
  readonly store: string;
  readonly lastSuccessAt: Date | null;
}

interface HttpRequest {
  readonly method: string;
  /** The pattern of the path, never a path with ids. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

interface SourceRequest {
  readonly directory: string;
  /** The pattern of the path, never a path with ids. */
  readonly route: string;
  /** The HTTP status, or a word such as `timeout`. */
  readonly status: string;
}

const statuses = ['succeeded', 'held', 'failed', 'cancelled'] as const satisfies Run['status'][];
const alertOutcomes = ['delivered', 'failed', 'given-up'] as const;
const modes = ['full', 'delta', 'plan', 'single', 'undo'] as const satisfies RunMode[];

/** The metrics of one process, in a registry of its own. No label ever names a person. */
export interface Metrics {
  readonly contentType: string;
  /** Prometheus' text format. Values that can't be read are left out and reported to `onError`. */
  scrape(): Promise<string>;
  countRun(run: Run): void;
  countSourceRequest(request: SourceRequest): void;
  countAlertTry(outcome: (typeof alertOutcomes)[number]): void;
  observeRequest(request: HttpRequest): void;
}

export function createMetrics(counts: ScrapedCounts, onError: (error: unknown) => void): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const runsEnded = new Counter({
    name: 'rollcall_runs_total',
    help: 'Runs that ended in this process.',
    labelNames: ['status', 'mode'],
    registers: [registry],
  });
  // A counter that first appears with 1 has not increased: an alert would miss the first failure.
  for (const status of statuses) for (const mode of modes) runsEnded.inc({ status, mode }, 0);
  const runSeconds = new Histogram({
    name: 'rollcall_run_duration_seconds',
    help: 'From taking the lease of the store to the end of the run.',
    labelNames: ['status', 'mode'],
    buckets: [1, 5, 15, 60, 300, 900, 3600, 4 * 3600],
    registers: [registry],
  });
  const sourceRequests = new Counter({
    name: 'rollcall_source_requests_total',
    help: 'Requests to directories, by their answer.',
    labelNames: ['directory', 'route', 'status'],
    registers: [registry],
  });
  const alertTries = new Counter({
    name: 'rollcall_alert_deliveries_total',
    help: 'Tries to deliver an alert to the webhook. A try after which the alert is given up counts as that alone.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of alertOutcomes) alertTries.inc({ outcome }, 0);
  const httpSeconds = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'rollcall_build_info',
    help: 'Always 1: the versions of Rollcall and of Node.js in its labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
  addScrapedGauges(registry, counts, onError);
  return {
    contentType: registry.contentType,
    scrape: () => registry.metrics(),
    countRun({ status, mode, startedAt, finishedAt }) {
      runsEnded.inc({ status, mode });
      if (startedAt === null || finishedAt === null) return;
      runSeconds.observe({ status, mode }, (finishedAt.getTime() - startedAt.getTime()) / 1000);
    },
    countSourceRequest: ({ directory, route, status }) =>
      sourceRequests.inc({ directory, route, status }),
    countAlertTry: (outcome) => alertTries.inc({ outcome }),
    observeRequest: ({ method, route, status, seconds }) =>
      httpSeconds.observe({ method, route, status: String(status) }, seconds),
  };
}

function addScrapedGauges(
  registry: Registry,
  counts: ScrapedCounts,
  onError: (error: unknown) => void,
): void {
  const limited = <T extends object>(ask: () => Promise<T>) => {
    const shared = whileUnderWay(ask);
    return () => orNothing(shared, onError);
  };
  const askJobs = limited(counts.jobs);
  new Gauge({
    name: 'rollcall_queue_jobs',
    help: 'Jobs in the queues.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      const jobs = await askJobs();
      this.reset();
      for (const [queue, states] of Object.entries(jobs ?? {})) {
        for (const [state, jobs] of Object.entries(states)) this.set({ queue, state }, jobs);
      }
    },
  });
  const addGauge = (gauge: {
    readonly name: string;
    readonly help: string;
    readonly label: string;
    readonly ask: () => Promise<Readonly<Record<string, number>>>;
  }): void => {
    const { name, help, label } = gauge;
    const ask = limited(gauge.ask);
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        const counted = await ask();
        this.reset();
        for (const [value, count] of Object.entries(counted ?? {}))
          this.set({ [label]: value }, count);
      },
    });
  };
  addGauge({
    name: 'rollcall_runs',
    help: 'Runs kept, by status.',
    label: 'status',
    ask: counts.runs,
  });
  addGauge({
    name: 'rollcall_attention',
    help: 'Runs and stores that wait for a person.',
    label: 'kind',
    ask: counts.attention,
  });
  addGauge({
    name: 'rollcall_alerts_undelivered',
    help: 'Alerts not tried yet, tried in vain, and given up since the last one was delivered.',
    label: 'state',
    ask: async () => {
      const { waiting, failing, givenUp } = await counts.alerts();
      return { waiting, failing, 'given-up': givenUp };
    },
  });
  const askStores = limited(counts.stores);
  new Gauge({
    name: 'rollcall_store_last_success_timestamp_seconds',
    help: 'When the newest successful sync of a store ended; 0 when there is none.',
    labelNames: ['store', 'store_id'],
    registers: [registry],
    async collect() {
      const stores = await askStores();
      this.reset();
      for (const { store, storeId, lastSuccessAt } of stores ?? [])
        this.set({ store, store_id: storeId }, (lastSuccessAt?.getTime() ?? 0) / 1000);
    },
  });
  const askWorkers = limited(async () => ({ count: await counts.workers() }));
  new Gauge({
    name: 'rollcall_workers',
    help: 'Workers that listen for runs, in all processes.',
    registers: [registry],
    async collect() {
      const workers = await askWorkers();
      this.remove();
      if (workers !== null) this.set(workers.count);
    },
  });
}

/** A scrape answers within a second, whatever is away. */
const mostMs = 800;

/** One unavailable service must not hide the other metrics: null when it fails or takes too long. */
async function orNothing<T>(
  ask: () => Promise<T>,
  onError: (error: unknown) => void,
): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${mostMs} ms`)), mostMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    onError(error);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Asks anew only when the question before is answered: callers meanwhile get the same answer. */
export function whileUnderWay<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
