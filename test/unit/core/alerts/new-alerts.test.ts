import { alertKindsOf, alertOfEnd, staleAlert } from '../../../../src/core/alerts/new-alerts.ts';
import { alertKinds } from '../../../../src/core/model/alert.ts';
import { noCounts, type Run } from '../../../../src/core/model/run.ts';

const failure = { code: 'source-failed', message: 'it answered 500' };
const holding = { ...noCounts, held: 1 };

describe('the alerts raised at the end of a run', () => {
  it('report a failure once, not again with each decision on the run', () => {
    expect(alertKindsOf({ status: 'failed', error: failure, counts: holding })).toEqual([
      'run-failed',
      'run-held',
    ]);
    expect(alertKindsOf({ status: 'failed', counts: holding })).toEqual(['run-held']);
    expect(alertKindsOf({ status: 'failed', counts: noCounts })).toEqual([]);
  });

  it.each([
    [{ incompleteRuns: 3, users: 0, newUsers: 0 }, ['undecided']],
    [{ incompleteRuns: 0, users: 5, newUsers: 1 }, ['undecided']],
    [{ incompleteRuns: 4, users: 5, newUsers: 0 }, []],
    [{ incompleteRuns: 2, users: 0, newUsers: 0 }, []],
    [null, []],
  ])('tell once what is left open for three runs: %j', (undecided, kinds) => {
    expect(alertKindsOf({ status: 'succeeded', undecided })).toEqual(kinds);
  });

  it.each(['planned', 'succeeded', 'cancelled'] as const satisfies Run['status'][])(
    'are none for a run that is %s, even if its preview would hold records',
    (status) => {
      expect(alertKindsOf({ status, counts: holding })).toEqual([]);
    },
  );
});

describe('the id of an alert', () => {
  it.each(alertKinds)('contains no full stop, which separates the signed parts (%s)', (kind) => {
    const { id } = alertOfEnd(kind, { id: 'run1', storeId: 'store1' });
    expect(id).not.toContain('.');
    expect(staleAlert({ storeId: 'store1' }, new Date()).id).not.toContain('.');
  });
});
