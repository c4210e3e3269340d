import { type Answer, type ApiRequest, apiError, type Handler } from '../api/answer.ts';
import { pick } from '../directory/random.ts';
import { always, answerInstead, everyNth, type Fault, isUserListing, percent } from './fault.ts';
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
export const answerFaults: Readonly<Record<string, Fault>> = {
  'server-errors': {
    kind: 'fails',
    description: 'Every Nth request is answered 500.',
    amount: { meaning: 'one in how many', otherwise: 3 },
    wrap: everyNth(({ path }) => serverError(path)),
  },
  'always-500': {
    kind: 'fails',
    description: 'Every request is answered 500.',
    wrap: answerInstead(always, ({ path }) => serverError(path)),
  },
  'always-503': {
    kind: 'fails',
    description: 'Every request is answered 503.',
    wrap: answerInstead(always, ({ path }) => unavailable(path)),
  },
  'bad-gateway-html': {
    kind: 'fails',
    description: 'Every request is answered 502 with a page of HTML.',
    wrap: answerInstead(always, badGateway),
  },
  'listing-500': {
    kind: 'fails',
    description: 'Every listing of users is answered 500; by id they answer.',
    wrap: answerInstead(isUserListing, ({ path }) => serverError(path)),
  },
  'filter-refused': {
    kind: 'fails',
    description: 'A listing of users with a filter is answered 400.',
    wrap: answerInstead(
      (request) => isUserListing(request) && request.query.has('filter'),
      ({ path }) => apiError(path, 400, 'filters are not supported'),
    ),
  },
  'random-errors': {
    kind: 'fails',
    description: 'Requests fail at random: 500, 502 in HTML, 503, 429, a reset, JSON cut in half.',
    amount: { meaning: 'how many in a hundred', otherwise: 25 },
    wrap: (handle, { amount, random }) => {
      const isToFail = percent(amount, random);
      return (request) => {
        // Both numbers are drawn each time, so that the same requests fail in the same way at any percentage.
        const fails = isToFail();
        const way = pick(random, waysToFail);
        return fails ? way(request, handle) : handle(request);
      };
    },
  },
  reset: {
    kind: 'fails',
    description: 'The connection breaks in the middle of every answer.',
    wrap: (handle) => (request) => broken(handle(request)),
  },
  silent: {
    kind: 'fails',
    description: 'No request is ever answered.',
    wrap: (handle) => (request) => unanswered(handle(request)),
  },
  hang: {
    kind: 'fails',
    description: 'Every Nth request is never answered.',
    amount: { meaning: 'one in how many', otherwise: 10 },
    wrap: everyNth((request, handle) => unanswered(handle(request))),
  },
  'slow-drip': {
    kind: 'fails',
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
    kind: 'fails',
    description: 'The JSON of every answer ends halfway.',
    wrap: (handle) => (request) => truncated(handle(request)),
  },
  'malformed-json': {
    kind: 'fails',
    description: 'The JSON of every answer has a slip in it.',
    wrap: (handle) => (request) =>
      withText(handle(request), (text) => text.replace(/[\]}]$/, ',}')),
  },
};

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
