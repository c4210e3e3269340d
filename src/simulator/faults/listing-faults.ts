import type { ApiRequest } from '../api/answer.ts';
import { Directory } from '../directory/directory.ts';
import { pick } from '../directory/random.ts';
import {
  changePages,
  faultsOfKind,
  filterNames,
  firstRows,
  isDrawn,
  isUserListing,
  type UserRow,
  windowOf,
  withQuery,
} from './fault.ts';
import { nullRecords } from './null-rows.ts';
import { serverError } from './trouble.ts';

const oneInHowMany = { meaning: 'one in how many', otherwise: 10 };
const inAHundred = { meaning: 'how many in a hundred', otherwise: 10 };

/** Faults of the listings of users: totals, order, pages and rows. */
export const listingFaults = faultsOfKind('lies', {
  'row-500': {
    kind: 'fails',
    description: 'Every page of all users with this row on it is answered 500; by id all answer.',
    amount: { meaning: 'the row, from 0', otherwise: 3 },
    wrap:
      (handle, { amount }) =>
      (request) => {
        const { skip, limit } = windowOf(request);
        const isOfAll = isUserListing(request) && filterNames(request).length === 0;
        const isHit = isOfAll && skip <= amount && amount < skip + limit;
        return isHit ? serverError(request.path) : handle(request);
      },
  },
  'empty-listing': {
    description: 'The listing of users is empty, although each still answers by id.',
    wrap: changePages(() => ({ rows: [], total: 0 })),
  },
  'lying-total-high': {
    description: 'The listing states more users than there are.',
    amount: { meaning: 'how many more', otherwise: 5 },
    wrap: changePages(({ rows, total }, { amount }) => ({ rows, total: total + amount })),
  },
  'lying-total-low': {
    description: 'The listing states fewer users than there are.',
    amount: { meaning: 'how many fewer', otherwise: 5 },
    wrap: changePages(({ rows, total }, { amount }) => ({
      rows,
      total: Math.max(0, total - amount),
    })),
  },
  'withhold-rows': {
    description: 'Some users are never listed, though the total counts them and they answer by id.',
    amount: oneInHowMany,
    wrap: (handle, { directory, amount }) => {
      const hidden = oneIn(amount, directory);
      return (request) => handle(withholding(request, hidden));
    },
  },
  'subset-listing': {
    description: 'Some users are never listed nor counted in the total; they answer by id.',
    amount: oneInHowMany,
    wrap: (handle, world) => {
      const hidden = oneIn(world.amount, world.directory);
      const countLess = changePages(({ rows, total }, { directory }) => {
        const present = directory.ids.filter((id) => hidden.has(id)).length;
        return { rows, total: Math.max(0, total - present) };
      });
      const counted = countLess(handle, world);
      return (request) => counted(withholding(request, hidden));
    },
  },
  'cut-listing': {
    description: 'The listing ends early, with empty pages, although its total is true.',
    amount: { meaning: 'how many rows are given', otherwise: 50 },
    wrap: changePages(({ rows, total }, asked) => ({ rows: firstRows(rows, asked), total })),
  },
  'dropped-rows': {
    description: 'Rows are missing from pages at random, others each time; the total is true.',
    amount: inAHundred,
    wrap: changePages(({ rows, total }, asked) => ({
      rows: rows.filter(() => !isDrawn(asked)),
      total,
    })),
  },
  'ignore-filter': {
    description: 'The filter is ignored: everybody is listed.',
    wrap: (handle) => (request) => {
      const unfiltered = Object.fromEntries(filterNames(request).map((name) => [name, null]));
      return handle(isUserListing(request) ? withQuery(request, unfiltered) : request);
    },
  },
  'ignore-sort': {
    description: 'The listing ignores sort.',
    wrap: (handle) => (request) => handle(withQuery(request, { sort: null })),
  },
  'ignore-skip': {
    description: 'The listing ignores skip: every page is the first.',
    wrap: (handle) => (request) => handle(withQuery(request, { skip: null })),
  },
  'short-pages': {
    description:
      'Every tenth row is a null record, counted and paged over but left out of the page.',
    wrap: nullRecords({ shown: false }),
  },
  'null-rows': {
    kind: 'odd',
    description: 'Every tenth row is null, in listings of users, of groups and of members.',
    wrap: nullRecords({ shown: true }),
  },
  'seam-withheld': {
    description: 'The rows at the border between two pages are missing from both.',
    wrap: changePages(({ rows, total }, { request }) => {
      const { limit, skip } = windowOf(request);
      return { rows: rows.slice(skip > 0 ? 1 : 0, rows.length === limit ? -1 : undefined), total };
    }),
  },
  'duplicate-row': {
    description: 'Each page lists its first person twice, and a full one leaves out its last.',
    wrap: changePages(({ rows, total }, { request }) => ({
      rows: [...rows.slice(0, 1), ...rows].slice(0, windowOf(request).limit),
      total,
    })),
  },
  'repeated-rows': {
    description: 'Among the rows of a page, at random, are some of the page before.',
    amount: inAHundred,
    wrap: (handle, world) => {
      let before: readonly UserRow[] = [];
      const repeatRows = changePages(({ rows, total }, { request, random }) => {
        const earlier = windowOf(request).skip === 0 ? [] : before;
        before = rows;
        const repeat = () => (earlier.length > 0 && isDrawn(world) ? [pick(random, earlier)] : []);
        return { rows: rows.flatMap((row) => [row, ...repeat()]), total };
      });
      return repeatRows(handle, world);
    },
  },
  'other-organization': {
    description: "The key answers with another organization's data.",
    wrap: (_handle, { directory, apiOf }) => {
      const other = new Directory({
        organization: { id: 'f'.repeat(24), name: 'Somebody Else Ltd' },
        seed: 0x0bad,
        users: directory.size,
        groups: directory.groups.size,
      });
      return apiOf(other);
    },
  },
});

/** One in this many users, and at least one. */
function oneIn(amount: number, { ids }: Directory): ReadonlySet<string> {
  const chosen = ids.filter((_, index) => index % amount === amount - 1);
  return new Set(chosen.length === 0 ? ids.slice(-1) : chosen);
}

/** A user that another fault withholds stays withheld. */
function withholding(request: ApiRequest, hidden: ReadonlySet<string>): ApiRequest {
  const { withheld } = request;
  return { ...request, withheld: (id) => hidden.has(id) || (withheld?.(id) ?? false) };
}
