import * as errors from '../../../src/core/errors.ts';
import { Forbidden, problemOf, Unauthenticated } from '../../../src/http/problem.ts';

describe('problems', () => {
  it.each([
    [new errors.InvalidInput('The name is taken.', { hint: 'Give another.' }), 400],
    [new errors.NotFound('no such run'), 404],
    [new errors.Conflict('changed meanwhile'), 409],
    [new errors.SourceError('fatal', 'source-rejected', 'it said no'), 502],
    [new errors.RunFailure('empty-listing', 'nobody is there'), 422],
    [new errors.Cancelled('stopped'), 503],
    [new Unauthenticated('The request is not signed in.'), 401],
    [new Forbidden('Not this role.'), 403],
    [Object.assign(new Error('Body is not valid JSON'), { statusCode: 400 }), 400],
  ])('are described for the client: %s', (error, status) => {
    expect(problemOf(error, 'r1')).toMatchObject({
      type: 'about:blank',
      status,
      detail: error.message,
      requestId: 'r1',
    });
  });

  it.each([
    [
      new errors.Unavailable('Redis at 10.0.0.7 can not be reached', { hint: 'Set REDIS_URL.' }),
      503,
    ],
    [new errors.ConfigError('SECRETS_KEYS: missing'), 500],
    [new TypeError('x is not a function'), 500],
    ['thrown', 500],
  ])('of our own are only logged: %s', (error, status) => {
    const problem = problemOf(error, 'r1');
    expect(problem.status).toBe(status);
    expect(problem.detail).toBe('The log says more under request r1.');
    expect(problem).not.toHaveProperty('hint');
  });

  it('contain the hint', () => {
    expect(problemOf(new errors.InvalidInput('no', { hint: 'Give another.' }), 'r1').hint).toBe(
      'Give another.',
    );
  });
});
