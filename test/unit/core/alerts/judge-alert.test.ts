import { judgeAlert } from '../../../../src/core/alerts/judge-alert.ts';
import { staleAlert } from '../../../../src/core/alerts/new-alerts.ts';
import type { AlertKind } from '../../../../src/core/model/alert.ts';
import { noCounts, type Run } from '../../../../src/core/model/run.ts';
import { anAlert, aRun, aStore } from '../../../builders/models.ts';

const nothing = { run: null, store: null, staleSince: null, token: null, domain: null };

describe('an alert about a run', () => {
  const verdictOn = (kind: AlertKind, status: Run['status'], held = 0) => {
    const run = aRun({ status, counts: { ...noCounts, held } });
    return judgeAlert(anAlert({ kind }), { ...nothing, run });
  };

  it('is sent when the run ended so', () => {
    expect(verdictOn('run-failed', 'failed')).toBe('send');
    expect(verdictOn('run-held', 'held', 1)).toBe('send');
    expect(verdictOn('run-held', 'failed', 1)).toBe('send');
  });

  it('is dropped when the run ended otherwise, or was decided, or is gone', () => {
    expect(verdictOn('run-failed', 'succeeded')).toBe('drop');
    expect(verdictOn('run-failed', 'cancelled')).toBe('drop');
    expect(verdictOn('run-held', 'succeeded')).toBe('drop');
    expect(verdictOn('run-held', 'failed')).toBe('drop');
    expect(judgeAlert(anAlert(), nothing)).toBe('drop');
  });

  it.each([
    [{ incompleteRuns: 4, users: 0, newUsers: 0 }, 'send'],
    [{ incompleteRuns: 1, users: 2, newUsers: 0 }, 'send'],
    [{ incompleteRuns: 2, users: 0, newUsers: 0 }, 'drop'],
    [null, 'drop'],
  ])('about what is left open (%j): %s', (undecided, verdict) => {
    const run = aRun({ undecided });
    expect(judgeAlert(anAlert({ kind: 'undecided' }), { ...nothing, run })).toBe(verdict);
  });

  it.each(['run-failed', 'run-held', 'needs-reauthorization'] as const)(
    'of kind %s waits while the run goes on',
    (kind) => {
      const run = aRun({ status: 'applying', finishedAt: null });
      const store = aStore({ status: 'needs-reauthorization' });
      expect(judgeAlert(anAlert({ kind }), { ...nothing, store, run })).toBe('wait');
    },
  );
});

describe('an alert about a store', () => {
  const alert = anAlert({ kind: 'needs-reauthorization' });

  it('is sent while the store needs a credential', () => {
    const run = aRun({ status: 'failed' });
    const store = aStore({ status: 'needs-reauthorization' });
    expect(judgeAlert(alert, { ...nothing, run, store })).toBe('send');
    expect(judgeAlert(alert, { ...nothing, run, store: aStore() })).toBe('drop');
    expect(judgeAlert(alert, nothing)).toBe('drop');
  });

  it('is sent while it is stale since the same time', () => {
    const since = new Date('2026-01-01T00:00:00Z');
    const stale = staleAlert({ storeId: 'store1' }, since);
    const verdictOn = (staleSince: Date | null) =>
      judgeAlert(stale, { ...nothing, store: aStore(), staleSince });
    expect(verdictOn(since)).toBe('send');
    expect(verdictOn(new Date('2026-01-02T00:00:00Z'))).toBe('drop');
    expect(verdictOn(null)).toBe('drop');
  });
});
