import type { Answer, ApiRequest } from '../api/answer.ts';
import {
  changePages,
  changeRecord,
  faultsOfKind,
  filterNames,
  isUserListing,
  position,
  type UserRow,
  windowOf,
  withQuery,
} from './fault.ts';
import { withText } from './trouble.ts';

const mostMegabytes = 15;
const levels = 20_000;
const deepValue = 'nested without end';

/** Faults of a source that gives more than was asked for, or than a client can hold. */
export const hostileFaults = faultsOfKind('fails', {
  'oversized-pages': {
    description: 'Each page of a listing of users has the rows of the next page too.',
    wrap: (handle, world) =>
      changePages(({ rows, total }, { request }) => {
        if (!isWholeListing(request)) return { rows, total };
        const { skip, limit } = windowOf(request);
        return {
          rows: [...rows, ...rowsOf(handle(withQuery(request, { skip: skip + limit })))],
          total,
        };
      })(handle, world),
  },
  'endless-listing': {
    description: 'Behind the last user, the listing goes on with unreadable ones without end.',
    wrap: changePages(({ rows, total }, { request }) => {
      if (!isWholeListing(request)) return { rows, total };
      const { skip, limit } = windowOf(request);
      const invented = Array.from({ length: limit - rows.length }, (_, at) =>
        inventedUser(skip + rows.length + at),
      );
      return { rows: [...rows, ...invented], total: Math.max(total, skip + 2 * limit) };
    }),
  },
  'tiny-json': {
    description: 'A listing of users is megabytes of empty lists.',
    amount: { meaning: `how many megabytes, at most ${mostMegabytes}`, otherwise: mostMegabytes },
    wrap: (handle, { amount }) => {
      const lists = Math.floor((Math.min(amount, mostMegabytes) * 1024 * 1024) / '[],'.length);
      const text = `{"totalCount":${lists},"results":[${'[],'.repeat(lists)}[]]}`;
      return (request) =>
        isUserListing(request) ? withText(handle(request), () => text) : handle(request);
    },
  },
  'deep-row': {
    kind: 'odd',
    description: "One person's job title is a list in a list, thousands deep.",
    amount: position,
    wrap: (handle, given) => {
      const marked = changeRecord((user) => ({ ...user, jobTitle: deepValue }))(handle, given);
      const nested = '['.repeat(levels) + ']'.repeat(levels);
      return (request) => {
        const answer = marked(request);
        const has =
          answer.body.kind === 'json' && JSON.stringify(answer.body.value).includes(deepValue);
        return has ? withText(answer, (text) => text.replace(`"${deepValue}"`, nested)) : answer;
      };
    },
  },
});

function isWholeListing(request: ApiRequest): boolean {
  return isUserListing(request) && filterNames(request).length === 0;
}

function rowsOf({ body }: Answer): readonly UserRow[] {
  return body.kind === 'json' ? (body.value as { readonly results: UserRow[] }).results : [];
}

/** Sorted behind all users. Its state is unknown, so that no member is made of it. */
function inventedUser(place: number): UserRow {
  const _id = `ffffffffffffffff${place.toString(16).padStart(8, '0')}`;
  const user: object = { _id, email: `${_id}@simulated.example`, state: 'INVENTED' };
  return user as UserRow;
}
