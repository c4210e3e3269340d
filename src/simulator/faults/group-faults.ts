import { type ApiRequest, apiError, json } from '../api/answer.ts';
import {
  answerInstead,
  changeBareLists,
  type Fault,
  faultsOfKind,
  firstRows,
  windowOf,
} from './fault.ts';
import { serverError } from './trouble.ts';

const rowsGiven = { meaning: 'how many rows are given', otherwise: 3 };

/** Faults of groups: their members, and the groups of a user. */
export const groupFaults = faultsOfKind('lies', {
  'group-missing': {
    description: 'No group is listed or has members, and each is 404 by id.',
    wrap: answerInstead(isAboutGroups, ({ path }) =>
      /\/(usergroups|memberof)$/.test(path)
        ? json(200, [], { 'x-total-count': '0' })
        : apiError(path, 404, 'user group was not found'),
    ),
  },
  'group-500': {
    kind: 'fails',
    description: 'Every request about groups is answered 500.',
    wrap: answerInstead(isAboutGroups, ({ path }) => serverError(path)),
  },
  'group-members-cut': {
    description: "Lists of a group's members and a user's groups end early; the total is true.",
    amount: rowsGiven,
    wrap: cutMemberships((total) => total),
  },
  'group-members-subset': {
    description: "Lists of a group's members and a user's groups end early, and count no more.",
    amount: rowsGiven,
    wrap: cutMemberships((total, amount) => Math.min(total, amount)),
  },
  'group-null-row': {
    description: "The first row of a group's members and of a user's groups is null.",
    wrap: changeBareLists((page, { request }) =>
      isMemberships(request) && windowOf(request).skip === 0
        ? { ...page, rows: page.rows.map((row, at) => (at === 0 ? null : row)) }
        : page,
    ),
  },
  'group-no-totals': {
    kind: 'odd',
    description: "Lists of a group's members and a user's groups state no total.",
    wrap: (handle) => (request) => {
      const answer = handle(request);
      if (!isMemberships(request)) return answer;
      const { 'x-total-count': _total, ...headers } = answer.headers;
      return { ...answer, headers };
    },
  },
});

function isAboutGroups({ path }: ApiRequest): boolean {
  return path.startsWith('/api/v2/usergroups') || path.endsWith('/memberof');
}

function isMemberships({ path }: ApiRequest): boolean {
  return /\/(members|membership|memberof)\/?$/.test(path);
}

/** Gives the first rows alone; `stated` makes the total from the true one and the number of these rows. */
function cutMemberships(stated: (total: number, amount: number) => number): Fault['wrap'] {
  return changeBareLists((page, asked) => {
    if (!isMemberships(asked.request)) return page;
    return { rows: firstRows(page.rows, asked), total: stated(page.total, asked.amount) };
  });
}
