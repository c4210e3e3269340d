import { Unavailable } from '../../core/errors.ts';
import type { Run } from '../../core/model/run.ts';
import { findAttention } from '../../notify/find-attention.ts';
import type { Ports } from '../../ports/index.ts';
import { askQueue } from '../runs/watch-run.ts';

/** What changed since the look before: by id, and nothing of what it is now. */
export interface ListChange {
  readonly runs: readonly string[];
  /** Runs under way that went on. */
  readonly progress: readonly string[];
  readonly stores: readonly string[];
  /** Whether something else waits for a person. */
  readonly attention: boolean;
}

type WatchPorts = Pick<
  Ports,
  'runs' | 'queue' | 'stores' | 'alerts' | 'domains' | 'tokens' | 'scimTokens' | 'clock'
>;

interface Look {
  readonly runs: ReadonlyMap<string, string>;
  readonly progress: ReadonlyMap<string, string>;
  readonly stores: ReadonlyMap<string, string>;
  readonly attention: string;
}

/** Called with each change; `null` when nothing changed for a while. */
type OnChange = (change: ListChange | null) => void;

const lookEveryMs = 2_000;
const quietAfterMs = 10_000;
const newestRuns = 50;
const underWay = ['queued', 'listing', 'applying'] as const satisfies Run['status'][];

export interface ListWatch {
  /** Watches until the returned function is called. */
  watch(onChange: OnChange): () => void;
}

/** Watches runs, stores and what waits for a person, by one look for all watchers of a process; none without watchers. */
export function createListWatch(
  ports: WatchPorts,
  {
    staleMs,
    onError,
    everyMs = lookEveryMs,
  }: {
    readonly staleMs: number;
    /** Called when a look fails for another reason than that the database is away. */
    readonly onError: (error: unknown) => void;
    readonly everyMs?: number;
  },
): ListWatch {
  const watchers = new Set<OnChange>();
  let timer: NodeJS.Timeout | undefined;
  let before: Look | null = null;
  let quietMs = 0;
  let isLooking = false;
  const tell = (change: ListChange | null): void => {
    for (const onChange of watchers) onChange(change);
  };
  const next = (): void => {
    timer = setTimeout(() => void look(), everyMs);
  };
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      const now = await lookAtAll(ports, staleMs);
      const change = before === null ? null : changeBetween(before, now);
      before = now;
      quietMs += everyMs;
      if (change !== null || quietMs >= quietAfterMs) {
        quietMs = 0;
        tell(change);
      }
    } catch (error) {
      // The next look tells what changed while the database was away.
      if (!(error instanceof Unavailable)) onError(error);
    } finally {
      isLooking = false;
      if (watchers.size > 0) next();
    }
  };
  return {
    watch(onChange) {
      watchers.add(onChange);
      if (watchers.size === 1) {
        before = null;
        clearTimeout(timer);
        void look();
      }
      return () => {
        watchers.delete(onChange);
        if (watchers.size === 0) clearTimeout(timer);
      };
    },
  };
}

async function lookAtAll(ports: WatchPorts, staleMs: number): Promise<Look> {
  const [newest, running, stores, attention] = await Promise.all([
    ports.runs.list({ limit: newestRuns }),
    ports.runs.list({ statuses: underWay }),
    ports.stores.list(),
    findAttention(ports, staleMs),
  ]);
  const progress = await Promise.all(
    running.map(async (run) => {
      const made = await askQueue(() => ports.queue.progressOf(run));
      return [run.id, JSON.stringify(made)] as const;
    }),
  );
  return {
    runs: new Map([...newest, ...running].map((run) => [run.id, JSON.stringify(run)])),
    progress: new Map(progress),
    stores: new Map(stores.map((store) => [store.id, JSON.stringify(store)])),
    attention: JSON.stringify(attention),
  };
}

/** Null when nothing changed. */
function changeBetween(before: Look, now: Look): ListChange | null {
  const runs = changed(before.runs, now.runs);
  const progress = changed(before.progress, now.progress);
  const stores = changed(before.stores, now.stores);
  const attention = before.attention !== now.attention;
  const isSame = runs.length + progress.length + stores.length === 0 && !attention;
  return isSame ? null : { runs, progress, stores, attention };
}

/** The ids that are new, gone, or of something else now. */
function changed(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const ids = new Set([...before.keys(), ...now.keys()]);
  return [...ids].filter((id) => before.get(id) !== now.get(id));
}
