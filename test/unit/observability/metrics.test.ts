import { version } from '../../../src/core/version.ts';
import { createMetrics, type ScrapedCounts } from '../../../src/observability/metrics.ts';
import { QueuedRuns } from '../../fakes/job-world.ts';

const quiet: ScrapedCounts = {
  jobs: async () => ({}),
  runs: async () => ({}),
  attention: async () => ({
    'run-held': 0,
    'run-failed': 0,
    'needs-reauthorization': 0,
    undecided: 0,
    stale: 0,
    'token-expires': 0,
    'domain-lapsed': 0,
  }),
  alerts: async () => ({ waiting: 0, failing: 0, givenUp: 0 }),
  stores: async () => [],
  workers: async () => 0,
};

describe('metrics', () => {
  it('count runs, their durations, requests and jobs', async () => {
    const metrics = createMetrics(
      {
        ...quiet,
        jobs: async () => ({ runs: { waiting: 3 } }),
        runs: async () => ({ held: 2 }),
        attention: async () => ({
          'run-held': 4,
          'run-failed': 3,
          'needs-reauthorization': 0,
          undecided: 0,
          stale: 1,
          'token-expires': 0,
          'domain-lapsed': 0,
        }),
        alerts: async () => ({ waiting: 5, failing: 0, givenUp: 6 }),
      },
      () => undefined,
    );
    const runs = new QueuedRuns();
    const { run } = await runs.enqueue({
      storeId: 's',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'x',
    });
    const startedAt = new Date(0);
    metrics.countRun({ ...run, status: 'failed', startedAt, finishedAt: new Date(4000) });
    metrics.countSourceRequest({
      directory: 'jumpcloud',
      route: '/systemusers/:id',
      status: '429',
    });
    metrics.countAlertTry('given-up');
    const text = await metrics.scrape();
    expect(text).toContain('rollcall_runs_total{status="failed",mode="full"} 1');
    expect(text).toContain(
      'rollcall_run_duration_seconds_bucket{le="5",status="failed",mode="full"} 1',
    );
    expect(text).toContain(
      'rollcall_source_requests_total{directory="jumpcloud",route="/systemusers/:id",status="429"} 1',
    );
    expect(text).toContain('rollcall_queue_jobs{queue="runs",state="waiting"} 3');
    expect(text).toContain('rollcall_runs{status="held"} 2');
    expect(text).toContain('rollcall_attention{kind="run-held"} 4');
    expect(text).toContain('rollcall_attention{kind="needs-reauthorization"} 0');
    expect(text).toContain('rollcall_alerts_undelivered{state="waiting"} 5');
    expect(text).toContain('rollcall_alerts_undelivered{state="given-up"} 6');
    expect(text).toContain('rollcall_alert_deliveries_total{outcome="given-up"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('start at 0, so that an alert sees the first failure', async () => {
    const text = await createMetrics(quiet, () => undefined).scrape();
    expect(text).toContain('rollcall_runs_total{status="failed",mode="full"} 0');
    expect(text).toContain('rollcall_alert_deliveries_total{outcome="failed"} 0');
  });

  it('say when each store was synced last, which workers listen, and what runs', async () => {
    const text = await createMetrics(
      {
        ...quiet,
        stores: async () => [
          { storeId: 's1', store: 'acme', lastSuccessAt: new Date(90_500) },
          { storeId: 's2', store: 'never', lastSuccessAt: null },
        ],
        workers: async () => 3,
      },
      () => undefined,
    ).scrape();
    const name = 'rollcall_store_last_success_timestamp_seconds';
    expect(text).toContain(`${name}{store="acme",store_id="s1"} 90.5`);
    expect(text).toContain(`${name}{store="never",store_id="s2"} 0`);
    expect(text).toContain('rollcall_workers 3');
    expect(text).toContain(`rollcall_build_info{version="${version}",node="${process.version}"} 1`);
  });

  it('count the seconds of requests by the pattern of their path', async () => {
    const metrics = createMetrics(quiet, () => undefined);
    metrics.observeRequest({
      method: 'GET',
      route: '/api/v1/runs/:runId',
      status: 200,
      seconds: 0.2,
    });
    const text = await metrics.scrape();
    const labels = 'method="GET",route="/api/v1/runs/:runId",status="200"';
    const name = 'rollcall_http_request_duration_seconds';
    expect(text).toContain(`${name}_bucket{le="0.1",${labels}} 0`);
    expect(text).toContain(`${name}_bucket{le="0.25",${labels}} 1`);
    expect(text).toContain(`${name}_sum{${labels}} 0.2`);
  });

  it('answer within a second when nothing answers, and ask again only after an answer', async () => {
    let asked = 0;
    const never = () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    };
    const errors: unknown[] = [];
    const metrics = createMetrics(
      { jobs: never, runs: never, attention: never, alerts: never, stores: never, workers: never },
      (error) => void errors.push(error),
    );
    const begun = performance.now();
    const text = await metrics.scrape();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toMatch(/^rollcall_(attention|workers|runs)[{ ]/m);
    expect(errors).toHaveLength(6);
    await metrics.scrape();
    expect(asked).toBe(6);
  });

  it('are available when a service is away, without its values', async () => {
    const errors: unknown[] = [];
    const away = async () => {
      throw new Error('away');
    };
    const text = await createMetrics(
      { ...quiet, jobs: away, runs: async () => ({ held: 2 }) },
      (error) => void errors.push(error),
    ).scrape();
    expect(text).not.toContain('rollcall_queue_jobs{');
    expect(text).toContain('rollcall_runs{status="held"} 2');
    expect(errors).toHaveLength(1);
  });
});
