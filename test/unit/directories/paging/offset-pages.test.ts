import fc from 'fast-check';
import { walkPages } from '../../../../src/directories/paging/offset-pages.ts';
import type { FetchPage } from '../../../../src/directories/paging/read-ahead.ts';

type Row = string | null;

interface Walked {
  readonly ids: readonly string[];
  readonly withoutId: number;
  readonly orderHeld: boolean;
  readonly broken: string | null;
  readonly totals: readonly [number, number];
  readonly pages: number;
  readonly requests: number;
}

async function walkAll(fetchPage: FetchPage<Row>, { sorted = true } = {}): Promise<Walked> {
  const ids: string[] = [];
  let withoutId = 0;
  let orderHeld = true;
  const walk = walkPages({ fetchPage, idOf: (row: Row) => row, sorted, present: (page) => page });
  for (;;) {
    const next = await walk.next();
    if (next.done) {
      const { broken, totalBefore, totalAfter, pages, requests } = next.value;
      return {
        ids,
        withoutId,
        orderHeld,
        broken,
        totals: [totalBefore, totalAfter],
        pages,
        requests,
      };
    }
    ids.push(...next.value.rows.filter((row) => row !== null));
    withoutId += next.value.withoutId;
    orderHeld &&= next.value.inOrder;
  }
}

function missedOf(rows: readonly string[], { ids }: Walked): readonly string[] {
  const walked = new Set(ids);
  return rows.filter((row) => !walked.has(row));
}

/** A list read by offset; `asked` are the requested offsets in order. */
function listOf(
  rows: readonly Row[],
  changes: { total?: number; page?: (skip: number) => readonly Row[] } = {},
) {
  const asked: number[] = [];
  const fetchPage: FetchPage<Row> = async ({ skip, onAttempt }) => {
    onAttempt();
    asked.push(skip);
    const page = changes.page?.(skip) ?? rows.slice(skip, skip + 100);
    return { rows: page, total: changes.total ?? rows.length };
  };
  return { fetchPage, asked };
}

const id = (n: number): string => n.toString(16).padStart(24, '0');
const people = (count: number): string[] => Array.from({ length: count }, (_, n) => id(n));

describe('walkPages over an unchanged list', () => {
  it('reads 1,000 rows with twelve requests, each overlapping the one before', async () => {
    const { fetchPage, asked } = listOf(people(1000));
    const walked = await walkAll(fetchPage);
    expect(walked).toEqual({
      ids: people(1000),
      withoutId: 0,
      orderHeld: true,
      broken: null,
      totals: [1000, 1000],
      pages: 12,
      requests: 12,
    });
    expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n * 99));
  });

  it.each([0, 1, 98, 99, 100, 101, 198, 199, 200, 990, 991])(
    'reads all of %i rows',
    async (count) => {
      const { fetchPage, asked } = listOf(people(count));
      const walked = await walkAll(fetchPage);
      expect(walked.ids).toEqual(people(count));
      expect(walked.broken).toBeNull();
      expect(asked).toHaveLength(count === 0 ? 1 : 1 + Math.ceil(count / 99));
    },
  );

  it('reads several pages ahead, but yields them in order', async () => {
    let underWay = 0;
    let most = 0;
    const { fetchPage } = listOf(people(1000));
    const walked = await walkAll(async (request) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const page = await fetchPage(request);
      for (let turns = (request.skip / 99) % 3; turns > 0; turns -= 1) await Promise.resolve();
      underWay -= 1;
      return page;
    });
    expect(most).toBeGreaterThan(3);
    expect(walked.ids).toEqual(people(1000));
  });

  it('stops reading ahead when the caller stops', async () => {
    const signals: AbortSignal[] = [];
    const { fetchPage } = listOf(people(1000));
    const walk = walkPages({
      fetchPage: (request) => {
        signals.push(request.signal);
        return fetchPage(request);
      },
      idOf: (row: Row) => row,
      sorted: true,
      present: ({ rows }) => rows,
    });
    await walk.next();
    await walk.next();
    await walk.return({ broken: null, totalBefore: 0, totalAfter: 0, pages: 0, requests: 0 });
    expect(signals.length).toBeGreaterThan(2);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  it('throws the error of a page, and leaves no other rejection unhandled', async () => {
    const { fetchPage } = listOf(people(1000));
    const failing: FetchPage<Row> = async (request) => {
      if (request.skip >= 198) throw new Error(`no page at ${request.skip}`);
      return await fetchPage(request);
    };
    await expect(walkAll(failing)).rejects.toThrow('no page at 198');
  });
});

