import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiAway, api, body, type Configuration, type Schemas, type Sections } from '../client.ts';
import { readLines } from '../read-lines.ts';

const minuteMs = 60_000;

/** The attributes that the first people of the directory have. */
export const attributesQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'attributes'],
    staleTime: 5 * minuteMs,
    retry: false,
    queryFn: () =>
      body(api.GET('/api/v1/stores/{storeId}/attributes', { params: { path: { storeId } } })),
  });

/** The first people as the directory has them, without secrets. */
export const sampleQuery = (storeId: string, limit: number) =>
  queryOptions({
    queryKey: ['stores', storeId, 'sample', limit],
    staleTime: 5 * minuteMs,
    retry: false,
    queryFn: () =>
      body(
        api.GET('/api/v1/stores/{storeId}/sample', {
          params: { path: { storeId }, query: { limit } },
        }),
      ),
  });

/** The first groups of the directory, which criteria can name. */
export const groupsQuery = (storeId: string) =>
  queryOptions({
    queryKey: ['stores', storeId, 'groups'],
    staleTime: 5 * minuteMs,
    retry: false,
    queryFn: () =>
      body(
        api.POST('/api/v1/stores/{storeId}/groups/search', {
          params: { path: { storeId } },
          body: { name: '', limit: 50 },
        }),
      ),
  });

/** The kinds of directory, with the mapping that each begins with. */
export const directoriesQuery = queryOptions({
  queryKey: ['directories'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: () => body(api.GET('/api/v1/directories')),
});

/** What the first people would have with a mapping. */
export const mappingPreviewQuery = (storeId: string, mapping: Sections['mapping'], limit: number) =>
  queryOptions({
    queryKey: ['stores', storeId, 'mapping-preview', mapping, limit],
    staleTime: 5 * minuteMs,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      body(
        api.POST('/api/v1/stores/{storeId}/mapping-preview', {
          params: { path: { storeId } },
          body: { mapping, limit },
          signal,
        }),
      ),
  });

export type ScopeCount = Schemas['ScopeCount'];

/** Counts the people that match criteria, and tells the count as it grows. */
export async function followCriteriaCount(
  storeId: string,
  criteria: Sections['criteria'],
  {
    signal,
    onCount,
  }: { readonly signal: AbortSignal; readonly onCount: (count: ScopeCount) => void },
): Promise<ScopeCount> {
  const { response } = await api.POST('/api/v1/stores/{storeId}/criteria-count/events', {
    params: { path: { storeId } },
    body: { criteria },
    parseAs: 'stream',
    signal,
  });
  let event = '';
  for await (const line of readLines(response)) {
    if (line.startsWith('event: ')) event = line.slice('event: '.length);
    if (!line.startsWith('data: ')) continue;
    const data: unknown = JSON.parse(line.slice('data: '.length));
    if (event === 'problem') throw new Error((data as { detail: string }).detail);
    if (event === 'end') return data as ScopeCount;
    onCount(data as ScopeCount);
  }
  throw new ApiAway('The count was cut off. Count again.');
}

/** Queues a preview of changed sections. */
export const previewConfiguration = (storeId: string, sections: Partial<Sections>) =>
  body(
    api.POST('/api/v1/stores/{storeId}/configuration/preview', {
      params: { path: { storeId } },
      body: sections,
    }),
  );

/** Stores changed sections, unless another revision than `base` is stored by now: an `ApiProblem` 412. */
export const saveConfiguration = (
  storeId: string,
  base: Configuration,
  sections: Partial<Sections>,
) =>
  body(
    api.PATCH('/api/v1/stores/{storeId}/configuration', {
      params: { path: { storeId }, header: { 'if-match': `"${base.revision}"` } },
      body: sections,
    }),
  );

/** Who stored a revision, and when. */
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
