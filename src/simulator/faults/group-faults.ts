import { type ApiRequest, apiError, json } from '../api/answer.ts';
import { answerInstead, changeBareLists, type Fault, type Page, windowOf } from './fault.ts';
import { serverError } from './trouble.ts';

const rowsGiven = { meaning: 'how many rows are given', otherwise: 3 };

/** Faults of groups: their members, and the groups of a user. */
export const groupFaults: Readonly<Record<string, Fault>> = {
  'group-missing': {
    kind: 'lies',
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
    kind: 'lies',
    description: "Lists of a group's members and a user's groups end early; the total is true.",
    amount: rowsGiven,
    wrap: cutMemberships(({ total }) => total),
  },
  'group-members-subset': {
    kind: 'lies',
    description: "Lists of a group's members and a user's groups end early, and count no more.",
    amount: rowsGiven,
    wrap: cutMemberships(({ total, amount }) => Math.min(total, amount)),
  },
};

function isAboutGroups({ path }: ApiRequest): boolean {
  return path.startsWith('/api/v2/usergroups') || path.endsWith('/memberof');
}

function isMemberships({ path }: ApiRequest): boolean {
  return /\/(members|membership|memberof)\/?$/.test(path);
}

function cutMemberships(
  state: (counts: { readonly total: number; readonly amount: number }) => number,
): Fault['wrap'] {
  return (handle, { amount }) =>
    changeBareLists((page, request): Page<unknown> => {
      if (!isMemberships(request)) return page;
      const left = Math.max(0, amount - windowOf(request).skip);
      return { rows: page.rows.slice(0, left), total: state({ total: page.total, amount }) };
    })(handle);
}
