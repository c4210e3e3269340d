import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, body, type Run, type RunRecord } from './client.ts';

/*
 * What the console reads, and under which key it is kept: screens ask here and nowhere else.
 */

const pageSize = 100;
/** A run that goes on is asked for this often. */
const liveMs = 1_500;

export const endStates: readonly Run['status'][] = [
  'planned',
  'succeeded',
  'held',
  'failed',
  'cancelled',
];

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => body(api.GET('/api/v1/session')),
  staleTime: 60_000,
});

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: () => body(api.GET('/api/v1/stores')),
});

export const storeQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId],
    queryFn: () => body(api.GET('/api/v1/stores/{storeId}', { params: { path: { storeId } } })),
  });

export const configurationQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'configuration'],
    queryFn: () =>
      body(api.GET('/api/v1/stores/{storeId}/configuration', { params: { path: { storeId } } })),
  });

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

/** Runs that hold changes, newest first: those that wait have no `resolvedAt`. */
export const heldRunsQuery = latestRunsQuery({ status: ['held'] }, 50);

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
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : liveMs),
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

interface MembersAsked {
  readonly store?: string | undefined;
  readonly status?: 'active' | 'inactive' | undefined;
  /** The beginning of a name, or of an address where it has an `@`. */
  readonly text?: string;
}

export const membersQuery = ({ store, status, text = '' }: MembersAsked) =>
  infiniteQueryOptions({
    queryKey: ['members', { store, status, text }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      body(
        api.GET('/api/v1/members', {
          params: {
            query: {
              ...(store !== undefined && { store }),
              ...(status !== undefined && { status }),
              ...(text !== '' && (text.includes('@') ? { email: text } : { name: text })),
              ...pageOf(cursor),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

export const memberQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId],
    queryFn: () => body(api.GET('/api/v1/members/{memberId}', { params: { path: { memberId } } })),
  });

export const memberHistoryQuery = (memberId: string) =>
  queryOptions({
    queryKey: ['members', memberId, 'history'],
    queryFn: () =>
      body(
        api.GET('/api/v1/members/{memberId}/history', {
          params: { path: { memberId }, query: { limit: 50 } },
        }),
      ),
  });

function runsFilter({ store, status }: RunsAsked) {
  return {
    ...(store !== undefined && { store }),
    ...(status !== undefined && status.length > 0 && { status: [...status] }),
  };
}

const pageOf = (cursor: string | undefined) => ({
  limit: pageSize,
  ...(cursor !== undefined && { cursor }),
});
