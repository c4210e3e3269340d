import { type Answer, type ApiRequest, apiError, html } from '../api/answer.ts';
import { answerInstead, everyNth, faultsOfKind, isUserById } from './fault.ts';
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
});

function notFound({ path }: ApiRequest): Answer {
  return apiError(path, 404, 'systemuser was not found');
}
