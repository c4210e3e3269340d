import { deliverAlertsJob } from '../../../jobs/deliver-alerts.job.ts';
import type { JobDefinition, JobOutcome } from '../../../jobs/job-definition.ts';
import { reportStaleStoresJob } from '../../../jobs/report-stale-stores.job.ts';
import type { SendAlert } from '../../../src/ports/alerts.ts';
import { anAlert, aRun, aStore, aSyncSummary } from '../../builders/models.ts';
import { MemoryAlerts } from '../../fakes/memory-alerts.ts';
import { MemoryLeases } from '../../fakes/memory-leases.ts';

const clock = { now: () => new Date('2026-02-01T00:00:00Z') };
const staleMs = 26 * 3_600_000;

function carryOut(job: JobDefinition, holder = 'h'): Promise<JobOutcome> {
  return job.handle({
    data: {},
    signal: new AbortController().signal,
    holder,
    retried: false,
    showProgress: () => undefined,
  });
}

describe('the job that delivers alerts', () => {
  function jobWith(sendAlert: SendAlert | null) {
    const alerts = new MemoryAlerts(clock);
    alerts.all.set('run-failed_run1', anAlert());
    const leases = new MemoryLeases({ members: 0, records: 0, runs: 0, leases: 0 }, clock);
    const job = deliverAlertsJob({
      alerts,
      leases,
      tokens: { list: async () => [] },
      scimTokens: { list: async () => [] },
      domains: { get: async () => null },
      clock,
      runs: { get: async () => aRun({ status: 'failed' }) },
      stores: { get: async () => aStore(), syncSummaries: async () => [] },
      alertSenders: sendAlert === null ? {} : { webhook: sendAlert },
      staleMs,
      publicUrl: 'https://rollcall.test',
      random: () => 0,
      onAlertTried: () => undefined,
    });
    return { job, leases, alerts };
  }

  it('sends due alerts, under a lease that it releases', async () => {
    const holders: unknown[] = [];
    const { job, leases } = jobWith(async () => {
      holders.push([...leases.holders]);
      return null;
    });
    const done = { end: 'done', result: { delivered: 1, failed: 0 } };
    expect(await carryOut(job)).toEqual(done);
    expect(holders).toEqual([[['alerts', 'h']]]);
    expect(leases.holders.size).toBe(0);
  });

  it('leaves the alerts to the worker that has the lease', async () => {
    const { job, leases, alerts } = jobWith(async () => {
      throw new Error('sent twice');
    });
    await leases.acquire({ storeId: 'alerts', holder: 'other', ttlMs: 1000 });
    expect(await carryOut(job)).toEqual({ end: 'done', result: { delivered: 0, failed: 0 } });
    expect(alerts.all.get('run-failed_run1')).toEqual(anAlert());
    expect([...leases.holders]).toEqual([['alerts', 'other']]);
  });

  it('does nothing without a receiver of alerts', async () => {
    const { job, alerts } = jobWith(null);
    expect(await carryOut(job)).toEqual({ end: 'done', result: { delivered: 0, failed: 0 } });
    expect(alerts.all.get('run-failed_run1')).toEqual(anAlert());
  });
});

describe('the job that reports stale stores', () => {
  it('returns how many there are', async () => {
    const job = reportStaleStoresJob({
      stores: { syncSummaries: async () => [aSyncSummary()] },
      alerts: new MemoryAlerts(clock),
      clock,
      staleMs,
    });
    expect(await carryOut(job)).toEqual({ end: 'done', result: { stale: 1 } });
  });
});
