import { recordId, type SyncRecord } from '../../../src/core/model/record.ts';
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
    id: recordId(runId, `u${seq}`),
    runId,
    seq,
    externalId: `u${seq}`,
    memberId: `s1.u${seq}`,
    email: null,
    action: 'update',
    status: 'planned',
    reason: 'department changed',
    changes: [{ field: 'department', from: null, to: 'Sales' }],
    cause: null,
    confirmed: false,
    risks: [],
    blocksInStore: null,
    fromRevision: 1,
    claim: null,
    fingerprint: null,
    error: null,
    decidedBy: null,
    decidedAt: null,
    ...parts,
  };
}

const seqs = (records: readonly SyncRecord[]) => records.map(({ seq }) => seq);

describe('records', () => {
  it('come back as they were inserted', async () => {
    const full = record(1, {
      email: 'u1@acme.test',
      action: 'deactivate',
      changes: [
        { field: 'custom.größe', from: '4', to: null },
        { field: 'status', from: 'active', to: 'inactive' },
      ],
      cause: 'gone',
      confirmed: true,
      claim: 'u1@acme.test',
      error: 'it failed',
      decidedBy: 'cli:ada',
      decidedAt: startedAt,
    });
    const bare = record(2, { externalId: null, memberId: null, changes: [], fromRevision: null });
    await db.records.insertMany([full, bare]);
    await expect(db.records.byIds([full.id])).resolves.toEqual([full]);
    await expect(db.records.byIds([bare.id, 'none'])).resolves.toEqual([bare]);
  });

  it('stay as they are when they are inserted again', async () => {
    await db.records.insertMany([record(1, { status: 'applied' })]);
    await db.records.insertMany([record(1), record(2)]);
    await expect(db.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([
      record(1, { status: 'applied' }),
      record(2),
    ]);
  });

  it('are paged by seq, of one run and of some statuses', async () => {
    await db.records.insertMany([
      ...[5, 3, 1, 4, 2].map((seq) => record(seq)),
      record(6, { status: 'held', action: 'delete' }),
      record(1, { runId: 'run2' }),
    ]);
    const page = async (filter: object) =>
      seqs(await db.records.page({ runId: 'run1', limit: 9, ...filter }));
    await expect(page({})).resolves.toEqual([1, 2, 3, 4, 5, 6]);
    await expect(page({ limit: 2 })).resolves.toEqual([1, 2]);
    await expect(page({ afterSeq: 2, limit: 2 })).resolves.toEqual([3, 4]);
    await expect(page({ statuses: ['held', 'failed'] })).resolves.toEqual([6]);
    await expect(page({ actions: ['delete', 'create'] })).resolves.toEqual([6]);
    await expect(page({ actions: ['delete'], statuses: ['failed'] })).resolves.toEqual([]);
    await expect(page({ afterSeq: 6 })).resolves.toEqual([]);
  });

  it('are found however far apart their seqs are', async () => {
    const far = [0, 1, 3, 4, 40, 41, 3000, 3_000_000];
    await db.records.insertMany(far.map((seq) => record(seq)));
    const read: number[] = [];
    for (;;) {
      const page = await db.records.page({
        runId: 'run1',
        limit: 2,
        ...(read.length > 0 && { afterSeq: read.at(-1) ?? 0 }),
      });
      if (page.length === 0) break;
      read.push(...seqs(page));
    }
    expect(read).toEqual(far);
    expect(seqs(await db.records.page({ runId: 'run1', limit: 7 }))).toEqual(far.slice(0, 7));
  });

  it('that claim an address are paged, while planned', async () => {
    await db.records.insertMany([
      record(1),
      record(2, { claim: 'b' }),
      record(3, { claim: 'c' }),
      record(4, { claim: 'c' }),
      record(5, { claim: 'd' }),
      record(6, { action: 'delete' }),
      record(7, { claim: 'c', status: 'reported' }),
      record(8, { claim: 'd', runId: 'run2' }),
    ]);
    const page = async (filter: object) =>
      seqs(await db.records.claimsPage({ runId: 'run1', limit: 9, ...filter }));
    await expect(page({})).resolves.toEqual([2, 3, 4, 5]);
    await expect(page({ afterSeq: 2, limit: 2 })).resolves.toEqual([3, 4]);
    await expect(page({ claims: ['b', 'd', 'z'] })).resolves.toEqual([2, 5]);
  });

  it('are paged by kind: removals to be confirmed, and moves of addresses', async () => {
    const release = [{ field: 'emailKey', from: 'a', to: null }];
    await db.records.insertMany([
      record(1, { cause: 'gone', confirmed: true, fromRevision: 1 }),
      record(2, { cause: 'suspended', confirmed: false, fromRevision: 1 }),
      record(3, { claim: 'a', fromRevision: null }),
      record(4, { claim: 'b', fromRevision: 2 }),
      record(5, { action: 'delete', fromRevision: 2 }),
      record(6, { changes: release, fromRevision: 2 }),
      record(7, { changes: [{ field: 'email', from: 'a', to: 'A' }], fromRevision: 2 }),
    ]);
    const page = async (only: 'unconfirmed-removals' | 'moves') =>
      seqs(await db.records.page({ runId: 'run1', only, limit: 9 }));
    await expect(page('unconfirmed-removals')).resolves.toEqual([2]);
    await expect(page('moves')).resolves.toEqual([4, 5, 6]);
  });

  it('that show an address are found over all runs, as addresses compare', async () => {
    await db.records.insertMany([
      record(1, { email: 'Straße@acme.test' }),
      record(2, { email: 'strasse@ACME.test', externalId: null }),
      record(3, { email: 'other@acme.test' }),
      record(4),
      record(5, { runId: 'run2', email: 'strasse@acme.test', memberId: null }),
    ]);
    const found = await db.records.withAddress('strasse@acme.test');
    expect(found.toSorted((a, b) => (a.runId < b.runId ? -1 : 1))).toEqual([
      { runId: 'run1', externalId: 'u1', memberId: 's1.u1' },
      { runId: 'run1', externalId: null, memberId: 's1.u2' },
      { runId: 'run2', externalId: 'u5', memberId: null },
    ]);
    await expect(db.records.withAddress('nobody@acme.test')).resolves.toEqual([]);
  });

  it('that show an address are found however many there are', async () => {
    const many = Array.from({ length: 12_000 }, (_, n) =>
      record(n + 1, { email: n % 4000 === 0 ? 'u@acme.test' : `u${n}@acme.test` }),
    );
    await db.records.insertMany(many);
    await expect(db.records.withAddress('u@acme.test')).resolves.toHaveLength(3);
  });

  it('that claim one address are found, with the lowest source id that does', async () => {
    await db.records.insertMany([
      record(1, { claim: 'a' }),
      record(2, { claim: 'a' }),
      record(3, { claim: 'b' }),
      record(4, { claim: 'b', status: 'reported' }),
      record(5, { claim: 'c' }),
      record(6),
      record(7),
      record(8, { claim: 'c', runId: 'run2' }),
    ]);
    const winner = record(1).externalId;
    await expect(db.records.contestedClaims('run1')).resolves.toEqual([{ claim: 'a', winner }]);
  });

  it('are replaced whole, and what they claim with them', async () => {
    await db.records.insertMany([record(1, { claim: 'a', error: 'x' }), record(2)]);
    const replaced = record(1, { action: 'conflict', status: 'reported', reason: 'taken' });
    await db.records.replaceMany([replaced]);
    await expect(db.records.byIds([replaced.id])).resolves.toEqual([replaced]);
    await db.records.replaceMany([record(2, { claim: 'b' })]);
    expect(seqs(await db.records.claimsPage({ runId: 'run1', limit: 9 }))).toEqual([2]);
  });

  it('are replaced only when they are there', async () => {
    await db.records.replaceMany([record(1)]);
    await expect(db.raw('records').countDocuments()).resolves.toBe(0);
  });

  it.each(['applied', 'failed', 'undone'] as const)(
    'stay as they are once they are %s, whatever a late writer tries',
    async (status) => {
      const settled = record(1, { status });
      await db.records.insertMany([settled, record(2), record(3)]);
      await db.records.replaceMany([record(1, { reason: 'late' }), record(2, { reason: 'new' })]);
      await db.records.removeMany([settled.id, record(3).id]);
      await expect(db.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([
        settled,
        record(2, { reason: 'new' }),
      ]);
      await db.records.removeAll('run1');
      await expect(db.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([settled]);
    },
  );

  it('take a status or a failure, and are counted', async () => {
    await db.records.insertMany([1, 2, 3, 4].map((seq) => record(seq)));
    await db.records.markApplied([record(1).id, record(2).id]);
    await db.records.fail([{ id: record(3).id, error: 'the member was changed meanwhile' }]);
    await expect(db.records.byIds([record(3).id])).resolves.toEqual([
      record(3, { status: 'failed', error: 'the member was changed meanwhile' }),
    ]);
    await expect(db.records.countByStatus('run1')).resolves.toEqual({
      applied: 2,
      failed: 1,
      planned: 1,
    });
    await expect(db.records.countByStatus('none')).resolves.toEqual({});
  });

  it('are removed one by one or with their run', async () => {
    await db.records.insertMany([record(1), record(2), record(3), record(1, { runId: 'run2' })]);
    await db.records.removeMany([record(2).id]);
    expect(seqs(await db.records.page({ runId: 'run1', limit: 9 }))).toEqual([1, 3]);
    await db.records.removeAll('run1');
    await expect(db.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([]);
    await expect(db.records.page({ runId: 'run2', limit: 9 })).resolves.toHaveLength(1);
  });

  it('are no trouble when there are none', async () => {
    await db.records.insertMany([]);
    await db.records.replaceMany([]);
    await db.records.fail([]);
    await db.records.markApplied([]);
    await db.records.removeMany([]);
    await expect(db.records.byIds([])).resolves.toEqual([]);
  });
});
