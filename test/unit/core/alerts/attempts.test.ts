import { markDelivered, markFailed, putOff } from '../../../../src/core/alerts/attempts.ts';
import { anAlert } from '../../../builders/models.ts';

const now = new Date('2026-01-02T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

/** How long an alert waits after each failed attempt, until it is given up. */
function waits(random: number): readonly number[] {
  const all: number[] = [];
  let alert = anAlert();
  while (alert.nextAttemptAt !== null) {
    alert = markFailed(alert, { error: 'answered 500', now, random });
    if (alert.nextAttemptAt !== null) all.push(alert.nextAttemptAt.getTime() - now.getTime());
  }
  expect(alert.attempts).toBe(all.length + 1);
  return all;
}

describe('an alert that is not delivered', () => {
  it('is tried again later each time, and given up after two days', () => {
    expect(waits(0)).toEqual([
      5000,
      minute,
      5 * minute,
      30 * minute,
      2 * hour,
      6 * hour,
      12 * hour,
      24 * hour,
    ]);
  });

  it('is spread, so that alerts that failed together are retried one by one', () => {
    expect(waits(0.5)).toEqual(waits(0).map((ms) => (ms * 11) / 10));
  });

  it('stores the reason, and that it was given up', () => {
    const failed = markFailed(anAlert({ attempts: 8 }), { error: 'answered 500', now, random: 0 });
    expect(failed).toEqual(
      anAlert({ attempts: 9, triedAt: now, nextAttemptAt: null, lastError: 'answered 500' }),
    );
  });
});

describe('an alert that is delivered', () => {
  it('is not tried again, and has no error left', () => {
    const failed = anAlert({ attempts: 1, lastError: 'answered 500' });
    expect(markDelivered(failed, now)).toEqual(
      anAlert({ attempts: 2, triedAt: now, deliveredAt: now, nextAttemptAt: null }),
    );
  });
});

describe('an alert that has to wait', () => {
  it('is due again soon, and no attempt is counted', () => {
    const later = new Date(now.getTime() + 5000);
    expect(putOff(anAlert(), now)).toEqual(anAlert({ nextAttemptAt: later }));
  });
});
