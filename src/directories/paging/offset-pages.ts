import { SourceError } from '../../core/errors.ts';
import { IdSet } from '../../core/id-set.ts';
import type { WalkEnd } from '../../ports/directory.ts';
import {
  createPageReader,
  type FetchPage,
  type PageReader,
  pageLimit,
  type SourcePage,
} from './read-ahead.ts';

/** Pages start `pageStep` apart, so that neighbours share a row. */
export const pageStep = pageLimit - 1;

const pagesAhead = 6;
const triesPerSeam = 6;
const extraRereads = 50;
const mostFutilePages = 3;
const extraPages = 1_000;
/** The most rows of a list, unless its reader states another number. */
const mostRowsUsually = 2_000_000;

/** New rows of one page. */
interface WalkedPage<Row> {
  readonly rows: readonly Row[];
  /** Rows whose id could not be read, each counted once as far as possible. */
  readonly withoutId: number;
  readonly total: number;
  /** False from the first id on that is not greater than the one before it. */
  readonly inOrder: boolean;
}

export interface WalkOptions<Row, Page> {
  readonly fetchPage: FetchPage<Row>;
  /** Null when the row has no readable id. */
  readonly idOf: (row: Row) => string | null;
  /** Whether the source was asked to sort by id. Only then do seams prove anything, so others are not checked. */
  readonly sorted: boolean;
  /** A list that has, or states, more rows than this throws `SourceError`. */
  readonly mostRows?: number | undefined;
  /** How many rows are expected before a page states a total: pages for them are requested at once. */
  readonly expectedRows?: number;
  /** Makes the yielded value of a page. */
  readonly present: (page: WalkedPage<Row>) => Page;
}

/**
 * Reads a list by offset while it changes, yielding every row with a readable id once.
 *
 * In a sorted list each page must begin at or before the last id yielded: then no row between them is missing. When a
 * page begins later (a row before it was removed), the walk reads again further back, a bounded number of times. The
 * walk ends at an empty page at or past the last stated total; the totals alone end nothing. `broken` says what may
 * have been missed. Rows past a broken seam are still yielded.
 */
export async function* walkPages<Row, Page>(
  options: WalkOptions<Row, Page>,
): AsyncGenerator<Page, WalkEnd> {
  const { fetchPage, expectedRows = 0 } = options;
  const reader = createPageReader(fetchPage, { step: pageStep, width: pagesAhead, expectedRows });
  const walk = new Walk(options, reader);
  try {
    for (let skip = 0; ; skip += pageStep) {
      let page = await walk.read(skip);
      const reread = walk.continues(page, skip) ? null : await walk.readFurtherBack(skip);
      if (reread !== null) ({ page, skip } = reread);
      const taken = walk.take(page, skip);
      if (taken.rows.length + taken.withoutId > 0) yield options.present(taken);
      if (walk.hasEnded(page, { skip, newRows: taken.rows.length })) return walk.end();
    }
  } finally {
    reader.close();
  }
}

interface PlacedPage<Row> {
  readonly page: SourcePage<Row>;
  readonly skip: number;
}

type ListTraits<Row> = Pick<WalkOptions<Row, never>, 'idOf' | 'sorted' | 'mostRows'>;

/** The state of a walk, and the faults that it has found. */
class Walk<Row> {
  readonly #options: ListTraits<Row>;
  readonly #reader: PageReader<Row>;
  readonly #seen = new IdSet();
  #lastId: string | null = null;
  /** Rows without an id behind the last id, already counted. */
  #countedBehind = 0;
  #lastPageWasFull = false;
  #inOrder = true;
  #broken: string | null = null;
  #totalBefore: number | null = null;
  #totalAfter = 0;
  #highestTotal = 0;
  #pages = 0;
  #rereads = 0;
  #furthestSkip = -1;
  #futilePages = 0;
  #emptyPages = 0;

  constructor(options: ListTraits<Row>, reader: PageReader<Row>) {
    this.#options = options;
    this.#reader = reader;
  }

  async read(skip: number): Promise<SourcePage<Row>> {
    return this.#note(await this.#reader.at(skip));
  }