describe('walkPages over a list that changes meanwhile', () => {
  it('repairs the seam when a listed row is removed', async () => {
    const rows = people(300);
    let pages = 0;
    const walked = await walkAll(async ({ skip, onAttempt }) => {
      onAttempt();
      pages += 1;
      if (pages === 2) rows.splice(0, 10);
      return { rows: rows.slice(skip, skip + 100), total: rows.length };
    });
    expect(walked.ids).toEqual(people(300));
    expect(walked.broken).toBeNull();
    expect(walked.totals).toEqual([300, 290]);
  });

  it('repairs the end when so many are removed that the next page is empty', async () => {
    const rows = people(205);
    let pages = 0;
    const walked = await walkAll(async ({ skip, onAttempt }) => {
      onAttempt();
      pages += 1;
      if (pages === 3) rows.splice(0, 150);
      return { rows: rows.slice(skip, skip + 100), total: rows.length };
    });
    expect(walked.ids.slice(-6)).toEqual(people(205).slice(-6));
    expect(walked.broken).toBeNull();
  });

  it('yields in order, each once, and misses no row that was there throughout', async () => {
    const change = fc.record({
      at: fc.integer({ min: 0, max: 30 }),
      leavers: fc.array(fc.nat(), { maxLength: 120 }),
      hires: fc.integer({ min: 0, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 700 }),
        fc.array(change, { maxLength: 8 }),
        async (count, changes) => {
          const rows = people(count);
          let hired = count;
          let request = 0;
          const walked = await walkAll(async ({ skip, onAttempt }) => {
            onAttempt();
            for (const { leavers, hires } of changes.filter(({ at }) => at === request)) {
              for (const leaver of leavers)
                if (rows.length > 0) rows.splice(leaver % rows.length, 1);
              for (let n = 0; n < hires; n += 1) rows.push(id(hired++));
            }
            request += 1;
            await Promise.resolve();
            return { rows: rows.slice(skip, skip + 100), total: rows.length };
          });
          const stayed = rows.filter((row) => row < id(count));
          expect(walked.ids).toEqual([...new Set(walked.ids)].toSorted());
          expect(walked.orderHeld).toBe(true);
          expect(walked.broken === null ? missedOf(stayed, walked) : []).toEqual([]);
        },
      ),
    );
  });

  it('stays whole when single rows are removed and added all the time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), async (leavers) => {
        const rows = people(600);
        let hired = 600;
        const gone = [...leavers];
        const walked = await walkAll(async ({ skip, onAttempt }) => {
          onAttempt();
          const leaver = gone.pop();
          if (leaver !== undefined) rows.splice(leaver % rows.length, 1);
          rows.push(id(hired++));
          return { rows: rows.slice(skip, skip + 100), total: rows.length };
        });
        expect(walked.broken).toBeNull();
        expect(
          missedOf(
            rows.filter((row) => row < id(600)),
            walked,
          ),
        ).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('walkPages over a source with faults', () => {
  it('reports that a seam cannot be repaired, and still yields the rows behind it', async () => {
    // For any offset behind row 99, no row before row 150 is returned.
    const rows = people(400);
    const { fetchPage } = listOf(rows, {
      page: (skip) => rows.slice(skip, skip + 100).filter((row) => row < id(100) || row >= id(150)),
    });
    const hidden = await walkAll(fetchPage);
    expect(hidden.broken).toBeNull();
    expect(hidden.ids).toHaveLength(350);

    const shifting = listOf(rows, {
      page: (skip) => (skip === 0 ? rows.slice(0, 100) : rows.slice(skip + 60, skip + 160)),
    });
    const broken = await walkAll(async (request) => {
      const page = await shifting.fetchPage(request);
      return request.skip > 0
        ? { ...page, rows: page.rows.filter((row) => row !== null && row > id(159)) }
        : page;
    });
    expect(broken.broken).toMatch(/don’t join at row 99/);
    expect(broken.ids.at(-1)).toBe(id(399));
  });

  it('notices that the sort is ignored, and still yields all rows once', async () => {
    const rows = people(350).map((row, n, all) => all[(n * 11) % all.length] ?? row);
    const walked = await walkAll(listOf(rows).fetchPage);
    expect(walked.orderHeld).toBe(false);
    expect(walked.ids.toSorted()).toEqual(people(350));
  });

  it('notices a disorder that begins later', async () => {
    const walked = await walkAll(listOf([...people(200), id(900), id(800), id(50)]).fetchPage);
    expect(walked.orderHeld).toBe(false);
    expect(walked.ids).toEqual([...people(200), id(900), id(800)]);
  });

  it('stops at pages that repeat', async () => {
    const { fetchPage, asked } = listOf(people(1000), { page: () => people(100) });
    const walked = await walkAll(fetchPage);
    expect(walked.broken).toMatch(/bring nobody new/);
    expect(walked.ids).toEqual(people(100));
    expect(asked.length).toBeLessThan(15);
  });

  it('stops at a list that never ends', async () => {
    const { fetchPage } = listOf([], {
      total: 100,
      page: (skip) => Array.from({ length: 100 }, (_, n) => id(skip + n)),
    });
    const walked = await walkAll(fetchPage);
    expect(walked.broken).toMatch(/did not end within 1020 pages/);
  });

  it('reads the rows beyond an understated total', async () => {
    const walked = await walkAll(listOf(people(450), { total: 120 }).fetchPage);
    expect(walked.ids).toEqual(people(450));
    expect(walked.broken).toBeNull();
  });

  it('reports an overstated total after a few empty pages', async () => {
    const { fetchPage, asked } = listOf(people(250), { total: 100_000 });
    const walked = await walkAll(fetchPage);
    expect(walked.ids).toEqual(people(250));
    expect(walked.broken).toMatch(/states 100000 rows, but gives none/);
    expect(asked.length).toBeLessThan(15);
  });

  it('recovers from an empty page in the middle', async () => {
    const rows = people(500);
    const { fetchPage } = listOf(rows, {
      page: (skip) => (skip === 198 ? [] : rows.slice(skip, skip + 100)),
    });
    const walked = await walkAll(fetchPage);
    expect(walked.ids).toEqual(rows);
    expect(walked.broken).toBeNull();
  });

  it.each([
    { size: 30, passes: false },
    { size: 50, passes: false },
    { size: 99, passes: true },
  ])('never reports pages cut to $size rows as whole when a row is missed', async (cut) => {
    const rows = people(600);
    const { fetchPage } = listOf(rows, { page: (skip) => rows.slice(skip, skip + cut.size) });
    const walked = await walkAll(fetchPage);
    expect(walked.broken === null && walked.ids.length >= walked.totals[1]).toBe(cut.passes);
    expect(missedOf(rows, walked).length === 0).toBe(cut.passes);
  });

  it('counts rows without an id once, also where pages overlap', async () => {
    const rows: Row[] = people(320);
    for (const at of [0, 97, 98, 99, 150, 198, 319]) rows[at] = null;
    const walked = await walkAll(listOf(rows).fetchPage);
    expect(walked.withoutId).toBe(7);
    expect(walked.ids).toEqual(rows.filter((row) => row !== null));
    expect(walked.broken).toBeNull();
  });

  it('ends when no row has an id', async () => {
    const walked = await walkAll(listOf(people(500).map(() => null)).fetchPage);
    expect(walked.ids).toEqual([]);
    expect(walked.withoutId).toBeGreaterThanOrEqual(100);
    expect(walked.broken).not.toBeNull();
  });
});

describe('walkPages over a list without an order', () => {
  it('yields every row once and checks no seams', async () => {
    const rows = people(250).toReversed();
    const walked = await walkAll(listOf(rows).fetchPage, { sorted: false });
    expect(walked.ids).toEqual(rows);
    expect(walked.broken).toBeNull();
  });

  it('continues past short pages, and ends at an empty one when no total is stated', async () => {
    const rows: Row[] = people(250);
    rows[40] = null;
    const { fetchPage } = listOf(rows, {
      total: 0,
      page: (skip) => rows.slice(skip, skip + 100).filter((row) => row !== null),
    });
    const walked = await walkAll(fetchPage, { sorted: false });
    expect(walked.ids).toHaveLength(249);
  });
});

describe('walkPages over a source that gives more than was asked for', () => {
  it('refuses a page over the limit', async () => {
    const { fetchPage } = listOf(people(300), {
      page: (skip) => people(300).slice(skip, skip + 101),
    });
    await expect(walkAll(fetchPage)).rejects.toMatchObject({
      code: 'source-failed',
      message: 'the source gives 101 rows in a page where 100 were asked for',
    });
  });

  it('refuses a list that states more rows than two million, at its first page', async () => {
    const { fetchPage, asked } = listOf(people(300), { total: 2_000_001 });
    await expect(walkAll(fetchPage)).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('states 2000001 rows'),
    });
    expect(asked.length).toBeLessThan(3);
  });

  it('refuses a list that goes on and on', async () => {
    const endless: FetchPage<Row> = async ({ skip }) => ({
      rows: people(100).map((_, at) => id(skip + at)),
      total: 300,
    });
    const walk = walkPages({
      fetchPage: endless,
      idOf: (row: Row) => row,
      sorted: true,
      mostRows: 1000,
      present: ({ rows }) => rows.length,
    });
    let rows = 0;
    const readAll = async (): Promise<void> => {
      for await (const count of walk) rows += count;
    };
    await expect(readAll()).rejects.toMatchObject({ code: 'source-failed' });
    expect(rows).toBeLessThan(1200);
  });
});
