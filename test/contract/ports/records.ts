import type { SyncRecord } from '../../../src/core/model/record.ts';
import { aRecord } from '../../builders/models.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores records. */
export function describeRecords(open: OpenPorts<'records'>): void {
  describe('records', () => {
    let ports: Opened<'records'>;
    beforeEach(async () => {
      ports = await open();
    });

    const seqs = (records: readonly SyncRecord[]) => records.map(({ seq }) => seq);

    it('are returned as they were inserted', async () => {
      const full = aRecord(1, {
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
      const bare = aRecord(2, {
        externalId: null,
        memberId: null,
        changes: [],
        fromRevision: null,
      });
      await ports.records.insertMany([full, bare]);
      await expect(ports.records.byIds([full.id])).resolves.toEqual([full]);
      await expect(ports.records.byIds([bare.id, 'none'])).resolves.toEqual([bare]);
    });

    it('stay as they are when they are inserted again', async () => {
      await ports.records.insertMany([aRecord(1, { status: 'applied' })]);
      await ports.records.insertMany([aRecord(1), aRecord(2)]);
      await expect(ports.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([
        aRecord(1, { status: 'applied' }),
        aRecord(2),
      ]);
    });

    const page = async (filter: object) =>
      seqs(await ports.records.page({ runId: 'run1', limit: 9, ...filter }));

    it('are paged by seq, of one run', async () => {
      await ports.records.insertMany([
        ...[5, 3, 1, 4, 2].map((seq) => aRecord(seq)),
        aRecord(1, { runId: 'run2' }),
      ]);
      await expect(page({})).resolves.toEqual([1, 2, 3, 4, 5]);
      await expect(page({ limit: 2 })).resolves.toEqual([1, 2]);
      await expect(page({ afterSeq: 2, limit: 2 })).resolves.toEqual([3, 4]);
      await expect(page({ afterSeq: 5 })).resolves.toEqual([]);
    });

    it('are paged by status and action', async () => {
      await ports.records.insertMany([
        aRecord(1),
        aRecord(6, { status: 'held', action: 'delete' }),
      ]);
      await expect(page({ statuses: ['held', 'failed'] })).resolves.toEqual([6]);
      await expect(page({ actions: ['delete', 'create'] })).resolves.toEqual([6]);
      await expect(page({ actions: ['delete'], statuses: ['failed'] })).resolves.toEqual([]);
    });

    it('are found however far apart their seqs are', async () => {
      const far = [0, 1, 3, 4, 40, 41, 3000, 3_000_000];
      await ports.records.insertMany(far.map((seq) => aRecord(seq)));
      const read: number[] = [];
      for (;;) {
        const page = await ports.records.page({
          runId: 'run1',
          limit: 2,
          ...(read.length > 0 && { afterSeq: read.at(-1) ?? 0 }),
        });
        if (page.length === 0) break;
        read.push(...seqs(page));
      }
      expect(read).toEqual(far);
      expect(seqs(await ports.records.page({ runId: 'run1', limit: 7 }))).toEqual(far.slice(0, 7));
    });

    it('that claim an address are paged, while planned', async () => {
      await ports.records.insertMany([
        aRecord(1),
        aRecord(2, { claim: 'b' }),
        aRecord(3, { claim: 'c' }),
        aRecord(4, { claim: 'c' }),
        aRecord(5, { claim: 'd' }),
        aRecord(6, { action: 'delete' }),
        aRecord(7, { claim: 'c', status: 'reported' }),
        aRecord(8, { claim: 'd', runId: 'run2' }),
      ]);
      const page = async (filter: object) =>
        seqs(await ports.records.claimsPage({ runId: 'run1', limit: 9, ...filter }));
      await expect(page({})).resolves.toEqual([2, 3, 4, 5]);
      await expect(page({ afterSeq: 2, limit: 2 })).resolves.toEqual([3, 4]);
      await expect(page({ claims: ['b', 'd', 'z'] })).resolves.toEqual([2, 5]);
    });

    it('are paged by kind: removals to be confirmed, and moves of addresses', async () => {
      const release = [{ field: 'emailKey', from: 'a', to: null }];
      await ports.records.insertMany([
        aRecord(1, { cause: 'gone', confirmed: true, fromRevision: 1 }),
        aRecord(2, { cause: 'suspended', confirmed: false, fromRevision: 1 }),
        aRecord(3, { claim: 'a', fromRevision: null }),
        aRecord(4, { claim: 'b', fromRevision: 2 }),
        aRecord(5, { action: 'delete', fromRevision: 2 }),
        aRecord(6, { changes: release, fromRevision: 2 }),
        aRecord(7, { changes: [{ field: 'email', from: 'a', to: 'A' }], fromRevision: 2 }),
      ]);
      const pageOf = async (only: 'unconfirmed-removals' | 'moves') =>
        seqs(await ports.records.page({ runId: 'run1', only, limit: 9 }));
      await expect(pageOf('unconfirmed-removals')).resolves.toEqual([2]);
      await expect(pageOf('moves')).resolves.toEqual([4, 5, 6]);
    });

    it('that show an address are found over all runs, as addresses compare', async () => {
      await ports.records.insertMany([
        aRecord(1, { email: 'Straße@acme.test' }),
        aRecord(2, { email: 'strasse@ACME.test', externalId: null }),
        aRecord(3, { email: 'other@acme.test' }),
        aRecord(4),
        aRecord(5, { runId: 'run2', email: 'strasse@acme.test', memberId: null }),
      ]);
      const found = await ports.records.withAddress('strasse@acme.test');
      expect(found.toSorted((a, b) => (a.runId < b.runId ? -1 : 1))).toEqual([
        { runId: 'run1', externalId: 'u1', memberId: 's1.u1' },
        { runId: 'run1', externalId: null, memberId: 's1.u2' },
        { runId: 'run2', externalId: 'u5', memberId: null },
      ]);
      await expect(ports.records.withAddress('nobody@acme.test')).resolves.toEqual([]);
    });

    it('are found by a text that they contain, in any case and with any signs', async () => {
      const change = { field: 'manager', from: null, to: 'Ada+a.b@acme.test' } as const;
      await ports.records.insertMany([
        aRecord(1, { changes: [change] }),
        aRecord(2, { reason: 'because of ada+A.B@acme.test' }),
        aRecord(3, { error: 'ada+a.b@acme.test is taken', runId: 'run2' }),
        aRecord(4, { changes: [{ ...change, to: 'ada+axb@acme.test' }] }),
      ]);
      const found = await ports.records.containing(['nobody', 'ada+a.b@acme.test']);
      expect(new Set(found.map(({ seq }) => seq))).toEqual(new Set([1, 2, 3]));
    });

    it('that claim one address are found, with the lowest source id among them', async () => {
      await ports.records.insertMany([
        aRecord(1, { claim: 'a' }),
        aRecord(2, { claim: 'a' }),
        aRecord(3, { claim: 'b' }),
        aRecord(4, { claim: 'b', status: 'reported' }),
        aRecord(5, { claim: 'c' }),
        aRecord(6),
        aRecord(7),
        aRecord(8, { claim: 'c', runId: 'run2' }),
      ]);
      const winner = aRecord(1).externalId;
      await expect(ports.records.contestedClaims('run1')).resolves.toEqual([
        { claim: 'a', winner },
      ]);
    });

    it('without a source id lose an address that others claim too', async () => {
      await ports.records.insertMany([
        aRecord(1, { claim: 'a', externalId: null }),
        aRecord(2, { claim: 'a' }),
      ]);
      await expect(ports.records.contestedClaims('run1')).resolves.toEqual([
        { claim: 'a', winner: 'u2' },
      ]);
    });

    it('are replaced whole, with their claims', async () => {
      await ports.records.insertMany([aRecord(1, { claim: 'a', error: 'x' }), aRecord(2)]);
      const replaced = aRecord(1, { action: 'conflict', status: 'reported', reason: 'taken' });
      await ports.records.replaceMany([replaced]);
      await expect(ports.records.byIds([replaced.id])).resolves.toEqual([replaced]);
      await ports.records.replaceMany([aRecord(2, { claim: 'b' })]);
      expect(seqs(await ports.records.claimsPage({ runId: 'run1', limit: 9 }))).toEqual([2]);
    });

    it('are replaced only when they exist', async () => {
      await ports.records.replaceMany([aRecord(1)]);
      await expect(ports.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([]);
    });

    it.each(['applied', 'failed', 'undone'] as const)(
      'stay as they are once they are %s, despite late writes',
      async (status) => {
        const final = aRecord(1, { status });
        await ports.records.insertMany([final, aRecord(2), aRecord(3)]);
        await ports.records.replaceMany([
          aRecord(1, { reason: 'late' }),
          aRecord(2, { reason: 'new' }),
        ]);
        await ports.records.removeMany([final.id, aRecord(3).id]);
        await expect(ports.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([
          final,
          aRecord(2, { reason: 'new' }),
        ]);
        await ports.records.removeAll('run1');
        await expect(ports.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([final]);
      },
    );

    it('get a status or a failure, and are counted', async () => {
      await ports.records.insertMany([1, 2, 3, 4].map((seq) => aRecord(seq)));
      await ports.records.markApplied([aRecord(1).id, aRecord(2).id]);
      await ports.records.fail([{ id: aRecord(3).id, error: 'the member was changed meanwhile' }]);
      await expect(ports.records.byIds([aRecord(3).id])).resolves.toEqual([
        aRecord(3, { status: 'failed', error: 'the member was changed meanwhile' }),
      ]);
      await expect(ports.records.countByStatus('run1')).resolves.toEqual({
        applied: 2,
        failed: 1,
        planned: 1,
      });
      await expect(ports.records.countByStatus('none')).resolves.toEqual({});
    });

    it('are removed one by one or with their run', async () => {
      await ports.records.insertMany([
        aRecord(1),
        aRecord(2),
        aRecord(3),
        aRecord(1, { runId: 'run2' }),
      ]);
      await ports.records.removeMany([aRecord(2).id]);
      expect(seqs(await ports.records.page({ runId: 'run1', limit: 9 }))).toEqual([1, 3]);
      await ports.records.removeAll('run1');
      await expect(ports.records.page({ runId: 'run1', limit: 9 })).resolves.toEqual([]);
      await expect(ports.records.page({ runId: 'run2', limit: 9 })).resolves.toHaveLength(1);
    });

    it('return nothing when there are none', async () => {
      await ports.records.insertMany([]);
      await ports.records.replaceMany([]);
      await ports.records.fail([]);
      await ports.records.markApplied([]);
      await ports.records.removeMany([]);
      await expect(ports.records.byIds([])).resolves.toEqual([]);
    });
  });
}
