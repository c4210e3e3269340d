import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type PagedSource, pageRows } from '../../ui/use-pages.ts';
import { api, body, type Run, type RunRecord } from '../client.ts';
import type { operations } from '../schema.d.ts';
import { isWatching } from '../watch.ts';
import { betweenDays, type Days, pageOf } from './page.ts';

/** A run that goes on is asked for this often without a stream that tells of it. */
const askEveryMs = 5_000;

export const endStates: readonly Run['status'][] = [
  'planned',
  'succeeded',
  'held',
  'failed',
  'cancelled',
];

interface RunsAsked extends Days {
  readonly store?: string | undefined;
  readonly status?: readonly Run['status'][] | undefined;
  readonly mode?: readonly Run['mode'][] | undefined;
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

/** A preview of what an undo of the run would do, asked for anew each time. */
export const undoPreviewQuery = (runId: string) =>
  queryOptions({
    queryKey: ['undo-preview', runId],
    queryFn: () =>
      body(
        api.POST('/api/v1/runs/{runId}/undo', {
          params: { path: { runId } },
          body: { plan: true },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

/** Whether nothing more happens to a run without a person. */
export const isOver = ({ status }: Run): boolean => endStates.includes(status);

/** A filter of the records of a run. What was typed stands in the body of the question alone. */
export type RecordsFilter = Omit<
  NonNullable<operations['searchRecords']['requestBody']>['content']['application/json'],
  'limit' | 'cursor'
>;
/** The part of it by which a decision can be made. */
export type DecisionFilter = Omit<RecordsFilter, 'status' | 'action'>;

/** The records of a run that a filter chooses, by page. */
export function recordsSource(runId: string, filter: RecordsFilter): PagedSource<RunRecord> {
  const path = { params: { path: { runId } } };
  return {
    key: ['runs', runId, 'records', filter],
    page: (cursor, signal) =>
      body(
        api.POST('/api/v1/runs/{runId}/records/search', {
          ...path,
          body: { ...filter, limit: pageRows, ...(cursor !== undefined && { cursor }) },
          signal,
        }),
      ),
    marks: (signal) =>
      body(
        api.POST('/api/v1/runs/{runId}/records/marks', {
          ...path,
          body: { ...filter, every: pageRows },
          signal,
        }),
      ),
  };
}

/** The first records of a run. */
export const firstRecordsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'records', 'first'],
    queryFn: ({ signal }) => recordsSource(runId, {}).page(undefined, signal),
  });

/** The records of groups of a run, page by page. */
export const groupRecordsQuery = (runId: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', runId, 'groups'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/runs/{runId}/records', {
          params: { path: { runId }, query: { ...pageOf(cursor), kind: 'group' } },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

/** What the held records of a run have in common. */
export const heldFacetsQuery = (runId: string) =>
  queryOptions({
    queryKey: ['runs', runId, 'facets'],
    queryFn: ({ signal }) =>
      body(
        api.POST('/api/v1/runs/{runId}/records/facets', {
          params: { path: { runId } },
          body: { kind: 'user', status: 'held', by: ['reason', 'department', 'location'] },
          signal,
        }),
      ),
  });

function runsFilter({ store, status = [], mode = [], from, to }: RunsAsked) {
  return {
    ...(store !== undefined && { store }),
    ...(status.length > 0 && { status: [...status] }),
    ...(mode.length > 0 && { mode: [...mode] }),
    ...betweenDays({ from, to }),
  };
}
