import { type Run, runModes } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import type { Ports } from '../../ports/index.ts';

/** A store with its number of members, its last run, and the time of the next one. */
export interface StoreView {
  readonly store: DirectoryStore;
  readonly members: { readonly active: number; readonly inactive: number };
  /** Not a preview: that changes nothing. */
  readonly lastRun: Run | null;
  /** When the schedule will start the store's next run; null when it won't. */
  readonly nextRunAt: Date | null;
  /** When the token stops working with which its directory pushes; null without such a token, and for: never. */
  readonly scimTokenExpiresAt: Date | null;
}

const effectiveModes = runModes.filter((mode) => mode !== 'plan');

/** A store together with its members' number, its last run and its next one. */
export async function viewStore(
  ports: Pick<Ports, 'members' | 'runs' | 'scimTokens' | 'clock'>,
  store: DirectoryStore,
): Promise<StoreView> {
  const [members, [lastRun = null], [scimToken]] = await Promise.all([
    ports.members.counts(store.id),
    ports.runs.list({ storeId: store.id, modes: effectiveModes, limit: 1 }),
    store.via === 'scim' ? ports.scimTokens.list(store.id) : [],
  ]);
  const schedule = store.status === 'active' ? store.config.schedule : null;
  const nextRunAt = schedule === null ? null : nextRun(schedule, ports.clock.now());
  const scimTokenExpiresAt = scimToken?.expiresAt ?? null;
  return { store, members, lastRun, nextRunAt, scimTokenExpiresAt };
}
