import type { DirectoryStore } from '../core/model/store.ts';
import { nextRun } from '../core/schedule/next-run.ts';
import type { Ports } from '../sync/ports.ts';
import type { StoreView } from './json.ts';

/** When the schedule will start the store's next run; null when it won't. */
function nextRunOf(
  { status, config: { schedule } }: Pick<DirectoryStore, 'status' | 'config'>,
  now: Date,
): Date | null {
  if (status !== 'active' || schedule === null || !schedule.enabled) return null;
  return nextRun(schedule, now);
}

/** What an administrator gives the directory, once. */
export function describeEndpoint(endpoint: string, token: string): readonly string[] {
  return [
    `Sync endpoint: ${endpoint}`,
    `SCIM token:    ${token}`,
    'Give both to the directory now: the token is not shown again.',
  ];
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
