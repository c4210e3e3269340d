import type { Run, RunMode } from '../../../src/core/model/run.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { aConfig, aNewStore } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores runs. */
export function describeSyncSummaries(open: OpenPorts<'stores' | 'runs'>): void {
  describe('the summary of every store’s syncs', () => {
    let ports: Opened<'stores' | 'runs'>;
    beforeEach(async () => {
      ports = await open();
    });

    const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' } as const;

    function createStore(name: string): Promise<DirectoryStore> {
      return ports.stores.create(aNewStore({ name, config: aConfig({ schedule }) }));
    }

    /** A run with this end, a minute after the one before. */
    async function end(
      storeId: string,
      status: Run['status'],
      mode: RunMode = 'full',
    ): Promise<Date> {
      ports.clock.advance(60_000);
      const { run } = await ports.runs.enqueue({
        storeId,
        mode,
        trigger: 'schedule',
        configRevision: 1,
        requestedBy: 'schedule',
      });
      const finishedAt = ports.clock.now();
      await ports.runs.update(run, { status, finishedAt });
      return finishedAt;
    }

    it('describes a store without runs', async () => {
      const { id, updatedAt } = await createStore('acme');
      expect(await ports.stores.syncSummaries()).toEqual([
        {
          storeId: id,
          status: 'active',
          schedule,
          changedAt: updatedAt,
          lastEnd: null,
          last: null,
          undecided: null,
          lastSuccessAt: null,
        },
      ]);
    });

    it('returns the last end of each store, and its last success', async () => {
      const [well, failed, never] = await Promise.all(['a', 'b', 'c'].map(createStore));
      const wellAt = await end(well?.id ?? '', 'succeeded');
      await end(failed?.id ?? '', 'succeeded');
      const failedAt = await end(failed?.id ?? '', 'held');
      await end(failed?.id ?? '', 'failed');
      await end(never?.id ?? '', 'failed');
      const summaries = await ports.stores.syncSummaries();
      const about = (store: DirectoryStore | undefined) =>
        summaries.find(({ storeId }) => storeId === store?.id);
      expect(about(well)).toMatchObject({
        lastEnd: 'succeeded',
        last: { endedAt: wellAt, conflicts: 0, problems: 0, error: null },
        lastSuccessAt: wellAt,
      });
      expect(about(failed)).toMatchObject({ lastEnd: 'failed', lastSuccessAt: failedAt });
      expect(about(never)).toMatchObject({ lastEnd: 'failed', lastSuccessAt: null });
      expect(await ports.stores.syncSummaries(failed?.id)).toEqual([about(failed)]);
    });

    it('counts a held run as successful, also while a decision on it is carried out', async () => {
      const { id } = await createStore('acme');
      await end(id, 'succeeded');
      const heldAt = await end(id, 'held');
      const [held] = await ports.runs.list({ statuses: ['held'] });
      ports.clock.advance(60_000);
      const decision = {
        verdict: 'approve',
        people: null,
        rejected: [],
        by: 'cli:ada',
        at: ports.clock.now(),
      } as const;
      expect(await ports.runs.openDecision(held?.id ?? '', decision)).toMatchObject({
        finishedAt: null,
      });
      expect(await ports.stores.syncSummaries()).toMatchObject([
        { lastEnd: 'held', lastSuccessAt: heldAt },
      ]);
    });

    it('counts no preview, edit, undo or cancelled run as a sync', async () => {
      const { id } = await createStore('acme');
      const syncedAt = await end(id, 'failed').then(() => end(id, 'succeeded'));
      await end(id, 'failed', 'plan');
      await end(id, 'succeeded', 'single');
      await end(id, 'succeeded', 'undo');
      await end(id, 'cancelled');
      expect(await ports.stores.syncSummaries()).toMatchObject([
        { lastEnd: 'succeeded', lastSuccessAt: syncedAt },
      ]);
    });
  });
}
