import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiProblem, api, body, type Run } from '../client.ts';
import type { components } from '../schema.d.ts';
import { isOver } from './runs.ts';

export type Revision = components['schemas']['ConfigRevision'];
export type WholeRevision = components['schemas']['WholeConfigRevision'];

/** The configurations of a store, newest first, page by page. */
export const revisionsQuery = (storeId: string) =>
  infiniteQueryOptions({
    queryKey: ['stores', storeId, 'revisions'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      body(
        api.GET('/api/v1/stores/{storeId}/configuration/revisions', {
          params: {
            path: { storeId },
            query: { limit: 20, ...(cursor !== undefined && { cursor }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next,
  });

export const revisionQuery = (storeId: string, revision: number) =>
  queryOptions({
    queryKey: ['stores', storeId, 'revisions', revision],
    queryFn: () =>
      body(
        api.GET('/api/v1/stores/{storeId}/configuration/revisions/{revision}', {
          params: { path: { storeId, revision } },
        }),
      ),
  });

/** Previews an earlier configuration in place of the present one. */
export const previewRevision = (storeId: string, { configuration }: WholeRevision) =>
  body(
    api.POST('/api/v1/stores/{storeId}/configuration/preview', {
      params: { path: { storeId } },
      body: configuration,
    }),
  );

/** Saves an earlier configuration again, as a change of revision `base`. */
export const restoreRevision = (
  storeId: string,
  { configuration }: WholeRevision,
  { base, preview }: { readonly base: number; readonly preview: string },
) =>
  body(
    api.PATCH('/api/v1/stores/{storeId}/configuration', {
      params: {
        path: { storeId },
        query: { preview },
        header: { 'if-match': `"${base}"` },
      },
      body: configuration,
    }),
  );

const askEveryMs = 1_000;

/**
 * Takes back what runs applied, in this order, one after the other; the store is paused. A run that has nothing left
 * is passed over. It stops at the first that does not succeed, and says so.
 */
export async function undoRuns(runs: readonly Run[], onDone: (undone: number) => void) {
  for (const [at, run] of runs.entries()) {
    const undone = await undoRun(run.id).catch(unlessNothingLeft);
    const ended = undone && (await endOf(undone.id));
    if (ended !== null && ended.status !== 'succeeded') {
      throw new Error(
        `Run ${run.id} is not taken back whole: its undo, run ${ended.id}, is ${ended.status}. Decide there, then go on.`,
      );
    }
    onDone(at + 1);
  }
}

function unlessNothingLeft(error: unknown): null {
  if (error instanceof ApiProblem && error.problem.status === 409) return null;
  throw error;
}

async function endOf(runId: string): Promise<Run> {
  for (;;) {
    const run = await getRun(runId);
    if (isOver(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

/** Queues the run that takes back what another one applied. */
const undoRun = (runId: string) =>
  body(
    api.POST('/api/v1/runs/{runId}/undo', { params: { path: { runId } }, body: { plan: false } }),
  );

const getRun = (runId: string) =>
  body(api.GET('/api/v1/runs/{runId}', { params: { path: { runId } } }));

export const resumeStore = (storeId: string) =>
  body(api.POST('/api/v1/stores/{storeId}/resume', { params: { path: { storeId } } }));
