import type { SyncRecord } from '../../../src/core/model/record.ts';
import { recordId } from '../../../src/core/model/record.ts';
import { blankDraft } from '../../../src/core/plan/plan-person.ts';
import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

function record(seq: number, parts: Partial<SyncRecord> = {}): SyncRecord {
  const runId = parts.runId ?? 'run1';
  return {
    ...blankDraft({ runId }, `u${seq}`, null),
    id: recordId(runId, `u${seq}`),
    memberId: `s1.u${seq}`,
    seq,
    ...parts,
  };
}
const keep = (...records: readonly SyncRecord[]) => db.records.insertMany(records);
const all = (runId = 'run1') => db.records.page({ runId, limit: 99 });
const statuses = async () => (await all()).map(({ status }) => status);
const statusChange = { field: 'status', from: 'active', to: 'inactive' };

describe('the risks of a plan', () => {
  it('are counted by kind, blanks by field, of what is planned or held', async () => {
    await keep(
      record(1, { risks: ['removal:gone'], changes: [statusChange] }),
      record(2, { risks: ['removal:gone'], changes: [] }),
      record(3, { risks: ['removal:suspended', 'blank:city'], status: 'held' }),
      record(4, { risks: ['email:a@acme.test', 'blank:city', 'blank:custom.size'] }),
      record(5, { risks: ['removal:gone'], status: 'applied' }),
      record(6, { runId: 'run2', risks: ['removal:gone'] }),
      record(7),
    );
    await expect(db.records.countRisks('run1')).resolves.toEqual({
      removals: 3,
      activeRemovals: 1,
      emailChanges: 1,
      blanks: { city: 2, 'custom.size': 1 },
    });
    await expect(db.records.countRisks('none')).resolves.toEqual({
      removals: 0,
      activeRemovals: 0,
      emailChanges: 0,
      blanks: {},
    });
  });

  it('count for the window when applied without anybody’s approval', async () => {
    const risks = ['removal:gone'];
    await keep(
      record(1, { risks, status: 'applied' }),
      record(2, { risks, status: 'applied', decidedBy: 'cli:ada', decidedAt: startedAt }),
      record(3, { risks, status: 'undone' }),
      record(4, { risks, status: 'applied', runId: 'run2' }),
      record(5, { risks, status: 'applied', runId: 'run3' }),
    );
    const counted = await db.records.countAppliedRisks(['run1', 'run2']);
    expect(counted.removals).toBe(2);
  });

  it('hold the records that have them: all of a kind, or just one field', async () => {
    await keep(
      record(1, { risks: ['removal:gone'] }),
      record(2, { risks: ['removal:suspended'] }),
      record(3, { risks: ['blank:city'] }),
      record(4, { risks: ['blank:cityHall'] }),
      record(5, { risks: ['removal:gone'], status: 'reported' }),
    );
    await db.records.hold({ runId: 'run1', risk: 'removal:', blocksInStore: 's1' });
    await db.records.hold({ runId: 'run1', risk: 'blank:city', blocksInStore: null });
    await expect(statuses()).resolves.toEqual(['held', 'held', 'held', 'planned', 'reported']);
    expect((await all()).map(({ blocksInStore }) => blocksInStore)).toEqual([
      's1',
      's1',
      null,
      null,
      null,
    ]);
  });
});

describe('standing records', () => {
  it('are found by store and person, until they are applied or fail', async () => {
    await keep(
      record(1, { status: 'held', blocksInStore: 's1' }),
      record(2, { status: 'rejected', blocksInStore: 's1' }),
      record(3, { status: 'held', blocksInStore: 's2' }),
    );
    await expect(db.records.hasBlocking('s1')).resolves.toBe(true);
    await expect(db.records.hasBlocking('s3')).resolves.toBe(false);
    const found = await db.records.blocking('s1', ['u1', 'u2', 'u3', 'u4']);
    expect(new Set(found.map(({ externalId }) => externalId))).toEqual(new Set(['u1', 'u2']));
    const decision = { runId: 'run1', by: 'cli:ada', at: startedAt, people: null };
    await db.records.decide({ ...decision, from: ['held', 'rejected'], to: 'planned' });
    await db.records.markApplied([recordId('run1', 'u1')]);
    await db.records.fail([{ id: recordId('run1', 'u2'), error: 'the member was changed' }]);
    await expect(db.records.hasBlocking('s1')).resolves.toBe(false);
  });
});

describe('deciding', () => {
  it('is about all that is held, or the people named by source id or member id', async () => {
    await keep(
      record(1, { status: 'held', confirmed: true }),
      record(2, { status: 'held' }),
      record(3, { status: 'applied' }),
      record(4, { status: 'held', externalId: null }),
    );
    const by = { runId: 'run1', by: 'cli:ada', at: startedAt };
    const from = ['held'] as const;
    await db.records.decide({ ...by, people: ['u1', 's1.u4', 'u3'], from, to: 'planned' });
    await expect(statuses()).resolves.toEqual(['planned', 'held', 'applied', 'planned']);
    expect((await all())[0]).toMatchObject({
      confirmed: false,
      decidedBy: 'cli:ada',
      decidedAt: startedAt,
    });
    await expect(db.records.countByStatus('run1', startedAt)).resolves.toEqual({ planned: 2 });
    await db.records.decide({ ...by, people: null, from, to: 'rejected' });
    await expect(statuses()).resolves.toEqual(['planned', 'rejected', 'applied', 'planned']);
    const again = { runId: 'run1', people: null, by: null, at: null };
    await db.records.decide({ ...again, from: ['planned'], to: 'held' });
    expect((await all())[0]).toMatchObject({ status: 'held', decidedBy: null, decidedAt: null });
  });
});

describe('a late writer', () => {
  it('changes no record that is decided already', async () => {
    await keep(record(1, { status: 'applied' }), record(2, { status: 'failed', error: 'x' }));
    await db.records.fail([{ id: recordId('run1', 'u1'), error: 'changed meanwhile' }]);
    await db.records.markApplied([recordId('run1', 'u2')]);
    await expect(statuses()).resolves.toEqual(['applied', 'failed']);
  });
});

describe('taking back', () => {
  it('marks what was applied as undone, and the other way round', async () => {
    await keep(record(1, { status: 'applied' }), record(2, { status: 'failed' }));
    const ids = [recordId('run1', 'u1'), recordId('run1', 'u2')];
    await db.records.markUndone(ids, true);
    await expect(statuses()).resolves.toEqual(['undone', 'failed']);
    await db.records.markUndone(ids, false);
    await expect(statuses()).resolves.toEqual(['applied', 'failed']);
  });

  it('rejects what a run had planned and did not apply', async () => {
    await keep(record(1), record(2, { status: 'applied' }), record(3, { status: 'held' }));
    await db.records.rejectPlanned('run1', 'the run was cancelled');
    await expect(statuses()).resolves.toEqual(['rejected', 'applied', 'held']);
  });
});
