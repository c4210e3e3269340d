import { type Answer, apiError, html, json, loginPage, redirectToLogin } from '../api/answer.ts';
import { Directory } from '../directory/directory.ts';
import { answerInstead, type Fault, isUserById, isUserListing } from './fault.ts';

const always = () => true;
const isAboutGroups = ({ path }: { readonly path: string }) =>
  path.startsWith('/api/v2/usergroups') || path.endsWith('/memberof');

/** Faults of whole answers: refusals, failures, pages of HTML, broken connections. */
export const answerFaults: Readonly<Record<string, Fault>> = {
  'server-errors': {
    description: 'Every Nth request is answered 500.',
    amount: { meaning: 'N', otherwise: 3 },
    wrap: (handle, { amount }) => {
      const isNth = every(amount);
      return (request) => (isNth() ? serverError(request.path) : handle(request));
    },
  },
  'always-500': {
    description: 'Every request is answered 500.',
    wrap: answerInstead(always, ({ path }) => serverError(path)),
  },
  'bad-gateway-html': {
    description: 'Every request is answered 502 with a page of HTML.',
    wrap: answerInstead(always, () =>
      html(502, '<html><body><h1>502 Bad Gateway</h1></body></html>'),
    ),
  },
  'rate-limited': {
    description: 'Every request is answered 429, without Retry-After.',
    wrap: answerInstead(always, tooManyRequests),
  },
  reset: {
    description: 'The connection breaks in the middle of every answer.',
    wrap: (handle) => (request) => ({ ...handle(request), delivery: 'reset' }),
  },
  silent: {
    description: 'No request is ever answered.',
    wrap: (handle) => (request) => ({ ...handle(request), delivery: 'never' }),
  },
  'truncated-json': {
    description: 'The JSON of every answer ends halfway.',
    wrap: changeText((text) => text.slice(0, Math.ceil(text.length / 2))),
  },
  'malformed-json': {
    description: 'The JSON of every answer has a slip in it.',
    wrap: changeText((text) => text.replace(/[\]}]$/, ',}')),
  },
  'login-redirect': {
    description: 'Every request is redirected to the login page, as without a key.',
    wrap: answerInstead(always, redirectToLogin),
  },
  'login-page': {
    description: 'Every request is answered 200 with the login page.',
    wrap: answerInstead(always, loginPage),
  },
  'filter-refused': {
    description: 'A listing of users with a filter is answered 400.',
    wrap: answerInstead(
      (request) => isUserListing(request) && request.query.has('filter'),
      ({ path }) => apiError(path, 400, 'filters are not supported'),
    ),
  },
  'unauthorized-midway': {
    description: 'The key stops being good after some requests.',
    amount: { meaning: 'how many requests are still answered', otherwise: 3 },
    wrap: (handle, { amount }) => {
      let answered = 0;
      return (request) => {
        answered += 1;
        if (answered <= amount) return handle(request);
        return apiError('/api/', 401, 'api key user not found');
      };
    },
  },
  forbidden: {
    description: 'Every request is answered 403.',
    wrap: answerInstead(always, ({ path }) => apiError(path, 403, 'you do not have permission')),
  },
  'by-id-500': {
    description: 'Users asked for by id are answered 500, every Nth time.',
    amount: { meaning: 'N', otherwise: 1 },
    wrap: (handle, { amount }) => {
      const isNth = every(amount);
      return (request) =>
        isUserById(request) && isNth() ? serverError(request.path) : handle(request);
    },
  },
  'by-id-html-404': {
    description: 'Users asked for by id are answered 404 with a page of HTML.',
    wrap: answerInstead(isUserById, () => html(404, '<html><body>Page not found</body></html>')),
  },
  'by-id-all-404': {
    description: 'Users asked for by id are answered 404, even those that are listed.',
    wrap: answerInstead(isUserById, ({ path }) => apiError(path, 404, 'systemuser was not found')),
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
  'group-missing': {
    description: 'No group is listed, nobody is in one, and each is 404 by id.',
    wrap: answerInstead(isAboutGroups, ({ path }) =>
      /\/(usergroups|memberof)$/.test(path)
        ? json(200, [], { 'x-total-count': '0' })
        : apiError(path, 404, 'user group was not found'),
    ),
  },
  'group-500': {
    description: 'Every request about groups is answered 500.',
    wrap: answerInstead(isAboutGroups, ({ path }) => serverError(path)),
  },
  'listing-500': {
    description: 'Every listing of users is answered 500; by id they answer.',
    wrap: answerInstead(isUserListing, ({ path }) => serverError(path)),
  },
};

/** 429 as the real service gives it: no header says when to come back. */
export function tooManyRequests(): Answer {
  return json(429, { message: 'Too Many Requests' });
}

function serverError(path: string): Answer {
  return apiError(path, 500, 'something went wrong');
}

/** Says yes every Nth time. */
function every(amount: number): () => boolean {
  let count = 0;
  return () => {
    count += 1;
    return count % amount === 0;
  };
}

function changeText(change: (text: string) => string): Fault['wrap'] {
  return (handle) => (request) => {
    const answer = handle(request);
    if (answer.body.kind !== 'json') return answer;
    const text = change(JSON.stringify(answer.body.value));
    return {
      ...answer,
      body: { kind: 'text', contentType: 'application/json; charset=utf-8', text },
    };
  };
}
