import type { Directory } from '../directory/directory.ts';
import {
  changePages,
  changeRecord,
  type Fault,
  isUserListing,
  pageIn,
  windowOf,
  withPage,
  withQuery,
} from './fault.ts';

const position = { meaning: "the person's place in the order of ids, from 0", otherwise: 3 };

/** Faults of what a listing of users says: totals, order, pages and rows. */
export const listingFaults: Readonly<Record<string, Fault>> = {
  'empty-listing': {
    description: 'The listing of users is empty, although each still answers by id.',
    wrap: changePages(() => ({ rows: [], total: 0 })),
  },
  'lying-total-high': {
    description: 'The listing states more users than there are.',
    amount: { meaning: 'how many more', otherwise: 5 },
    wrap: (handle, { amount }) =>
      changePages(({ rows, total }) => ({ rows, total: total + amount }))(handle),
  },
  'lying-total-low': {
    description: 'The listing states fewer users than there are.',
    amount: { meaning: 'how many fewer', otherwise: 5 },
    wrap: (handle, { amount }) =>
      changePages(({ rows, total }) => ({ rows, total: Math.max(0, total - amount) }))(handle),
  },
  'withhold-rows': {
    description: 'Some users are never listed, though the total counts them and they answer by id.',
    amount: { meaning: 'one in how many', otherwise: 10 },
    wrap: (handle, { directory, amount }) => {
      const hidden = oneIn(amount, directory);
      return (request) => handle({ ...request, withheld: (id) => hidden.has(id) });
    },
  },
  'subset-listing': {
    description: 'Some users are never listed nor counted in the total; they answer by id.',
    amount: { meaning: 'one in how many', otherwise: 10 },
    wrap: (handle, { directory, amount }) => {
      const hidden = oneIn(amount, directory);
      const counted = changePages(({ rows, total }) => {
        const present = directory.ids.filter((id) => hidden.has(id)).length;
        return { rows, total: Math.max(0, total - present) };
      })(handle);
      return (request) => counted({ ...request, withheld: (id) => hidden.has(id) });
    },
  },
  'cut-listing': {
    description: 'The listing ends early, with empty pages, although its total is true.',
    amount: { meaning: 'how many rows are given', otherwise: 50 },
    wrap: (handle, { amount }) =>
      changePages(({ rows, total }, request) => {
        const left = Math.max(0, amount - windowOf(request).skip);
        return { rows: rows.slice(0, left), total };
      })(handle),
  },
  'ignore-filter': {
    description: 'The filter is ignored: everybody is listed.',
    wrap: (handle) => (request) =>
      handle(isUserListing(request) ? withQuery(request, { filter: null }) : request),
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
    wrap: (handle) => (request) => {
      const { limit, skip } = windowOf(request);
      const [from, to] = [realRowsBefore(skip), realRowsBefore(skip + limit)];
      const answer = handle(withQuery(request, { skip: from, limit: Math.max(1, to - from) }));
      const { body, headers } = answer;
      if (answer.status !== 200 || body.kind !== 'json') return answer;
      const page = isUserListing(request) ? pageIn(answer) : null;
      if (page !== null) {
        return withPage(answer, {
          rows: page.rows.slice(0, to - from),
          total: withNulls(page.total),
        });
      }
      const total = headers['x-total-count'];
      if (total === undefined || !Array.isArray(body.value)) return answer;
      return {
        ...answer,
        headers: { ...headers, 'x-total-count': String(withNulls(Number(total))) },
        body: { kind: 'json', value: body.value.slice(0, to - from) },
      };
    },
  },
  'seam-withheld': {
    description: 'The rows at the border between two pages are missing from both.',
    wrap: changePages(({ rows, total }, request) => {
      const { limit, skip } = windowOf(request);
      return { rows: rows.slice(skip > 0 ? 1 : 0, rows.length === limit ? -1 : undefined), total };
    }),
  },
  'duplicate-row': {
    description: 'Each page lists its first person twice.',
    wrap: changePages(({ rows, total }) => ({ rows: [...rows.slice(0, 1), ...rows], total })),
  },
  'shift-left': {
    description:
      'Once, after a first page, somebody on it is deleted: the next pages begin one too late.',
    wrap: afterFirstPage((first, directory) => directory.remove(first)),
  },
  'shift-right': {
    description:
      'Once, after a first page, somebody appears before it: the next pages begin one too early.',
    wrap: afterFirstPage((first, directory) => directory.insertBefore(first)),
  },
  'hire-midway': {
    description: 'Once, after a first page, somebody is hired and appears at the end.',
    wrap: afterFirstPage((_first, directory) => directory.hire()),
  },
  'row-without-id': {
    description: "One person's row in the listing has no id.",
    amount: position,
    wrap: changeRecord(({ _id, ...rest }) => rest, { alsoById: false }),
  },
  'bad-email-row': {
    description: "One person's e-mail is no address, in the listing and by id.",
    amount: position,
    wrap: changeRecord((user) => ({ ...user, email: 'not an address' }), { alsoById: true }),
  },
  'duplicate-email-row': {
    description: "One person has the first person's e-mail, in other letters' case.",
    amount: position,
    wrap: (handle, world) => {
      const { directory } = world;
      const email = directory.get(directory.ids[0] ?? '').email.toUpperCase();
      return changeRecord((user) => ({ ...user, email }), { alsoById: true })(handle, world);
    },
  },
  'wrong-types-row': {
    description: "One person's fields have other types than described.",
    amount: position,
    wrap: changeRecord(
      (user) => ({
        ...user,
        attributes: { shirtSize: 'M' },
        department: 42,
        email: ['a', 'b'],
        firstname: { text: 'Ada' },
        phoneNumbers: 'none',
        suspended: 'false',
      }),
      { alsoById: true },
    ),
  },
};

/** One in so many people, and at least one. */
function oneIn(amount: number, { ids }: Directory): ReadonlySet<string> {
  const chosen = ids.filter((_, index) => index % amount === amount - 1);
  return new Set(chosen.length === 0 ? ids.slice(-1) : chosen);
}

const rowsPerNull = 9;

/** How many real rows stand before a place in a sequence whose every tenth row is a null record. */
function realRowsBefore(place: number): number {
  return place - Math.floor(place / (rowsPerNull + 1));
}

function withNulls(total: number): number {
  return total + Math.floor(total / rowsPerNull);
}

/** Does something once, when a page of users has been answered and more are to come. */
function afterFirstPage(
  act: (firstListedId: string, directory: Directory) => unknown,
): Fault['wrap'] {
  return (handle, { directory }) => {
    let done = false;
    return changePages((page, request) => {
      const { skip } = windowOf(request);
      const [first] = page.rows;
      if (!done && skip === 0 && first !== undefined && page.rows.length < page.total) {
        done = true;
        act(first._id, directory);
      }
      return page;
    })(handle);
  };
}
