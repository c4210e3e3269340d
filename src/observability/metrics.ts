import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AlertKind } from '../core/model/alert.ts';
import type { Run, RunMode } from '../core/model/run.ts';

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
  };
}

function addScrapedGauges(
  registry: Registry,
  counts: ScrapedCounts,
  onError: (error: unknown) => void,
): void {
  new Gauge({
    name: 'rollcall_queue_jobs',
    help: 'Jobs in the queues.',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [queue, states] of Object.entries(await orNothing(counts.jobs, onError))) {
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
    const { name, help, label, ask } = gauge;
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        this.reset();
        for (const [value, count] of Object.entries(await orNothing(ask, onError)))
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
}

/** One unavailable service must not hide the other metrics. */
async function orNothing<T extends object>(
  ask: () => Promise<T>,
  onError: (error: unknown) => void,
): Promise<T | Record<string, never>> {
  try {
    return await ask();
  } catch (error) {
    onError(error);
    return {};
  }
}
