import { SourceError } from '../../core/errors.ts';

/** The parameters of `FetchPage`. */
export interface PageRequest {
  readonly skip: number;
  readonly signal: AbortSignal;
  /** Must be called for every request sent, retries included. */
  readonly onAttempt: () => void;
}

export interface SourcePage<Row> {
  readonly rows: readonly Row[];
  /** The total the source states with this page; 0 when it states none. */
  readonly total: number;
}

/** The most rows of a page. */
export const pageLimit = 100;

/** Reads the rows from `skip` on, at most `pageLimit` of them. */
export type FetchPage<Row> = (request: PageRequest) => Promise<SourcePage<Row>>;

export interface PageReader<Row> {
  /** The page at `skip`; the pages behind it are already requested, as far as the stated total goes. */
  at(skip: number): Promise<SourcePage<Row>>;
  /** The page at `skip`, requested again; drops all pages that were read ahead. */
  afresh(skip: number): Promise<SourcePage<Row>>;
  /** Requests sent so far. */
  requests(): number;
  close(): void;
}

/**
 * Reads pages ahead of the requested one, `step` rows apart and `width` of them, but none beyond the one empty page
 * that the stated total needs, or the rows expected before any is stated. A request for any other page drops the pages
 * read ahead.
 */
export function createPageReader<Row>(
  fetchPage: FetchPage<Row>,
  {
    step,
    width,
    expectedRows = 0,
  }: { readonly step: number; readonly width: number; readonly expectedRows?: number },
): PageReader<Row> {
  const ahead = new Map<number, Promise<SourcePage<Row>>>();
  let abandon = new AbortController();
  let total = expectedRows;
  let requests = 0;

  function fetch(skip: number): Promise<SourcePage<Row>> {
    const onAttempt = (): void => {
      requests += 1;
    };
    const page = fetchPage({ skip, signal: abandon.signal, onAttempt }).then(refuseOversized);
    // A page read ahead may fail before the caller waits for it; the caller then gets the failure.
    page.catch(() => undefined);
    return page;
  }

  function forgetAhead(): void {
    abandon.abort();
    abandon = new AbortController();
    ahead.clear();
  }

  function readOn(from: number): void {
    for (let skip = from + step; skip - step < total && skip <= from + width * step; skip += step) {
      if (!ahead.has(skip)) ahead.set(skip, fetch(skip));
    }
  }

  return {
    async at(skip) {
      const foreseen = ahead.get(skip);
      if (foreseen === undefined) forgetAhead();
      const asked = foreseen ?? fetch(skip);
      ahead.delete(skip);
      readOn(skip);
      const page = await asked;
      total = page.total;
      return page;
    },
    async afresh(skip) {
      forgetAhead();
      const page = await fetch(skip);
      total = page.total;
      return page;
    },
    requests: () => requests,
    close: forgetAhead,
  };
}

/** A source that ignores the limit could give any number of rows at once. */
function refuseOversized<Row>(page: SourcePage<Row>): SourcePage<Row> {
  if (page.rows.length <= pageLimit) return page;
  throw new SourceError(
    'fatal',
    'source-failed',
    `the source gives ${page.rows.length} rows in a page where ${pageLimit} were asked for`,
  );
}
