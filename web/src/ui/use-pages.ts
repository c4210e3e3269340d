import {
  type QueryKey,
  queryOptions,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';

/** Rows of one request. */
export const pageRows = 200;
/** Pages that are kept, those on the screen included. */
const mostPages = 10;
const keptMs = 5 * 60_000;

interface Page<Row> {
  readonly items: readonly Row[];
  /** How many rows match; a large number may be given as its bound. */
  readonly total: number;
}

/** How many rows match, exactly; undefined until it is known. */
export function useTotal<Row>(source: PagedSource<Row>): number | undefined {
  return useQuery(marksQuery(source)).data?.total;
}

function marksQuery<Row>(source: PagedSource<Row>) {
  return queryOptions({
    queryKey: [...source.key, 'marks'],
    queryFn: ({ signal }) => source.marks(signal),
  });
}

/** Where the pages of a list begin. */
interface Marks {
  /** How many rows match, exactly. */
  readonly total: number;
  /** The cursor of each page after the first. */
  readonly cursors: readonly string[];
}

/** A list that the server filters, sorts and cuts into pages of `pageRows`. */
export interface PagedSource<Row> {
  /** Names the list and its filters. */
  readonly key: QueryKey;
  readonly page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;
  readonly marks: (signal: AbortSignal) => Promise<Marks>;
}

export interface Pages<Row> {
  /** Undefined until it is known. */
  readonly total: number | undefined;
  /** Undefined while the row is being loaded. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/**
 * Loads the pages that hold the rows `first` to `last`. A page that was passed before it came is aborted, and only the
 * latest pages are kept. A list of one page asks for no marks.
 */
export function usePages<Row>(
  source: PagedSource<Row>,
  { first, last }: { readonly first: number; readonly last: number },
): Pages<Row> {
  const queries = useQueryClient();
  const startKey = [...source.key, 'page', 0];
  const start = useQuery({
    queryKey: startKey,
    queryFn: ({ signal }) => source.page(undefined, signal),
  });
  const isLong = (start.data?.total ?? 0) > pageRows;
  const marks = useQuery({ ...marksQuery(source), enabled: isLong });
  const cursors = marks.data?.cursors ?? [];
  const from = Math.max(1, Math.floor(first / pageRows));
  const to = Math.min(cursors.length, Math.floor(last / pageRows));
  const wanted = Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
  const more = useQueries({
    queries: wanted.map((number) => ({
      queryKey: [...source.key, 'page', number],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        source.page(cursors[number - 1], signal),
      gcTime: keptMs,
    })),
  });
  useEffect(() => {
    const kept = queries
      .getQueryCache()
      .findAll({ queryKey: [...source.key, 'page'], type: 'inactive' })
      .toSorted((one, other) => other.state.dataUpdatedAt - one.state.dataUpdatedAt);
    const room = Math.max(0, mostPages - 1 - wanted.length);
    for (const page of kept.slice(room)) queries.getQueryCache().remove(page);
  });
  const failed = [start, marks, ...more].find(({ isError }) => isError);
  return {
    total: isLong ? (marks.data?.total ?? start.data?.total) : start.data?.total,
    rowAt: (index) => {
      const number = Math.floor(index / pageRows);
      const page = number === 0 ? start.data : more[number - from]?.data;
      return page?.items[index % pageRows];
    },
    error: failed?.error ?? null,
    retry: () => void queries.refetchQueries({ queryKey: [...source.key], type: 'active' }),
  };
}
