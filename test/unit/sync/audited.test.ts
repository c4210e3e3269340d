import { Conflict, Unavailable } from '../../../src/core/errors.ts';
import { audited } from '../../../src/manage/audit/audited.ts';
import { MemoryAudit } from '../../fakes/memory-audit.ts';

const action = {
  actor: { by: 'cli:ada', from: 'desk' },
  action: 'run-undone',
  storeId: 'store1',
} as const;

describe('an audited action', () => {
  let audit: MemoryAudit;
  beforeEach(() => {
    audit = new MemoryAudit({ now: () => new Date('2026-01-01') });
  });

  it('is in the audit before it is done', async () => {
    let before: unknown;
    await audited({ audit }, action, async () => {
      before = audit.all.map(({ outcome }) => outcome);
    });
    expect(before).toEqual(['begun']);
  });

  it('is done when it succeeded, with the ids of its result', async () => {
    const made = await audited(
      { audit },
      action,
      async () => 'run7',
      (runId) => ({ runId }),
    );
    expect(made).toBe('run7');
    expect(audit.all).toMatchObject([
      { by: 'cli:ada', from: 'desk', outcome: 'done', storeId: 'store1', runId: 'run7' },
    ]);
  });

  it('is refused when it was, with the reason', async () => {
    const work = audited({ audit }, action, () =>
      Promise.reject(new Conflict('changed meanwhile')),
    );
    await expect(work).rejects.toThrow('changed meanwhile');
    expect(audit.all).toMatchObject([{ outcome: 'refused', error: 'changed meanwhile' }]);
  });

  it('stays open when it is unknown what was stored', async () => {
    const work = audited({ audit }, action, () => Promise.reject(new Unavailable('away')));
    await expect(work).rejects.toThrow('away');
    expect(audit.all).toMatchObject([{ outcome: 'begun', error: null }]);
  });

  it('is not done when its entry can not be stored', async () => {
    let done = false;
    const begin = () => Promise.reject(new Unavailable('away'));
    const work = audited({ audit: { begin, finish: async () => undefined } }, action, async () => {
      done = true;
    });
    await expect(work).rejects.toThrow('away');
    expect(done).toBe(false);
  });
});