  /** Whether no row can have been missed between the rows yielded so far and this page. */
  continues(page: SourcePage<Row>, skip: number): boolean {
    if (!this.#options.sorted || !this.#inOrder || skip === 0) return true;
    if (page.rows.length === 0) return !this.#lastPageWasFull;
    const ids = this.#idsOf(page);
    if (!isAscending(ids)) return true;
    const first = ids[0];
    return first !== undefined && this.#lastId !== null && first <= this.#lastId;
  }

  /**
   * Reads further back for a page that continues the walk, twice as far each time. Null when the bounds allow no
   * more: then the walk is broken.
   */
  async readFurtherBack(from: number): Promise<PlacedPage<Row> | null> {
    for (let tries = 0; tries < triesPerSeam; tries += 1) {
      if (this.#rereads >= extraRereads + this.#furthestSkip / pageStep) break;
      this.#rereads += 1;
      const skip = Math.max(0, from - (pageLimit / 2) * 2 ** tries);
      const page = this.#note(await this.#reader.afresh(skip));
      const isEmpty = page.rows.length === 0 && skip > 0;
      if (!isEmpty && this.continues(page, skip)) return { page, skip };
    }
    this.#broken ??= `the pages of the listing don’t join at row ${from}, and reading again did not help`;
    return null;
  }

  /** Returns the rows of a page that were not yielded yet. */
  take(page: SourcePage<Row>, skip: number): WalkedPage<Row> {
    const ids = page.rows.map((row) => this.#options.idOf(row));
    if (this.#options.sorted && !isAscending(ids.filter((id) => id !== null)))
      this.#inOrder = false;
    const isOrdered = this.#options.sorted && this.#inOrder;
    const known = isOrdered ? ids.findLastIndex((id) => id !== null && this.#isPassed(id)) : -1;
    const rows = page.rows.filter((_, index) => {
      const id = ids[index] ?? null;
      return id !== null && index > known && this.#seen.add(id);
    });
    const withoutId = isOrdered
      ? this.#countWithoutId(ids.slice(known + 1))
      : ids.filter((id, index) => id === null && (index > 0 || skip === 0)).length;
    this.#lastId = ids.findLast((id) => id !== null && !this.#isPassed(id)) ?? this.#lastId;
    this.#lastPageWasFull = page.rows.length >= pageLimit;
    return { rows, withoutId, total: page.total, inOrder: this.#inOrder };
  }

  /** Whether the walk ends with this page; sets `broken` when it ends early. */
  hasEnded(
    page: SourcePage<Row>,
    { skip, newRows }: { readonly skip: number; readonly newRows: number },
  ): boolean {
    if (page.rows.length === 0) {
      if (skip >= page.total) return true;
      this.#emptyPages += 1;
      if (this.#emptyPages < mostFutilePages) return false;
      return this.#breakOff(
        `the source states ${page.total} rows, but gives none from row ${skip} on`,
      );
    }
    this.#emptyPages = 0;
    if (newRows > 0) this.#futilePages = 0;
    else if (skip > this.#furthestSkip) this.#futilePages += 1;
    this.#furthestSkip = Math.max(this.#furthestSkip, skip);
    if (this.#futilePages >= mostFutilePages) {
      return this.#breakOff(
        `the pages up to row ${skip} bring nobody new, as if the source repeated them`,
      );
    }
    if (this.#pages < extraPages + 10 * Math.ceil(this.#highestTotal / pageStep)) return false;
    return this.#breakOff(`the listing did not end within ${this.#pages} pages`);
  }

  end(): WalkEnd {
    return {
      broken: this.#broken,
      totalBefore: this.#totalBefore ?? 0,
      totalAfter: this.#totalAfter,
      pages: this.#pages,
      requests: this.#reader.requests(),
    };
  }

  #note(page: SourcePage<Row>): SourcePage<Row> {
    this.#pages += 1;
    this.#refuseEndless(page.total);
    this.#totalBefore ??= page.total;
    this.#totalAfter = page.total;
    this.#highestTotal = Math.max(this.#highestTotal, page.total);
    return page;
  }

  #refuseEndless(total: number): void {
    const { mostRows = mostRowsUsually } = this.#options;
    const rows = Math.max(total, this.#seen.size);
    if (rows <= mostRows) return;
    const verb = rows === total ? 'states' : 'gives';
    throw new SourceError(
      'fatal',
      'source-failed',
      `the source ${verb} ${rows} rows in a list, more than the limit of ${mostRows}`,
      { hint: 'A larger directory needs a larger SOURCE_MOST_USERS.' },
    );
  }

  #breakOff(reason: string): true {
    this.#broken ??= reason;
    return true;
  }

  #idsOf(page: SourcePage<Row>): readonly string[] {
    return page.rows.map((row) => this.#options.idOf(row)).filter((id) => id !== null);
  }

  #isPassed(id: string): boolean {
    return this.#lastId !== null && id <= this.#lastId;
  }

  /** Counts the rows without an id behind the last id; those before the next id may have been counted already. */
  #countWithoutId(behind: readonly (string | null)[]): number {
    const next = behind.findIndex((id) => id !== null);
    const leading = next === -1 ? behind.length : next;
    const all = behind.filter((id) => id === null).length;
    const trailing = behind.length - 1 - behind.findLastIndex((id) => id !== null);
    const counted = Math.min(leading, this.#countedBehind);
    this.#countedBehind = next === -1 ? Math.max(leading, this.#countedBehind) : trailing;
    return all - counted;
  }
}

function isAscending(ids: readonly string[]): boolean {
  return ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id);
}
