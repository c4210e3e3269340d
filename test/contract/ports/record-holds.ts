import type { SyncRecord } from '../../../src/core/model/record.ts';
import { recordId } from '../../../src/core/model/record.ts';
import { aRecord } from '../../builders/models.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores records. */
export function describeRecordHolds(open: OpenPorts<'records'>): void {
  describe('records that safeguards hold', () => {
    let ports: Opened<'records'>;
    beforeEach(async () => {
      ports = await open();
    });

    const keep = (...records: readonly SyncRecord[]) => ports.records.insertMany(records);
    const all = (runId = 'run1') => ports.records.page({ runId, limit: 99 });
    const statuses = async () => (await all()).map(({ status }) => status);
    const statusChange = { field: 'status', from: 'active', to: 'inactive' };

    describe('the risks of a plan', () => {
      it('are counted by kind, blanks by field, for planned or held records', async () => {
        await keep(
          aRecord(1, { risks: ['removal:gone'], changes: [statusChange] }),
          aRecord(2, { risks: ['removal:gone'], changes: [] }),
          aRecord(3, { risks: ['removal:suspended', 'blank:city'], status: 'held' }),
          aRecord(4, { risks: ['email:a@acme.test', 'blank:city', 'blank:custom.size'] }),
          aRecord(5, { risks: ['removal:gone'], status: 'applied' }),
          aRecord(6, { runId: 'run2', risks: ['removal:gone'] }),
          aRecord(7),
        );
        await expect(ports.records.countRisks('run1')).resolves.toEqual({
          removals: 3,
          activeRemovals: 1,
          emailChanges: 1,
          blanks: { city: 2, 'custom.size': 1 },
        });
        await expect(ports.records.countRisks('none')).resolves.toEqual({
          removals: 0,
          activeRemovals: 0,
          emailChanges: 0,
          blanks: {},
        });
      });

      it('count for the window when applied without an approval', async () => {
        const risks = ['removal:gone'];
        await keep(
          aRecord(1, { risks, status: 'applied' }),
          aRecord(2, { risks, status: 'applied', decidedBy: 'cli:ada', decidedAt: startedAt }),
          aRecord(3, { risks, status: 'undone' }),
          aRecord(4, { risks, status: 'applied', runId: 'run2' }),
          aRecord(5, { risks, status: 'applied', runId: 'run3' }),
        );
        const counted = await ports.records.countAppliedRisks(['run1', 'run2']);
        expect(counted.removals).toBe(2);
      });

      it('hold the records that have them: all of a kind, or just one field', async () => {
        await keep(
          aRecord(1, { risks: ['removal:gone'] }),
          aRecord(2, { risks: ['removal:suspended'] }),
          aRecord(3, { risks: ['blank:city'] }),
          aRecord(4, { risks: ['blank:cityHall'] }),
          aRecord(5, { risks: ['removal:gone'], status: 'reported' }),
        );
        await ports.records.hold({ runId: 'run1', risk: 'removal:', blocksInStore: 's1' });
        await ports.records.hold({ runId: 'run1', risk: 'blank:city', blocksInStore: null });
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

    describe('blocking records', () => {
      it('are found by store and person, until they are applied or fail', async () => {
        await keep(
          aRecord(1, { status: 'held', blocksInStore: 's1' }),
          aRecord(2, { status: 'rejected', blocksInStore: 's1' }),
          aRecord(3, { status: 'held', blocksInStore: 's2' }),
        );
        await expect(ports.records.hasBlocking('s1')).resolves.toBe(true);
        await expect(ports.records.hasBlocking('s3')).resolves.toBe(false);
        const found = await ports.records.blocking('s1', ['u1', 'u2', 'u3', 'u4']);
        expect(new Set(found.map(({ externalId }) => externalId))).toEqual(new Set(['u1', 'u2']));
        const decision = { runId: 'run1', by: 'cli:ada', at: startedAt, people: null };
        await ports.records.decide({ ...decision, from: ['held', 'rejected'], to: 'planned' });
        await ports.records.markApplied([recordId('run1', 'u1')]);
        await ports.records.fail([{ id: recordId('run1', 'u2'), error: 'the member was changed' }]);
        await expect(ports.records.hasBlocking('s1')).resolves.toBe(false);
      });
    });

    describe('deciding', () => {
      const by = { runId: 'run1', by: 'cli:ada', at: startedAt };
      const approve = { ...by, from: ['held'], to: 'planned' } as const;

      it('applies to held records with the given source ids or member ids', async () => {
        await keep(
          aRecord(1, { status: 'held' }),
          aRecord(2, { status: 'held' }),
          aRecord(3, { status: 'applied' }),
          aRecord(4, { status: 'held', externalId: null }),
        );
        await ports.records.decide({ ...approve, people: ['u1', 's1.u4', 'u3'] });
        await expect(statuses()).resolves.toEqual(['planned', 'held', 'applied', 'planned']);
      });

      it('applies to all held records when no id is given', async () => {
        await keep(aRecord(1, { status: 'held' }), aRecord(2), aRecord(3, { status: 'held' }));
        await ports.records.decide({ ...by, people: null, from: ['held'], to: 'rejected' });
        await expect(statuses()).resolves.toEqual(['rejected', 'planned', 'rejected']);
      });

      it('stores the actor and the time, and is counted by them', async () => {
        await keep(aRecord(1, { status: 'held' }), aRecord(2, { status: 'held' }));
        await ports.records.decide({ ...approve, people: ['u1'] });
        const [decided, other] = await all();
        expect(decided).toMatchObject({ decidedBy: 'cli:ada', decidedAt: startedAt });
        expect(other).toMatchObject({ decidedBy: null, decidedAt: null });
        await expect(
          ports.records.countByStatus('run1', { decidedAt: startedAt }),
        ).resolves.toEqual({
          planned: 1,
        });
      });

      it.each([
        ['planned', false],
        ['rejected', true],
      ] as const)('as %s leaves a record confirmed: %p', async (to, confirmed) => {
        await keep(aRecord(1, { status: 'held', confirmed: true }));
        await ports.records.decide({ ...approve, people: null, to });
        expect((await all())[0]).toMatchObject({ status: to, confirmed });
      });

      it('is undone with no actor left', async () => {
        await keep(aRecord(1, { decidedBy: 'cli:ada', decidedAt: startedAt }));
        const again = { ...by, people: null, by: null, from: ['planned'] } as const;
        await ports.records.decide({ ...again, to: 'held' });
        expect((await all())[0]).toMatchObject({
          status: 'held',
          decidedBy: null,
          decidedAt: null,
        });
      });
    });

    describe('a late write', () => {
      it('changes no record that is decided already', async () => {
        await keep(aRecord(1, { status: 'applied' }), aRecord(2, { status: 'failed', error: 'x' }));
        await ports.records.fail([{ id: recordId('run1', 'u1'), error: 'changed meanwhile' }]);
        await ports.records.markApplied([recordId('run1', 'u2')]);
        await expect(statuses()).resolves.toEqual(['applied', 'failed']);
      });
    });

    describe('undoing', () => {
      it('marks applied records as undone, and the other way round', async () => {
        await keep(aRecord(1, { status: 'applied' }), aRecord(2, { status: 'failed' }));
        const ids = [recordId('run1', 'u1'), recordId('run1', 'u2')];
        await ports.records.markUndone(ids, true);
        await expect(statuses()).resolves.toEqual(['undone', 'failed']);
        await ports.records.markUndone(ids, false);
        await expect(statuses()).resolves.toEqual(['applied', 'failed']);
      });

      it('rejects records that a run had planned and did not apply', async () => {
        await keep(aRecord(1), aRecord(2, { status: 'applied' }), aRecord(3, { status: 'held' }));
        await ports.records.rejectPlanned('run1', 'the run was cancelled');
        await expect(statuses()).resolves.toEqual(['rejected', 'applied', 'held']);
      });
    });
  });
}
