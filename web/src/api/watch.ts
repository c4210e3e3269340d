import type { QueryClient } from '@tanstack/react-query';

const address = '/api/v1/watch';
/** The name of the lock of the tab that has the stream, and of the channel to the others. */
const name = 'rollcall-watch';
/** The stream says something every ten seconds: after this time without a word there is none. */
const silentAfterMs = 25_000;
const askEveryMs = 15_000;
const againAfterMs = 5_000;

interface Change {
  readonly runs: readonly string[];
  readonly progress: readonly string[];
  readonly stores: readonly string[];
  readonly attention: boolean;
}

/** What the stream tells: a change, that there is none, or that changes may have been missed while it was cut. */
type Told = Change | null | 'missed';

let heardAt = Number.NEGATIVE_INFINITY;

/** Whether a stream tells what changes, so that nothing has to be asked for. */
export const isWatching = (): boolean => performance.now() - heardAt < silentAfterMs;

/**
 * Reads again what changed, as the API tells it. One visible tab of the browser has the stream and passes on what it
 * hears; a hidden one has none. Without a stream the lists are asked for by themselves. Returns what ends it.
 */
export function watchLists(queries: QueryClient): () => void {
  const others = new BroadcastChannel(name);
  let holding: AbortController | undefined;

  const readLists = (): void =>
    void queries.invalidateQueries({ predicate: ({ queryKey }) => isList(queryKey) });
  const hear = (told: Told): void => {
    heardAt = performance.now();
    if (told === 'missed') readLists();
    else if (told !== null) readAgain(queries, told);
  };
  others.onmessage = ({ data }: MessageEvent<Told>) => hear(data);

  const begin = (): void => {
    if (document.hidden) {
      holding?.abort();
      holding = undefined;
      return;
    }
    if (holding !== undefined) return;
    const held = new AbortController();
    holding = held;
    // What changed while nobody listened is not told.
    readLists();
    const follow = () =>
      followStream(held.signal, (told) => {
        hear(told);
        others.postMessage(told);
      });
    // Plain http has no locks: each tab has a stream of its own then.
    if (!('locks' in navigator)) void follow();
    else navigator.locks.request(name, { signal: held.signal }, follow).catch(unlessAborted);
  };
  document.addEventListener('visibilitychange', begin);
  begin();
  const timer = setInterval(() => {
    if (!document.hidden && !isWatching()) readLists();
  }, askEveryMs);
  return () => {
    document.removeEventListener('visibilitychange', begin);
    clearInterval(timer);
    holding?.abort();
    others.close();
  };
}

/** Follows the stream until the signal is aborted; when it ends for good, it is opened again after a while. */
function followStream(signal: AbortSignal, hear: (told: Told) => void): Promise<void> {
  return new Promise((resolve) => {
    let stream: EventSource;
    let timer: number;
    let wasCut = false;
    const open = (): void => {
      stream = new EventSource(address);
      stream.addEventListener('open', () => {
        if (wasCut) hear('missed');
        wasCut = false;
      });
      stream.addEventListener('quiet', () => hear(null));
      stream.addEventListener('changed', ({ data }: MessageEvent<string>) =>
        hear(JSON.parse(data) as Change),
      );
      stream.addEventListener('error', () => {
        wasCut = true;
        if (stream.readyState === EventSource.CLOSED) {
          timer = window.setTimeout(open, againAfterMs);
        }
      });
    };
    open();
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      stream.close();
      resolve();
    });
  });
}

const lists: readonly unknown[] = ['runs', 'stores', 'attention', 'activity'];
const isList = ([first]: readonly unknown[]): boolean => lists.includes(first);

function readAgain(queries: QueryClient, change: Change): void {
  const { runs, progress, stores, attention } = change;
  const again = (is: (first: unknown, second: unknown) => boolean) =>
    void queries.invalidateQueries({
      predicate: ({ queryKey: [first, second] }) => is(first, second),
    });
  const ofRun = (second: unknown, ids: readonly string[]) =>
    typeof second === 'string' && ids.includes(second);
  again((first, second) => first === 'runs' && ofRun(second, [...runs, ...progress]));
  if (runs.length > 0) {
    // Lists of runs have a filter, or a word, where one run has its id.
    again(
      (first, second) => first === 'runs' && (typeof second !== 'string' || second === 'latest'),
    );
    again((first) => first === 'activity');
  }
  if (runs.length + stores.length > 0) again((first) => first === 'stores');
  if (attention) again((first) => first === 'attention');
}

function unlessAborted(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
}
