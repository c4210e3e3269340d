import type { RecordsAsked } from '../../../src/ports/record-lists.ts';
import { aRecord } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees of the records that a person looks at. */
export function describeRecordLists(open: OpenPorts<'records' | 'recordLists'>): void {
  describe('lists of records', () => {
    let ports: Opened<'records' | 'recordLists'>;
    beforeEach(async () => {
      ports = await open();
      await ports.records.insertMany([
        aRecord(1, {
          status: 'held',
          action: 'deactivate',
          cause: 'gone',
          risks: ['removal:gone'],
          name: 'Zoë Schröder',
          email: 'zoe.schroeder@acme.test',
          department: 'Sales',
        }),
        aRecord(2, {
          status: 'held',
          action: 'deactivate',
          cause: 'suspended',
          risks: ['removal:suspended'],
          name: 'Iñigo (Nacho) Muñoz-Pérez',
          email: 'im@acme.test',
          department: 'Sales',
        }),
        aRecord(3, { status: 'held', risks: ['blank:city'], name: 'A.*' }),
        aRecord(4, { status: 'applied', department: 'Finance' }),
        aRecord(5, { runId: 'run2', status: 'held', name: 'Zoë' }),
      ]);
    });

    const inRun = (choice: RecordsAsked['choice'], more: Partial<RecordsAsked> = {}) => ({
      runId: 'run1',
      choice,
      ...more,
    });
    const seqs = async (choice: RecordsAsked['choice']) => {
      const found = await ports.recordLists.page({ ...inRun(choice), afterSeq: -1, limit: 99 });
      return found.map(({ seq }) => seq);
    };

    it.each([
      [{}, [1, 2, 3, 4]],
      [{ reasons: ['gone'] }, [1]],
      [{ reasons: ['suspended', 'update'] }, [2, 3, 4]],
      [{ risk: 'removal' }, [1, 2]],
      [{ risk: 'blank' }, [3]],
      [{ field: 'department' }, [1, 2, 3, 4]],
      [{ field: 'city' }, []],
      [{ department: 'Sales' }, [1, 2]],
      [{ department: null }, [3]],
      [{ department: 'Sales', reasons: ['gone'] }, [1]],
    ] as const)('are filtered by %j', async (choice, found) => {
      expect(await seqs(choice)).toEqual(found);
    });

    it.each([
      ['zoe', [1]],
      ['SCHRÖ', [1]],
      ['schroeder@', [1]],
      ['zoe schr', [1]],
      ['perez', [2]],
      ['nacho', [2]],
      ['acme', []],
      ['öder', []],
      ['a.*', [3]],
      ['.*', []],
    ])('are searched by the beginnings of words: %s', async (text, found) => {
      expect(await seqs({ text })).toEqual(found);
    });

    it('are counted by what is stored on them', async () => {
      const { recordLists } = ports;
      expect(await recordLists.facet(inRun({}, { statuses: ['held'] }), 'department')).toEqual({
        by: 'department',
        values: [{ value: 'Sales', count: 2 }],
        blank: 1,
        others: 0,
      });
      expect(await recordLists.facet(inRun({}), 'reason')).toEqual({
        by: 'reason',
        values: [
          { value: 'update', count: 2 },
          { value: 'gone', count: 1 },
          { value: 'suspended', count: 1 },
        ],
        blank: 0,
        others: 0,
      });
    });

    it('count the eight most frequent values, and the others together', async () => {
      const many = Array.from({ length: 10 }, (_, at) =>
        aRecord(10 + at, { runId: 'run3', location: `l${at}` }),
      );
      await ports.records.insertMany(many);
      const facet = await ports.recordLists.facet({ runId: 'run3', choice: {} }, 'location');
      expect(facet.values).toHaveLength(8);
      expect(facet).toMatchObject({ blank: 0, others: 2 });
    });

    it('are counted up to a bound, or whole with a mark for each page', async () => {
      const many = Array.from({ length: 7 }, (_, at) => aRecord(3 * at, { runId: 'run4' }));
      await ports.records.insertMany(many);
      const asked = { runId: 'run4', choice: {} };
      expect(await ports.recordLists.total(asked, 5)).toBe(5);
      expect(await ports.recordLists.marks(asked, 3)).toEqual({ total: 7, after: [6, 15] });
      const page = await ports.recordLists.page({ ...asked, afterSeq: 6, limit: 3 });
      expect(page.map(({ seq }) => seq)).toEqual([9, 12, 15]);
    });

    it('are decided on as they are filtered, and counted so before', async () => {
      const choice = { department: 'Sales', text: 'zoe' };
      const open = { runId: 'run1', statuses: ['held'], people: null, choice } as const;
      expect(await ports.records.count(open)).toBe(1);
      const decided = { people: null, choice, from: ['held'], to: 'rejected' } as const;
      await ports.records.decide({ ...decided, runId: 'run1', by: 'token:ada', at: new Date() });
      expect(await ports.records.count(open)).toBe(0);
      expect(await ports.records.countByStatus('run1')).toEqual({
        held: 2,
        rejected: 1,
        applied: 1,
      });
    });
  });
}
