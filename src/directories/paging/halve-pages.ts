import { SourceError } from '../../core/errors.ts';
import type { FetchPage, PageRequest, SourcePage } from './read-ahead.ts';

const mostUnreadable = 20;

/** Reads `limit` rows. Throws `SourceError` `user-failed` when these rows fail while other requests are answered. */
export type FetchRange<Row> = (
  request: PageRequest & { readonly limit: number },
) => Promise<SourcePage<Row>>;

interface Halving<Row> {
  readonly fetchRange: FetchRange<Row>;
  readonly limit: number;
  /** The offsets of rows that can't be read; rows found are added. */
  readonly unreadable: Set<number>;
  /** What is listed, for a message. */
  readonly what: string;
}

/**
 * Reads a page that keeps failing in halves, down to single rows, so that one broken record does not hide the others.
 * A row that can't be read becomes null. Throws `SourceError` when there are too many.
 */
export function halvePages<Row>(halving: Halving<Row>): FetchPage<Row | null> {
  const { fetchRange, unreadable, what } = halving;
  let total = 0;

  async function read(
    request: PageRequest,
    skip: number,
    limit: number,
  ): Promise<readonly (Row | null)[]> {
    try {
      const page = await fetchRange({ ...request, skip, limit });
      total = page.total;
      return page.rows;
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'user-failed') throw error;
      if (limit > 1) {
        const half = Math.ceil(limit / 2);
        const first = await read(request, skip, half);
        return [...first, ...(await read(request, skip + half, limit - half))];
      }
      unreadable.add(skip);
      if (unreadable.size <= mostUnreadable) return [null];
      throw new SourceError(
        'retriable',
        'source-failed',
        `more than ${mostUnreadable} rows of ${what} can’t be read, the latest at skip=${skip}, limit=1: ${error.message}`,
        { cause: error },
      );
    }
  }

  return async (request) => ({ rows: await read(request, request.skip, halving.limit), total });
}
