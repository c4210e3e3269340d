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
  }),
  alerts: async () => ({ waiting: 0, failing: 0, givenUp: 0 }),
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
