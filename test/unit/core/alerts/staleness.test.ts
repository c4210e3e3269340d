import { staleSince } from '../../../../src/core/alerts/staleness.ts';
import type { SyncSummary } from '../../../../src/core/model/sync-summary.ts';
import { aSyncSummary } from '../../../builders/models.ts';

const hour = 3_600_000;
const synced = new Date('2026-01-05T02:10:00Z');

/** Since when a store is stale, this many hours after it was synced on Monday at 02:10. */
function hoursLater(hours: number, parts: Partial<SyncSummary> = {}): Date | null {
  const now = new Date(synced.getTime() + hours * hour);
  return staleSince(aSyncSummary({ lastSuccessAt: synced, ...parts }), { now, staleMs: 26 * hour });
}

const weekly = {
  enabled: true,
  frequency: 'weekly',
  days: ['mon'],
  time: '02:00',
  timezone: 'UTC',
} as const;

describe('staleSince', () => {
  it('reports a store that has not been synced for the time set', () => {
    expect(hoursLater(25.9)).toBeNull();
    expect(hoursLater(26)).toEqual(synced);
  });

  it('counts from the store’s creation when nothing was synced yet', () => {
    const changedAt = new Date(synced.getTime() - hour);
    expect(hoursLater(26, { lastSuccessAt: null, changedAt })).toEqual(changedAt);
  });

  it('starts again when the store is changed, such as resumed', () => {
    const changedAt = new Date(synced.getTime() + 20 * hour);
    expect(hoursLater(45, { changedAt })).toBeNull();
    expect(hoursLater(52, { changedAt })).toEqual(changedAt);
  });

  it('waits for the run that an infrequent schedule missed', () => {
    expect(hoursLater(100, { schedule: weekly })).toBeNull();
    expect(hoursLater(7 * 24 + 1.8, { schedule: weekly })).toBeNull();
    expect(hoursLater(7 * 24 + 2, { schedule: weekly })).toEqual(synced);
  });

  it.each([
    ['paused', { status: 'paused' }],
    ['waiting for a credential', { status: 'needs-reauthorization' }],
    ['without a schedule', { schedule: null }],
    ['whose schedule is off', { schedule: { ...weekly, enabled: false } }],
  ] as const)('says nothing of a store %s', (_what, parts) => {
    expect(hoursLater(10_000, parts)).toBeNull();
  });
});
