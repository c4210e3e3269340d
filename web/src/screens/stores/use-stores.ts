import { useQuery } from '@tanstack/react-query';
import type { Activity, Store } from '../../api/client.ts';
import { activityQuery } from '../../api/queries/overview.ts';
import { storesQuery } from '../../api/queries/stores.ts';

interface StoresWithRuns {
  readonly stores: readonly Store[];
  /** The latest runs by store, newest first. */
  readonly runsOf: ReadonlyMap<string, Activity['items'][number]['runs']>;
  readonly day: Activity['day'];
}

/** All stores with their latest runs; `error` only as long as nothing was read: later the data stay. */
export function useStores(): {
  readonly data: StoresWithRuns | null;
  readonly error: Error | null;
  readonly retry: () => void;
} {
  const stores = useQuery(storesQuery);
  const activity = useQuery(activityQuery);
  const retry = () => void Promise.all([stores.refetch(), activity.refetch()]);
  if (stores.data === undefined || activity.data === undefined) {
    return { data: null, error: stores.error ?? activity.error, retry };
  }
  const runsOf = new Map(activity.data.items.map(({ store, runs }) => [store, runs]));
  return {
    data: { stores: stores.data.items, runsOf, day: activity.data.day },
    error: null,
    retry,
  };
}
