import { type Answer, type ApiRequest, apiError, html, json } from '../api/answer.ts';
import {
  answerInstead,
  everyNth,
  type Fault,
  faultsOfKind,
  filterNames,
  isUserById,
  isUserListing,
} from './fault.ts';
import { serverError } from './trouble.ts';

export const byIdFaults = faultsOfKind('lies', {
  'by-id-500': {
    kind: 'fails',
    description: 'Users asked for by id are answered 500, every Nth time.',
    amount: { meaning: 'one in how many', otherwise: 1 },
    wrap: everyNth(({ path }) => serverError(path), isUserById),
  },
  'by-id-html-404': {
    kind: 'fails',
    description: 'Users asked for by id are answered 404 with a page of HTML.',
    wrap: answerInstead(isUserById, () => html(404, '<html><body>Page not found</body></html>')),
  },
  'by-id-all-404': {
    description: 'Users asked for by id are answered 404, even those that are listed.',
    wrap: answerInstead(isUserById, notFound),
  },
  'not-found-flaps': {
    description:
      'Users asked for by id are answered 404 every Nth time, even those that are listed.',
    amount: { meaning: 'one in how many', otherwise: 2 },
    wrap: everyNth(notFound, isUserById),
  },
  'absent-200-empty': absentAnswered('200 with an empty body', () => empty),
  'absent-200-null': absentAnswered('200 with null', () => json(200, null)),
  'absent-404': absentAnswered('404', notFound),
  'absent-410': absentAnswered('410', ({ path }) => apiError(path, 410, 'Gone')),
  'filter-always-empty': {
    description: 'A listing with a filter is empty, whoever matches it.',
    wrap: answerInstead(
      (request) => isUserListing(request) && filterNames(request).length > 0,
      () => json(200, { results: [], totalCount: 0 }),
    ),
  },
});

/** Makes a fault that answers so for users that are not there; the API's own answer has no user in it. */
function absentAnswered(how: string, answer: (request: ApiRequest) => Answer): Fault {
  return {
    kind: 'odd',
    description: `Users that are not there are answered ${how} when they are asked for by id.`,
    wrap: (handle) => (request) => {
      const own = handle(request);
      const { body } = own;
      const isAbsent = own.status === 200 && body.kind === 'json' && body.value === null;
      return isUserById(request) && isAbsent ? answer(request) : own;
    },
  };
}

const empty: Answer = {
  status: 200,
  headers: {},
  body: { kind: 'text', contentType: 'application/json; charset=utf-8', text: '' },
  delivery: 'whole',
};

function notFound({ path }: ApiRequest): Answer {
  return apiError(path, 404, 'systemuser was not found');
}
