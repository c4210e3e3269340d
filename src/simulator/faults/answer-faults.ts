import { type Answer, type ApiRequest, apiError, type Handler } from '../api/answer.ts';
import { pick } from '../directory/random.ts';
import { always, answerInstead, everyNth, faultsOfKind, isDrawn, isUserListing } from './fault.ts';
import {
  badGateway,
  broken,
  serverError,
  tooManyRequests,
  truncated,
  unavailable,
  withText,
} from './trouble.ts';

/** Faults of whole answers: a source that fails, is slow, or breaks off. */
export const answerFaults = faultsOfKind('fails', {
  'server-errors': {
    description: 'Every Nth request is answered 500.',
    amount: { meaning: 'one in how many', otherwise: 3 },
    wrap: everyNth(({ path }) => serverError(path)),
  },
  'always-500': {
    description: 'Every request is answered 500.',
    wrap: answerInstead(always, ({ path }) => serverError(path)),
  },
  'always-503': {
    description: 'Every request is answered 503.',
    wrap: answerInstead(always, ({ path }) => unavailable(path)),
  },
  'bad-gateway-html': {
    description: 'Every request is answered 502 with a page of HTML.',
    wrap: answerInstead(always, badGateway),
  },
  'listing-500': {
    description: 'Every listing of users is answered 500; by id they answer.',
    wrap: answerInstead(isUserListing, ({ path }) => serverError(path)),
  },
  'filter-refused': {
    description: 'A listing of users with a filter is answered 400.',
    wrap: answerInstead(
      (request) => isUserListing(request) && request.query.has('filter'),
      ({ path }) => apiError(path, 400, 'filters are not supported'),
    ),
  },
  'random-errors': {
    description: 'Requests fail at random: 500, 502 in HTML, 503, 429, a reset, JSON cut in half.',
    amount: { meaning: 'how many in a hundred', otherwise: 25 },
    wrap: (handle, world) => (request) => {
      // Both numbers are drawn each time, so that the same requests fail in the same way at any isDrawnage.
      const fails = isDrawn(world);
      const way = pick(world.random, waysToFail);
      return fails ? way(request, handle) : handle(request);
    },
  },
  reset: {
    description: 'The connection breaks in the middle of every answer.',
    wrap: (handle) => (request) => broken(handle(request)),
  },
  silent: {
    description: 'No request is ever answered.',
    wrap: (handle) => (request) => unanswered(handle(request)),
  },
  hang: {
    description: 'Every Nth request is never answered.',
    amount: { meaning: 'one in how many', otherwise: 10 },
    wrap: everyNth((request, handle) => unanswered(handle(request))),
  },
  'slow-drip': {
    description: 'Every answer comes in small pieces, slowly.',
    amount: { meaning: 'how many milliseconds an answer takes', otherwise: 2000 },
    wrap:
      (handle, { amount }) =>
      (request) => {
        const answer = handle(request);
        return answer.delivery === 'whole' ? { ...answer, delivery: { overMs: amount } } : answer;
      },
  },
  'truncated-json': {
    description: 'The JSON of every answer ends halfway.',
    wrap: (handle) => (request) => truncated(handle(request)),
  },
  'malformed-json': {
    description: 'The JSON of every answer has a slip in it.',
    wrap: (handle) => (request) =>
      withText(handle(request), (text) => text.replace(/[\]}]$/, ',}')),
  },
});

type Way = (request: ApiRequest, handle: Handler) => Answer;

const waysToFail: readonly Way[] = [
  ({ path }) => serverError(path),
  () => badGateway(),
  ({ path }) => unavailable(path),
  () => tooManyRequests(),
  (request, handle) => broken(handle(request)),
  (request, handle) => truncated(handle(request)),
];

function unanswered(answer: Answer): Answer {
  return { ...answer, delivery: 'never' };
}
