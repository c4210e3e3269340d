import {
  type Asked,
  classifyAnswer,
  classifyTransportProblem,
  type RawAnswer,
} from '../../../../src/directories/http/classify.ts';

const asked: Asked = {
  source: 'JumpCloud',
  host: 'console.jumpcloud.com',
  method: 'GET',
  route: '/api/systemusers/{id}',
};

type Answer = Omit<RawAnswer, 'body'> & { readonly body: string };

function classify(answer: Partial<Answer>, missingIsAnswer = false) {
  const whole = {
    status: 200,
    contentType: 'application/json',
    location: null,
    body: '{}',
    ...answer,
  };
  return classifyAnswer(whole, asked, { missingIsAnswer });
}

const page = { contentType: 'text/html; charset=utf-8', body: '<!DOCTYPE html><html></html>' };

const redirectTo = (location: string | null) => ({ status: 302, body: '', location });

describe('classifyAnswer', () => {
  it('accepts JSON with a 2xx as an answer', () => {
    expect(classify({ body: '{"results":[]}' })).toEqual({
      ok: true,
      found: true,
      body: { results: [] },
    });
    expect(classify({ body: '[]', contentType: '' })).toMatchObject({ ok: true, body: [] });
  });

  it.each([
    ['a refused key', { status: 401 }, 'refused', 'source-auth'],
    ['a redirect to the login', redirectTo('/login?next=x'), 'refused', 'source-auth'],
    [
      'an absolute redirect to the login',
      redirectTo('https://console.jumpcloud.com/login/'),
      'refused',
      'source-auth',
    ],
    [
      'another host’s login',
      redirectTo('https://wifi.example/login'),
      'retriable',
      'source-failed',
    ],
    ['a redirect elsewhere', redirectTo('/userconsole/login'), 'retriable', 'source-failed'],
    ['a redirect to nowhere', redirectTo(null), 'retriable', 'source-failed'],
    ['a 304', { status: 304, body: '' }, 'retriable', 'source-failed'],
    ['a 401 that is a page', { status: 401, ...page }, 'retriable', 'source-failed'],
    ['a 401 without a body', { status: 401, body: '' }, 'retriable', 'source-failed'],
    ['a page of maintenance', { ...page }, 'retriable', 'source-failed'],
    ['a page without its type', { ...page, contentType: '' }, 'retriable', 'source-failed'],
    ['a forbidden route', { status: 403 }, 'forbidden', 'source-failed'],
    ['a challenge', { status: 403, ...page }, 'forbidden', 'source-failed'],
    ['a proxy that wants a password', { status: 407, ...page }, 'fatal', 'source-rejected'],
    ['truncated JSON', { body: '{"results":[{"_id"' }, 'retriable', 'source-failed'],
    ['an empty body', { body: '' }, 'retriable', 'source-failed'],
    ['a 404 that is a page', { status: 404, ...page }, 'retriable', 'source-failed'],
    ['a 404 without a body', { status: 404, body: '' }, 'retriable', 'source-failed'],
    ['a 404 of mere JSON text', { status: 404, body: '"gone"' }, 'retriable', 'source-failed'],
    ['a 404 where a route must be', { status: 404 }, 'fatal', 'source-rejected'],
    ['a request it rejects', { status: 400 }, 'fatal', 'source-rejected'],
    ['a method it rejects', { status: 405 }, 'fatal', 'source-rejected'],
    ['too many requests', { status: 429 }, 'rate-limited', 'source-failed'],
    ['a request time-out', { status: 408 }, 'retriable', 'source-failed'],
    ['a server error', { status: 500 }, 'retriable', 'source-failed'],
    ['a gateway’s page', { status: 502, ...page }, 'retriable', 'source-failed'],
    ['unavailability', { status: 503 }, 'retriable', 'source-failed'],
  ] as const)('sorts %s', (_, answer, kind, code) => {
    expect(classify(answer)).toMatchObject({ ok: false, kind, code });
  });

  it('accepts a 404 in the source’s own words as an answer where one is expected', () => {
    expect(classify({ status: 404, body: '{"message":"Not Found"}' }, true)).toMatchObject({
      ok: true,
      found: false,
    });
    expect(classify({ status: 404, ...page }, true)).toMatchObject({
      ok: false,
      kind: 'retriable',
    });
  });

  it('names the source, its answer and the request, in the source’s words', () => {
    expect(
      classify({ status: 400, body: '{"message":"limit\\u0007 exceeds maximum"}' }),
    ).toMatchObject({
      message:
        'JumpCloud at console.jumpcloud.com answered 400 to GET /api/systemusers/{id}: limit  exceeds maximum',
    });
    expect(
      classify({
        status: 302,
        body: '',
        location: 'https://console.jumpcloud.com/login?token=secret',
      }),
    ).toMatchObject({
      message: expect.stringMatching(/redirecting to \/login instead of answering$/),
      hint: expect.stringContaining('reauthorize'),
    });
    const away = classify({ ...redirectTo('https://status.example/maintenance?token=secret') });
    expect(away).toMatchObject({
      message: expect.stringMatching(/redirecting to status.example\/maintenance instead/),
    });
    const long = classify({ status: 500, body: JSON.stringify({ error: 'x'.repeat(5000) }) });
    expect(JSON.stringify(long).length).toBeLessThan(500);
  });
});

describe('classifyTransportProblem', () => {
  it.each([
    ['ENOTFOUND', 'cannot be found: check the host name'],
    ['ECONNREFUSED', 'refuses connections: check the address and port'],
    ['CERT_HAS_EXPIRED', 'cannot be trusted: check its certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'cannot be trusted'],
    ['ECONNRESET', 'broke off'],
  ])('describes %s with the host and what would be right', (code, words) => {
    const failure = classifyTransportProblem({ code, reason: 'broke off' }, asked);
    expect(failure).toMatchObject({ kind: 'retriable', code: 'source-failed', status: null });
    expect(failure.message).toContain(`JumpCloud at console.jumpcloud.com ${words}`);
  });

  it('does not repeat an oversized answer', () => {
    expect(
      classifyTransportProblem({ code: 'TOO_LARGE', reason: 'sent too much' }, asked).kind,
    ).toBe('fatal');
  });
});

describe('an answer with more values than a page can have', () => {
  const megabytes = 16 * 1024 * 1024;
  const filled = (row: string) => `{"results":[${row.repeat(megabytes / row.length)}0]}`;

  it.each([
    ['empty lists', filled('[],')],
    ['empty objects', filled('{},')],
    ['numbers', filled('1,')],
    ['empty texts', filled('"",')],
    ['a list in a list', `${'['.repeat(megabytes / 2)}${']'.repeat(megabytes / 2)}`],
    ['an object in an object', `${'{"a":'.repeat(megabytes / 6)}1${'}'.repeat(megabytes / 6)}`],
  ])('is refused before it takes memory: %s', (_, body) => {
    const before = process.memoryUsage().heapUsed;
    expect(classify({ body })).toMatchObject({ ok: false, kind: 'fatal', code: 'source-failed' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024);
  });

  it('is not one with a long text, whatever stands in it', () => {
    const text = `\\"[],{},`.repeat(500_000);
    expect(classify({ body: JSON.stringify({ results: [text] }) })).toMatchObject({ ok: true });
    const users = Array.from({ length: 100 }, () => Array.from({ length: 1_900 }, () => 1));
    expect(classify({ body: JSON.stringify(users) })).toMatchObject({ ok: true });
  });
});
