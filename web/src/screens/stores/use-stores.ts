import { useQueries, useQuery } from '@tanstack/react-query';
import type { Run, Store } from '../../api/client.ts';
import { latestRunsQuery } from '../../api/queries/runs.ts';
import { storesQuery } from '../../api/queries/stores.ts';

const latest = 20;

interface StoresWithRuns {
  readonly stores: readonly Store[];
  /** The latest runs by store, newest first. */
  readonly runsOf: ReadonlyMap<string, readonly Run[]>;
}

/** All stores with their latest runs; `data` only when all of them were read, so that no run is missed in silence. */
export function useStores(): {
  readonly data: StoresWithRuns | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const stores = useQuery(storesQuery);
  const items = stores.data?.items ?? [];
  const runs = useQueries({
    queries: items.map(({ id }) => latestRunsQuery({ store: id }, latest)),
  });
  const error = stores.error ?? runs.find(({ isError }) => isError)?.error ?? null;
  const isRead = stores.isSuccess && runs.every(({ isSuccess }) => isSuccess);
  const runsOf = new Map(items.map(({ id }, at) => [id, runs[at]?.data?.items ?? []]));
  return {
    data: isRead ? { stores: items, runsOf } : null,
    error,
    retry: () => void Promise.all([stores, ...runs].map(({ refetch }) => refetch())),
  };
}
