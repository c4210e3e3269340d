import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body, type Run, type RunRecord } from '../client.ts';
import { isWatching } from '../watch.ts';
import { pageOf } from './page.ts';

/** A run that goes on is asked for this often without a stream that tells of it. */
const askEveryMs = 5_000;

export const endStates: readonly Run['status'][] = [
  'planned',
  'succeeded',
  'held',
  'failed',
  'cancelled',
];

interface RunsAsked {
  readonly store?: string | undefined;
  readonly status?: readonly Run['status'][] | undefined;
}

/** The latest runs, newest first. */
export const latestRunsQuery = ({ store, status }: RunsAsked, limit: number) =>
  queryOptions({
    queryKey: ['runs', 'latest', { store, status, limit }],
    queryFn: () =>
      body(
        api.GET('/api/v1/runs', { params: { query: { ...runsFilter({ store, status }), limit } } }),
      ),
  });

/** All runs, page by page. */
export const runsQuery = (asked: RunsAsked) =>
  infiniteQueryOptions({
    queryKey: ['runs', asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/runs', {
          params: { query: { ...runsFilter(asked), ...pageOf(cursor) } },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId],
    queryFn: () => body(api.GET('/api/v1/runs/{runId}', { params: { path: { runId } } })),
    refetchInterval: ({ state: { data } }) =>
      isWatching() || (data && isOver(data)) ? false : askEveryMs,
  });

/** Whether nothing more happens to a run without a person. */
export const isOver = ({ status }: Run): boolean => endStates.includes(status);

export const recordsQuery = (runId: string, status: RunRecord['status'] | null) =>
  infiniteQueryOptions({
    queryKey: ['runs', runId, 'records', status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/runs/{runId}/records', {
          params: {
            path: { runId },
            query: { ...(status !== null && { status }), ...pageOf(cursor) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

function runsFilter({ store, status }: RunsAsked) {
  return {
    ...(store !== undefined && { store }),
    ...(status !== undefined && status.length > 0 && { status: [...status] }),
  };
}
