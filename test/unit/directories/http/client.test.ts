import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Cancelled, SourceError } from '../../../../src/core/errors.ts';
import {
  createHttpClient,
  type HttpClientOptions,
  type RequestEvent,
  userAgent,
} from '../../../../src/directories/http/client.ts';
import type { JsonRequest } from '../../../../src/directories/http/json-request.ts';
import {
  type AnsweringServer,
  type AnswerRequest,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';

const secret = 'jca_0123456789abcdef';
const ask: JsonRequest<unknown> = {
  route: '/api/things/{id}',
  params: { id: 'a b' },
  read: (body) => body,
};

let server: AnsweringServer;
afterEach(() => server.close());

/** A client of a server with these answers, on a clock that only waiting moves. */
async function clientOf(
  answer: AnswerRequest,
  options: Partial<HttpClientOptions> = {},
  path = '',
) {
  server = await startAnsweringServer(answer);
  let nowMs = 1_000_000;
  const waits: number[] = [];
  const events: RequestEvent[] = [];
  const client = createHttpClient({
    source: 'JumpCloud',
    directory: 'jumpcloud',
    baseUrl: `${server.url}${path}`,
    signIn: { headers: async () => ({ 'x-api-key': secret }), secrets: [secret] },
    retryBudgetMs: 60_000,
    signal: new AbortController().signal,
    now: () => nowMs,
    random: () => 0.5,
    pause: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    onRequest: (event) => events.push(event),
    ...options,
  });
  return { client, waits, events };
}

async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('an HTTP client', () => {
  it('signs in, names itself, and returns the answer', async () => {
    const { client, events } = await clientOf((response) =>
      sendJson(response, 200, { fine: true }),
    );
    await expect(client.get({ ...ask, query: { sort: '_id', skip: 0 } })).resolves.toEqual({
      fine: true,
    });
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        url: '/api/things/a%20b?sort=_id&skip=0',
        headers: { 'x-api-key': secret, 'user-agent': userAgent, accept: 'application/json' },
      },
    ]);
    expect(events).toEqual([
      { directory: 'jumpcloud', route: '/api/things/{id}', status: 200, durationMs: 0 },
    ]);
  });

  it('names itself by the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(userAgent).toBe(`rollcall/${version}`);
  });

  it('keeps a path before the routes, as of a proxy', async () => {
    const { client } = await clientOf((response) => sendJson(response, 200, {}), {}, '/jumpcloud/');
    await client.get(ask);
    expect(server.requests.map(({ url }) => url)).toEqual(['/jumpcloud/api/things/a%20b']);
  });

  it.each<[string, AnswerRequest]>([
    ['500', (response) => sendJson(response, 500, {})],
    [
      'a gateway’s page',
      (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['a reset before the answer', (response) => response.destroy()],
    [
      'a reset in the middle of the answer',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"results":[', () => response.destroy());
      },
    ],
    ['truncated JSON', (response) => response.end('{"results":[')],
    ['JSON of another shape', (response) => sendJson(response, 200, { error: 'odd' })],
    ['a page instead of a 404', (response) => response.writeHead(404).end('<html>')],
  ])('tries again after %s', async (_, misbehave) => {
    const { client, waits } = await clientOf((response, request, count) =>
      count < 2 ? misbehave(response, request, count) : sendJson(response, 200, { fine: true }),
    );
    const read = (body: unknown) => (JSON.stringify(body).includes('fine') ? 'fine' : undefined);
    await expect(client.get({ ...ask, read })).resolves.toBe('fine');
    expect(waits).toEqual([125, 250]);
  });

  it.each([
    [401, { error: 'Unauthorized', message: `Unauthorized: ${secret} not found` }, 'refused'],
    [400, { message: 'Bad Request' }, 'fatal'],
    [404, { message: 'Not Found' }, 'fatal'],
  ])('does not repeat a %i', async (status, body, kind) => {
    const { client } = await clientOf((response) => sendJson(response, status, body));
    const error = await failureOf(client.get(ask));
    expect(error.kind).toBe(kind);
    expect(server.requests).toHaveLength(1);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });

  it('follows no redirect, which would take the key elsewhere', async () => {
    const { client } = await clientOf((response) => {
      response.writeHead(302, { location: '/login' }).end();
    });
    const error = await failureOf(client.get(ask));
    expect(error).toMatchObject({ kind: 'refused', code: 'source-auth' });
    expect(server.requests).toHaveLength(1);
  });

  it('asks three times at most for what is forbidden', async () => {
    const { client } = await clientOf((response) => sendJson(response, 403, {}));
    const error = await failureOf(client.get(ask));
    expect(error).toMatchObject({ kind: 'forbidden', code: 'source-failed' });
    expect(server.requests).toHaveLength(3);
  });

  it('takes a 403 for one person as about that person', async () => {
    const { client } = await clientOf((response) => sendJson(response, 403, {}));
    const error = await failureOf(client.get({ ...ask, maxAttempts: 5 }));
    expect(error.code).toBe('user-failed');
    expect(server.requests).toHaveLength(1);
  });

  it('sends fewer than 20 requests to a source that forbids all of them', async () => {
    const { client } = await clientOf((response) => sendJson(response, 403, {}));
    const elsewhere = { ...ask, route: '/api/elsewhere' };
    const asked = Array.from({ length: 60 }, () =>
      client.get({ ...ask, maxAttempts: 5, elsewhere }),
    );
    const codes = (await Promise.allSettled(asked)).map(
      (each) => each.status === 'rejected' && (each.reason as SourceError).code,
    );
    expect(codes.at(-1)).toBe('source-failed');
    expect(server.requests.length).toBeLessThan(20);
  });

  it('goes on where many people are forbidden, but other requests are answered', async () => {
    const { client } = await clientOf((response, { url }) =>
      sendJson(response, url.includes('elsewhere') ? 200 : 403, {}),
    );
    const elsewhere = { ...ask, route: '/api/elsewhere' };
    const asked = Array.from({ length: 60 }, () =>
      failureOf(client.get({ ...ask, maxAttempts: 5, elsewhere })),
    );
    expect((await Promise.all(asked)).every(({ code }) => code === 'user-failed')).toBe(true);
  });

  it('returns the meaning of a 404 where it has one', async () => {
    const { client } = await clientOf((response) =>
      sendJson(response, 404, { message: 'Not Found' }),
    );
    await expect(client.get({ ...ask, missing: () => 'nobody' })).resolves.toBe('nobody');
  });

  it('waits as long as the source asks', async () => {
    const { client, waits } = await clientOf((response, _, count) =>
      count === 0
        ? sendJson(response, 429, {}, { 'retry-after': '17' })
        : sendJson(response, 200, {}),
    );
    await client.get(ask);
    expect(waits).toEqual([17_000]);
  });

  it('waits until the date that the source names, whatever this machine’s clock says', async () => {
    const { client, waits } = await clientOf((response, _, count) => {
      const date = 'Mon, 05 Jan 2026 12:00:00 GMT';
      const headers = { date, 'retry-after': 'Mon, 05 Jan 2026 12:00:07 GMT' };
      return sendJson(response, count === 0 ? 429 : 200, {}, headers);
    });
    await client.get(ask);
    expect(waits).toEqual([7_000]);
  });

  it('sends one request after a 429 until one is accepted, and then keeps a pace', async () => {
    const { client, waits } = await clientOf((response, _, count) =>
      sendJson(response, count >= 6 && count < 9 ? 429 : 200, {}),
    );
    expect(client.perSecond()).toBeNull();
    await Promise.all(Array.from({ length: 20 }, () => client.get(ask)));
    expect(client.perSecond()).toBeGreaterThan(1);
    expect(waits.length).toBeGreaterThan(10);
  });

  it('does not pause for a source that refuses none', async () => {
    const { client, waits } = await clientOf((response) => sendJson(response, 200, {}));
    await Promise.all(Array.from({ length: 20 }, () => client.get(ask)));
    expect(waits).toEqual([]);
  });

  it('gives up when nothing has succeeded for the budget, and says what happened', async () => {
    const { client, waits } = await clientOf((response) =>
      sendJson(response, 503, { message: 'busy' }),
    );
    const error = await failureOf(client.get(ask));
    expect(error).toMatchObject({ kind: 'retriable', code: 'source-failed' });
    expect(error.message).toMatch(
      /^JumpCloud at 127\.0\.0\.1:\d+ answered 503 to GET \/api\/things\/\{id\}: busy; gave up: no request has succeeded for 60 s$/,
    );
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(60_000);
  });

  it('does not count the time since a refusal of the credential as an outage', async () => {
    let nowMs = 0;
    const answer: AnswerRequest = (to, _, at) => sendJson(to, [401, 500][at] ?? 200, {});
    const { client } = await clientOf(answer, { now: () => nowMs, retryBudgetMs: 5_000 });
    await failureOf(client.get(ask));
    nowMs = 6_000;
    await expect(client.get(ask)).resolves.toEqual({});
  });

  it('continues past the budget while other requests succeed', async () => {
    const { client, waits } = await clientOf((response, { url }, count) =>
      url.includes('broken') && count < 40
        ? sendJson(response, 500, {})
        : sendJson(response, 200, {}),
    );
    const stubborn = client.get({
      ...ask,
      params: { id: 'broken' },
      onAttempt: () => void client.get(ask),
    });
    await expect(stubborn).resolves.toEqual({});
    expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(60_000);
  });

  it('sends nothing more when its time is up, although requests succeed', async () => {
    const { client } = await clientOf(
      (response, _, count) =>
        count % 2 === 0 ? sendJson(response, 500, {}) : sendJson(response, 200, {}),
      { timeLimitMs: 12_000 },
    );
    let answered = 0;
    const askOn = async (): Promise<void> => {
      for (; answered < 10_000; answered += 1) await client.get(ask);
    };
    const error = await failureOf(askOn());
    expect(error).toMatchObject({ kind: 'retriable', code: 'source-failed' });
    expect(error.message).toBe(
      'JumpCloud has not given all that was asked within the limit of 0.2 min',
    );
    expect(answered).toBeGreaterThan(20);
  });

  it('gives up on one request alone after its own number of attempts', async () => {
    const { client } = await clientOf((response) => sendJson(response, 500, {}));
    const error = await failureOf(client.get({ ...ask, maxAttempts: 3 }));
    expect(error.message).toMatch(/gave up: tried 3 times$/);
    expect(server.requests).toHaveLength(3);
  });

  it('gives up on a source that never answers', async () => {
    const { client, events } = await clientOf(() => undefined, {
      retryBudgetMs: 50,
      now: Date.now,
    });
    const error = await failureOf(client.get(ask));
    expect(error).toMatchObject({ kind: 'retriable', code: 'source-failed' });
    expect(error.message).toContain('did not answer within 0.05 s');
    expect(events[0]?.status).toBe('error');
  });

  it('has a time limit for each request', async () => {
    const { client } = await clientOf(
      (response, _, count) => count > 0 && sendJson(response, 200, { fine: true }),
      { requestTimeoutMs: 50 },
    );
    await expect(client.get(ask)).resolves.toEqual({ fine: true });
    expect(server.requests).toHaveLength(2);
  });

  it('gives up on one page alone only while another request is answered', async () => {
    let isAnswering = true;
    const { client } = await clientOf((response, { url }) =>
      sendJson(response, isAnswering && url.includes('elsewhere') ? 200 : 500, {}),
    );
    const elsewhere = { ...ask, route: '/elsewhere' };
    const page = { ...ask, maxAttempts: 3, onlyWhileOthersAnswer: true, elsewhere } as const;
    expect((await failureOf(client.get(page))).code).toBe('user-failed');
    expect(server.requests).toHaveLength(4);
    isAnswering = false;
    expect((await failureOf(client.get(page))).code).toBe('source-failed');
  });

  it('gives up on an answer that never ends', async () => {
    const endless: AnswerRequest = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
    };
    const { client } = await clientOf(endless, { retryBudgetMs: 100, now: Date.now });
    expect((await failureOf(client.get(ask))).message).toContain('did not answer within 0.1 s');
  });

  it('refuses an answer larger than any page', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    const { client } = await clientOf((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let n = 0; n < 17; n += 1) response.write(megabyte);
      response.end('{}');
    });
    const error = await failureOf(client.get(ask));
    expect(error).toMatchObject({ kind: 'fatal', code: 'source-failed' });
    expect(error.message).toContain('larger than 16 MB');
  });

  it('sends no more at once than the source allows', async () => {
    let underWay = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const { client } = await clientOf((response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      held.push(() => {
        underWay -= 1;
        sendJson(response, 200, {});
      });
      if (held.length === 4) for (const answer of held.splice(0)) answer();
    });
    await Promise.all(Array.from({ length: 16 }, () => client.get(ask)));
    expect(most).toBe(4);
    expect(server.requests).toHaveLength(16);
  });

  it('says which host refuses connections', async () => {
    const { client } = await clientOf(() => undefined);
    await server.close();
    const error = await failureOf(client.get({ ...ask, maxAttempts: 2 }));
    expect(error.message).toMatch(
      /^JumpCloud at 127\.0\.0\.1:\d+ refuses connections: check the address/,
    );
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secret);
  });
});

