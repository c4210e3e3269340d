import { countAttention } from '../../../src/notify/find-attention.ts';
import { raiseStale } from '../../../src/notify/raise-alerts.ts';
import type { RunFilter } from '../../../src/ports/runs.ts';
import { aDomain, aRun, aSyncSummary, aToken } from '../../builders/models.ts';
import { MemoryAlerts } from '../../fakes/memory-alerts.ts';

const clock = { now: () => new Date('2026-02-01T00:00:00Z') };
const fresh = new Date('2026-01-31T23:00:00Z');
const staleMs = 26 * 3_600_000;

describe('countAttention', () => {
  it('counts what waits for a person, and a store that needs a credential only as that', async () => {
    const summaries = [
      aSyncSummary({ storeId: 'well', lastEnd: 'succeeded', lastSuccessAt: fresh }),
      aSyncSummary({
        storeId: 'undecided',
        lastEnd: 'succeeded',
        lastSuccessAt: fresh,
        undecided: { incompleteRuns: 3, users: 0, newUsers: 0 },
      }),
      aSyncSummary({ storeId: 'failed', lastEnd: 'failed', lastSuccessAt: fresh }),
      aSyncSummary({ storeId: 'failed and stale', lastEnd: 'failed' }),
      aSyncSummary({ storeId: 'refused', status: 'needs-reauthorization', lastEnd: 'failed' }),
    ];
    const ports = {
      stores: { syncSummaries: async () => summaries },
      runs: {
        list: async (filter: RunFilter) => (filter.holding ? [aRun({ status: 'held' })] : []),
      },
      clock,
      domains: { list: async () => [aDomain({ status: 'lapsed' })] },
      tokens: { list: async () => [aToken({ expiresAt: fresh })] },
      scimTokens: { list: async () => [] },
    };
    expect(await countAttention(ports, staleMs)).toEqual({
      'run-held': 1,
      'run-failed': 2,
      'needs-reauthorization': 1,
      undecided: 1,
      stale: 1,
      'token-expires': 1,
      'domain-lapsed': 1,
    });
  });
});

describe('raiseStale', () => {
  const ports = (lastSuccessAt: Date | null, alerts = new MemoryAlerts(clock)) => ({
    stores: {
      syncSummaries: async () => [
        aSyncSummary(),
        aSyncSummary({ storeId: 'store2', lastSuccessAt }),
      ],
    },
    alerts,
    clock,
  });

  it('raises one alert for each store, once for the whole time', async () => {
    const given = ports(fresh);
    expect(await raiseStale(given, staleMs)).toBe(1);
    expect(await raiseStale(given, staleMs)).toBe(1);
    const since = new Date('2026-01-01T00:00:00Z').getTime();
    expect([...given.alerts.all.values()]).toMatchObject([
      { id: `stale_store1_${since}`, kind: 'stale', storeId: 'store1', runId: null },
    ]);
  });

  it('raises another one when a store was synced in between', async () => {
    const { alerts } = ports(null);
    await raiseStale(ports(null, alerts), staleMs);
    await raiseStale(ports(new Date('2026-01-20T00:00:00Z'), alerts), staleMs);
    const ids = [...alerts.all.keys()].filter((id) => id.startsWith('stale_store2_'));
    expect(ids).toHaveLength(2);
  });

  it('raises nothing where no alerts are sent', async () => {
    const alerts = new MemoryAlerts(clock);
    alerts.isSilent = true;
    const unreadable = {
      syncSummaries: async () => {
        throw new Error('asked');
      },
    };
    expect(await raiseStale({ stores: unreadable, alerts, clock }, staleMs)).toBe(0);
  });
});
