import { heldIn, type Run, runModes } from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import type { ScimToken } from '../../core/model/token.ts';
import { nextRun } from '../../core/schedule/next-run.ts';
import type { Ports } from '../../ports/index.ts';

/** A store with its number of members, its last run, and the time of the next one. */
export interface StoreView {
  readonly store: DirectoryStore;
  readonly members: { readonly active: number; readonly inactive: number };
  /** Not a preview: that changes nothing. */
  readonly lastRun: Run | null;
  /** The last run that read the directory: no preview, edit by hand or undo. */
  readonly lastSync: Run | null;
  /** The newest run that holds changes; null when none does. */
  readonly held: { readonly runId: string; readonly count: number; readonly since: Date } | null;
  /** When the schedule will start the store's next run; null when it won't. */
  readonly nextRunAt: Date | null;
  /** When the token stops working with which its directory pushes; null without such a token, and for: never. */
  readonly scimTokenExpiresAt: Date | null;
}

/** How a store's directory pushes into it. */
export interface PushState {
  /** Newest first. */
  readonly tokens: Awaited<ReturnType<Ports['scimTokens']['working']>>;
  readonly lastPushAt: Date | null;
}

type ViewPorts = Pick<Ports, 'members' | 'runs' | 'scimTokens' | 'clock'>;

const effectiveModes = runModes.filter((mode) => mode !== 'plan');
const syncModes = ['full', 'delta'] as const satisfies Run['mode'][];
const isSync = ({ mode }: Run): boolean => syncModes.some((one) => one === mode);

/** A store together with its members' number, its last run and its next one. */
export async function viewStore(ports: ViewPorts, store: DirectoryStore): Promise<StoreView> {
  const { id: storeId, via } = store;
  const [holding, tokens] = await Promise.all([
    ports.runs.list({ storeId, holding: true, limit: 1 }),
    via === 'scim' ? ports.scimTokens.list(storeId) : [],
  ]);
  return view(ports, store, { holding, tokens });
}

/** Several stores: what all of them need is read at once. */
export async function viewStores(
  ports: ViewPorts,
  stores: readonly DirectoryStore[],
): Promise<readonly StoreView[]> {
  const [holding, tokens] = await Promise.all([
    ports.runs.list({ holding: true }),
    ports.scimTokens.list(),
  ]);
  return Promise.all(stores.map((store) => view(ports, store, { holding, tokens })));
}

async function view(
  { members, runs, clock }: ViewPorts,
  store: DirectoryStore,
  { holding, tokens }: { readonly holding: readonly Run[]; readonly tokens: readonly ScimToken[] },
): Promise<StoreView> {
  const { id: storeId } = store;
  const [counts, [lastRun = null]] = await Promise.all([
    members.counts(storeId),
    runs.list({ storeId, modes: effectiveModes, limit: 1 }),
  ]);
  const [lastSync = null] =
    lastRun === null || isSync(lastRun)
      ? [lastRun]
      : await runs.list({ storeId, modes: syncModes, limit: 1 });
  const schedule = store.status === 'active' ? store.config.schedule : null;
  return {
    store,
    members: counts,
    lastRun,
    lastSync,
    held: heldBy(holding.find((run) => run.storeId === storeId)),
    nextRunAt: schedule === null ? null : nextRun(schedule, clock.now()),
    scimTokenExpiresAt: tokens.find((token) => token.storeId === storeId)?.expiresAt ?? null,
  };
}

function heldBy(run: Run | undefined): StoreView['held'] {
  if (run === undefined) return null;
  const { id: runId, finishedAt, decision, createdAt } = run;
  return { runId, count: heldIn(run), since: finishedAt ?? decision?.finishedAt ?? createdAt };
}

/** The tokens with which its directory pushes, and when it did last; null for a store that is not pushed into. */
export async function viewPushes(
  { scimTokens, scim }: Pick<Ports, 'scimTokens' | 'scim'>,
  { id, via }: DirectoryStore,
): Promise<PushState | null> {
  if (via !== 'scim') return null;
  const [tokens, lastPushAt] = await Promise.all([
    scimTokens.working(id),
    scim.users.lastChangeAt(id),
  ]);
  return { tokens, lastPushAt };
}