describe('stopping a client', () => {
  it('stops a request that is under way', async () => {
    const controller = new AbortController();
    const { client } = await clientOf(() => controller.abort(), { signal: controller.signal });
    await expect(client.get(ask)).rejects.toBeInstanceOf(Cancelled);
    await expect(client.get(ask)).rejects.toBeInstanceOf(Cancelled);
    expect(server.requests).toHaveLength(1);
  });

  it('stops a request that waits to be tried again', async () => {
    const controller = new AbortController();
    const { client } = await clientOf((response) => sendJson(response, 500, {}), {
      signal: controller.signal,
      pause: async () => controller.abort(),
    });
    const stopped = client.get(ask);
    await expect(stopped).rejects.toBeInstanceOf(Cancelled);
    await expect(stopped).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/answered 500 to GET \/api\/things\/\{id\}$/) },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('stops one request alone', async () => {
    const controller = new AbortController();
    const { client } = await clientOf((response, { url }) =>
      url.includes('slow') ? controller.abort() : sendJson(response, 200, {}),
    );
    const slow = client.get({ ...ask, params: { id: 'slow' }, signal: controller.signal });
    await expect(slow).rejects.toBeInstanceOf(Cancelled);
    await expect(client.get(ask)).resolves.toEqual({});
  });
});
