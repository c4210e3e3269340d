import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores the audit. */
export function describeAudit(open: OpenPorts<'audit'>): void {
  describe('the audit', () => {
    let ports: Opened<'audit'>;
    beforeEach(async () => {
      ports = await open();
    });
    const entry = {
      by: 'cli:ada',
      byTokenId: null,
      from: 'desk',
      action: 'store-configured',
      storeId: 'store1',
      storeName: 'acme',
      runId: null,
      tokenId: null,
      changes: [{ path: 'mapping.country', from: null, to: '{ value: $India }' }],
    } as const;

    it('is emptied of a person by an erasure, and of nothing else', async () => {
      const { id } = await ports.audit.begin(entry);
      await ports.audit.finish(id, { outcome: 'refused', error: 'ada@acme.test' });
      const [before] = await ports.audit.list({});
      const left = { error: 'emptied', changes: [{ path: 'a', from: null, to: 'emptied' }] };
      await ports.audit.redact(id, left);
      await expect(ports.audit.list({})).resolves.toEqual([{ ...before, ...left }]);
    });

    it('stores the action, and its outcome', async () => {
      const { id } = await ports.audit.begin(entry);
      const begun = { ...entry, id, at: startedAt, outcome: 'begun', error: null };
      expect(await ports.audit.list({})).toEqual([begun]);
      await ports.audit.finish(id, { outcome: 'done', runId: 'run1' });
      expect(await ports.audit.list({})).toEqual([{ ...begun, outcome: 'done', runId: 'run1' }]);
    });

    it('refuses to change an entry that has its outcome', async () => {
      const { id } = await ports.audit.begin(entry);
      await ports.audit.finish(id, { outcome: 'refused', error: 'changed meanwhile' });
      await ports.audit.finish(id, { outcome: 'done' });
      expect(await ports.audit.list({})).toMatchObject([
        { outcome: 'refused', error: 'changed meanwhile' },
      ]);
    });

    it('lists the newest first, in pages, by store, action and actor', async () => {
      const ids: string[] = [];
      for (const storeId of ['store1', 'store2', 'store1', null]) {
        ids.push((await ports.audit.begin({ ...entry, storeId })).id);
      }
      const [first, second, third, fourth] = ids;
      const listed = async (filter: Parameters<typeof ports.audit.list>[0]) =>
        (await ports.audit.list(filter)).map(({ id }) => id);
      expect(await listed({})).toEqual([fourth, third, second, first]);
      expect(await listed({ limit: 2 })).toEqual([fourth, third]);
      expect(await listed({ limit: 2, before: third ?? '' })).toEqual([second, first]);
      expect(await listed({ storeId: 'store1' })).toEqual([third, first]);
      expect(await listed({ actions: ['signed-in'] })).toEqual([]);
      expect(await listed({ by: 'cli:ada', limit: 1 })).toEqual([fourth]);
      expect(await listed({ by: 'cli:eve' })).toEqual([]);
    });
  });
}
