import { SourceError } from '../../core/errors.ts';
import type { HttpClient } from '../http/client.ts';
import type { JsonRequest } from '../http/json-request.ts';
import { type FetchRange, halvePages } from '../paging/halve-pages.ts';
import { type WalkOptions, walkPages } from '../paging/offset-pages.ts';
import { type FetchPage, pageLimit, type SourcePage } from '../paging/read-ahead.ts';
import { bareListSchema, listSchema } from './records.ts';

/** One user's broken record must not delay the others for the whole retry budget. */
export const attemptsPerPerson = 5;

export const organizationsRoute = '/api/organizations';

/** What any credential may read: it checks one. */
export const organizationsRequest: JsonRequest<unknown> = {
  route: organizationsRoute,
  query: { limit: 1 },
  read: (body) => listSchema.safeParse(body).data,
};

/** JumpCloud's routes, with sign-in and the organization where a route needs it. */
export interface JumpCloudApi {
  get<T>(request: JsonRequest<T>): Promise<T>;
  readonly perSecond: () => number | null;
}

/**
 * Names the organization (`x-org-id`) in every request when `orgId` is given, as multi-tenant credentials need,
 * except in those for organizations: routes that don't accept it answer 403.
 */
export function createApi(client: HttpClient, orgId: string | null): JumpCloudApi {
  return {
    perSecond: () => client.perSecond(),
    get: (request) =>
      orgId === null || request.route === organizationsRoute
        ? client.get(request)
        : client.get({ ...request, headers: { ...request.headers, 'x-org-id': orgId } }),
  };
}

type ListRequest = Pick<
  JsonRequest<never>,
  'route' | 'params' | 'query' | 'maxAttempts' | 'missing'
>;

/** Pages of a v1 list: `{results, totalCount}`, sorted by `_id` (v1 separates field names by spaces). */
export function pagesOfV1(api: JumpCloudApi, request: ListRequest): FetchPage<unknown> {
  return (page) => api.get(rangeOfV1(request, { ...page, limit: pageLimit }));
}

const attemptsPerRange = 3;

/** Pages of a v1 list in which a page that keeps failing is read in halves. */
export function halvedPagesOfV1(
  api: JumpCloudApi,
  request: ListRequest,
  { unreadable, what }: { readonly unreadable: Set<number>; readonly what: string },
): FetchPage<unknown> {
  const fetchRange: FetchRange<unknown> = (range) => {
    const behind = { ...range, skip: range.skip + range.limit, limit: 1 };
    return api.get({
      ...rangeOfV1(request, range),
      maxAttempts: attemptsPerRange,
      onlyWhileOthersAnswer: true,
      elsewhere: rangeOfV1(request, behind),
    });
  };
  return halvePages({ fetchRange, limit: pageLimit, unreadable, what });
}

function rangeOfV1(
  request: ListRequest,
  { skip, limit, signal, onAttempt }: Parameters<FetchRange<unknown>>[0],
): JsonRequest<SourcePage<unknown>> {
  return {
    ...request,
    query: { sort: '_id', limit, skip },
    signal,
    onAttempt,
    read: (body) => {
      const list = listSchema.safeParse(body).data;
      return list && { rows: list.results, total: list.totalCount };
    },
  };
}

/**
 * Pages of a v2 list: a bare array, with the total in `x-total-count` on most routes. Pages may be short, and rows
 * empty, in the middle of a list (TheJumpCloud/support issue 369). `noteTotal` is called with each total stated.
 */
export function pagesOfV2(
  api: JumpCloudApi,
  request: ListRequest,
  noteTotal = noNote,
): FetchPage<unknown> {
  return ({ skip, signal, onAttempt }) =>
    api.get({
      ...request,
      query: { ...request.query, limit: pageLimit, skip },
      signal,
      onAttempt,
      read: (body, headers) => {
        const rows = bareListSchema.safeParse(body).data;
        const total = readTotal(headers['x-total-count']);
        if (total !== null) noteTotal(total);
        // Without a total a walk ends at its first empty page.
        return rows && { rows, total: total ?? 0 };
      },
    });
}

const noNote: (total: number) => void = () => undefined;

/** Null when the route states no total. */
function readTotal(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : null;
}

/**
 * Walks over an unsorted list, such as the members of a group, which cannot be certified. A list that was cut off
 * must not pass for a short one: it throws `SourceError`.
 */
export async function* walkUnsorted<Page>(
  what: string,
  options: Omit<WalkOptions<unknown, Page>, 'sorted'>,
): AsyncGenerator<Page, void> {
  const { broken } = yield* walkPages({ ...options, sorted: false });
  if (broken === null) return;
  throw new SourceError(
    'retriable',
    'source-failed',
    `JumpCloud does not list ${what} whole: ${broken}`,
  );
}
