import { aConfig, aNewRun, aNewStore } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

type Names = 'stores' | 'revisions' | 'runs';

/** What every implementation guarantees about the revisions of configurations, wherever it keeps them. */
export function describeRevisions(open: OpenPorts<Names>): void {
  describe('the revisions of a configuration', () => {
    let ports: Opened<Names>;
    beforeEach(async () => {
      ports = await open();
    });

    const windowOf = (window: string) =>
      aConfig({ safeguards: { ...aConfig().safeguards, window } });

    async function configured(...windows: readonly string[]) {
      let store = await ports.stores.create(aNewStore({ name: 'acme' }));
      for (const window of windows) {
        ports.clock.advance(1000);
        const { configRevision: fromRevision, id } = store;
        const change = { fromRevision, config: windowOf(window), by: `token:${window}` };
        store = await ports.stores.configure(id, change);
      }
      return store;
    }

    it('are kept with who made them and when, the present one first', async () => {
      const store = await configured('1h', '2h');
      const all = await ports.revisions.list(store, { limit: 9 });
      const at = ports.clock.now();
      expect(all).toEqual([
        { revision: 3, config: windowOf('2h'), by: 'token:2h', at },
        { revision: 2, config: windowOf('1h'), by: 'token:1h', at: new Date(at.getTime() - 1000) },
        { revision: 1, config: aConfig(), by: 'cli:ada', at: new Date(at.getTime() - 2000) },
      ]);
      const numbers = async (page: { readonly before?: number; readonly limit: number }) =>
        (await ports.revisions.list(store, page)).map(({ revision }) => revision);
      await expect(numbers({ limit: 2 })).resolves.toEqual([3, 2]);
      await expect(numbers({ before: 2, limit: 2 })).resolves.toEqual([1]);
      await expect(ports.revisions.get(store, 2)).resolves.toEqual(all[1]);
      await expect(ports.revisions.get(store, 3)).resolves.toEqual(all[0]);
      await expect(ports.revisions.get(store, 4)).resolves.toBeNull();
    });

    it('are those of their store, lose what an erasure empties, and go with it', async () => {
      const store = await configured('1h');
      const other = await ports.stores.create(aNewStore({ name: 'other' }));
      await ports.revisions.redact(store.id, 1, windowOf('9h'));
      await expect(ports.revisions.get(store, 1)).resolves.toMatchObject({
        config: windowOf('9h'),
      });
      await expect(ports.revisions.list(other, { limit: 9 })).resolves.toHaveLength(1);
      await ports.stores.remove(store, 'keep');
      await expect(
        ports.revisions.list({ ...store, configRevision: 2 }, { before: 2, limit: 9 }),
      ).resolves.toEqual([]);
    });

    it('know how many syncs used each', async () => {
      const { id: storeId } = await configured();
      for (const [mode, configRevision] of [
        ['full', 1],
        ['delta', 2],
        ['full', 2],
        ['plan', 2],
      ] as const) {
        const { id } = await ports.runs.insertUnderWay(aNewRun({ storeId, mode, configRevision }));
        expect(id).not.toBe('');
      }
      const counts = await ports.runs.countByRevision(storeId, [1, 2, 3]);
      expect([1, 2, 3].map((each) => counts.get(each) ?? 0)).toEqual([1, 2, 0]);
      const used = await ports.runs.list({ storeId, configRevision: 2, modes: ['full', 'delta'] });
      expect(used.map(({ mode }) => mode)).toEqual(['full', 'delta']);
    });
  });
}
