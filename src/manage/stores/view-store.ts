import type { Run } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import type { Ports } from '../../ports/index.ts';

/** A store with its number of members, its last run, and the time of the next one. */
export interface StoreView {
  readonly store: DirectoryStore;
  readonly members: { readonly active: number; readonly inactive: number };
  readonly lastRun: Run | null;
  readonly nextRunAt: Date | null;
}

/** When the schedule will start the store's next run; null when it won't. */
function nextRunOf(
  { status, config: { schedule } }: Pick<DirectoryStore, 'status' | 'config'>,
  now: Date,
): Date | null {
  if (status !== 'active' || schedule === null || !schedule.enabled) return null;
  return nextRun(schedule, now);
}

/** A store together with its members' number, its last run and its next one. */
export async function viewStore(
  ports: Pick<Ports, 'members' | 'runs' | 'clock'>,
  store: DirectoryStore,
): Promise<StoreView> {
  const [members, [lastRun = null]] = await Promise.all([
    ports.members.counts(store.id),
    ports.runs.list({ storeId: store.id, limit: 1 }),
  ]);
  return { store, members, lastRun, nextRunAt: nextRunOf(store, ports.clock.now()) };
}
