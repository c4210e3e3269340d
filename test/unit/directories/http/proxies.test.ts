import { inspect } from 'node:util';
import { SourceError } from '../../../../src/core/errors.ts';
import {
  createHttpClient,
  type HttpClientOptions,
} from '../../../../src/directories/http/client.ts';
import type { JsonRequest } from '../../../../src/directories/http/json-request.ts';
import { createWays, type ProxySettings } from '../../../../src/outgoing/ways.ts';
import {
  type AnsweringServer,
  sendJson,
  startAnsweringServer,
} from '../../../fakes/answering-server.ts';
import { ca, startProxy, startTlsFront } from '../../../fakes/proxy-server.ts';

const ask: JsonRequest<unknown> = { route: '/api/things', read: (body) => body };
const byId: JsonRequest<unknown> = {
  ...ask,
  maxAttempts: 1,
  absent: ({ status, body }) => (status === 404 || body === 'null' ? 'absent' : undefined),
};
const none = { https: undefined, http: undefined, except: '' };

let opened: { close(): Promise<void> }[] = [];
let source: AnsweringServer;
let secureUrl: string;

async function keep<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const made = await opening;
  opened.push(made);
  return made;
}

beforeEach(async () => {
  source = await keep(startAnsweringServer((response) => sendJson(response, 200, { fine: true })));
  secureUrl = (await keep(startTlsFront(source.url))).url;
});
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  opened = [];
});

function clientOf(
  baseUrl: string,
  proxies: Partial<ProxySettings>,
  options: Partial<HttpClientOptions> & { readonly trusts?: Buffer } = {},
) {
  const { trusts = ca, ...others } = options;
  let nowMs = 1_000_000;
  return createHttpClient({
    source: 'JumpCloud',
    directory: 'jumpcloud',
    baseUrl,
    signIn: { headers: async () => ({ 'x-api-key': 'jca_key' }), secrets: ['jca_key'] },
    retryBudgetMs: 2000,
    signal: new AbortController().signal,
    now: () => nowMs,
    random: () => 0.5,
    pause: async (ms) => {
      nowMs += ms;
    },
    way: createWays({ ...none, ...proxies }, { keepAlive: true, ca: trusts })(baseUrl),
    ...others,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<SourceError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SourceError);
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hunter2|aHVudGVyMg/);
  return error as SourceError;
}

/** An address at which nothing listens. */
async function closedUrl(): Promise<string> {
  const server = await startAnsweringServer(() => undefined);
  await server.close();
  return server.url;
}

const withLogin = (url: string, login: string): string => url.replace('://', `://${login}@`);

describe('a client behind a proxy', () => {
  it.each([false, true])(
    'asks an https host through one connection (proxy with TLS: %s)',
    async (isSecure) => {
      const proxy = await keep(startProxy({ isSecure, login: 'ada:hunter2@' }));
      const https = withLogin(proxy.url, 'ada:hunter2%40');
      const client = clientOf(secureUrl, { https, http: await closedUrl() });
      for (let count = 0; count < 3; count += 1) {
        await expect(client.get(ask)).resolves.toEqual({ fine: true });
      }
      expect(proxy.asked).toEqual([`CONNECT ${new URL(secureUrl).host}`]);
      expect(source.requests).toHaveLength(3);
      expect(JSON.stringify(source.requests)).not.toContain('proxy-authorization');
    },
  );

  it.each([false, true])('has plain http passed on (proxy with TLS: %s)', async (isSecure) => {
    const proxy = await keep(startProxy({ isSecure, login: 'ada:hunter2' }));
    const http = withLogin(proxy.url, 'ada:hunter2');
    const client = clientOf(source.url, { http, https: await closedUrl() });
    await expect(client.get(ask)).resolves.toEqual({ fine: true });
    expect(proxy.asked).toEqual([`GET ${source.url}/api/things`]);
    expect(source.requests[0]?.headers).toMatchObject({ host: new URL(source.url).host });
  });

  it('asks hosts that NO_PROXY names directly', async () => {
    const proxy = await keep(startProxy());
    const proxies = { https: proxy.url, http: proxy.url, except: 'localhost,127.0.0.0/8' };
    for (const url of [source.url, secureUrl]) await clientOf(url, proxies).get(ask);
    expect(proxy.asked).toEqual([]);
    expect(source.requests).toHaveLength(2);
  });
});

describe('a proxy in trouble', () => {
  const settings = (url: string) => ({ https: url, http: url });
  const urls = () => [secureUrl, source.url];

  it('that asks for a password is not asked twice', async () => {
    const proxy = await keep(startProxy({ login: 'ada:hunter2' }));
    for (const [index, url] of urls().entries()) {
      const setting = ['HTTPS_PROXY', 'HTTP_PROXY'][index];
      const error = await failureOf(clientOf(url, settings(proxy.url)).get(ask));
      expect(error).toMatchObject({ kind: 'fatal', code: 'source-failed' });
      expect(error.message).toBe(
        `JumpCloud at ${new URL(url).host} was not reached: the proxy ${proxy.url} (${setting}) asks for a name and password: put them in ${setting} (GET /api/things)`,
      );
      const refused = clientOf(url, settings(withLogin(proxy.url, 'ada:hunter2x')));
      expect((await failureOf(refused.get(ask))).message).toContain(
        `refuses the name and password in ${setting}`,
      );
    }
    expect(proxy.asked).toHaveLength(4);
    expect(source.requests).toHaveLength(0);
  });

  it.each([403, 404, 502, 200])('that answers %i itself to CONNECT is named', async (status) => {
    const body = JSON.stringify({ message: 'Not Found' });
    const proxy = await keep(startProxy({ answers: { status, body } }));
    const client = clientOf(secureUrl, settings(proxy.url));
    const error = await failureOf(client.get({ ...byId, missing: () => 'missing' }));
    expect(error).toMatchObject({ kind: 'retriable', code: 'user-failed' });
    expect(error.message).toContain(
      status === 200
        ? `JumpCloud at ${new URL(secureUrl).host} through the proxy ${proxy.url} `
        : `was not reached: the proxy ${proxy.url} (HTTPS_PROXY) answered ${status} when asked to connect`,
    );
  });

  it.each([400, 404, 410])(
    'that answers %i itself to plain http proves no absence',
    async (status) => {
      const body = JSON.stringify({ message: 'Not Found' });
      const proxy = await keep(startProxy({ answers: { status, body } }));
      const client = clientOf(source.url, settings(proxy.url));
      const error = await failureOf(client.get({ ...byId, missing: () => 'missing' }));
      expect(error.message).toContain(
        `through the proxy ${proxy.url} answered ${status} to GET /api/things: perhaps an answer of the proxy itself: Not Found`,
      );
    },
  );

  it('that passes plain http on lets the source say in JSON that nothing is there', async () => {
    const proxy = await keep(startProxy());
    source = await keep(startAnsweringServer((response) => sendJson(response, 200, null)));
    await expect(clientOf(source.url, settings(proxy.url)).get(byId)).resolves.toBe('absent');
  });

  it('that answers nothing, with nothing in it, proves no absence', async () => {
    const proxy = await keep(startProxy({ answers: { status: 200, body: '' } }));
    const client = clientOf(source.url, settings(proxy.url));
    const absent = ({ body }: { readonly body: string }) => (body === '' ? 'absent' : undefined);
    const error = await failureOf(client.get({ ...byId, absent }));
    expect(error.message).toContain('malformed or truncated JSON');
  });

  it('that is not there is named', async () => {
    const proxy = await closedUrl();
    for (const [index, url] of urls().entries()) {
      const error = await failureOf(clientOf(url, settings(proxy)).get(ask));
      const setting = ['HTTPS_PROXY', 'HTTP_PROXY'][index];
      expect(error).toMatchObject({ kind: 'retriable', code: 'source-failed' });
      expect(error.message).toMatch(
        `was not reached: the proxy ${proxy} (${setting}) refuses connections: check the address and port, and that no firewall is in the way; ECONNREFUSED (GET /api/things); gave up`,
      );
    }
  });

  it('that is silent is given up in time, and when the run is stopped', async () => {
    const proxy = await keep(startProxy({ isSilent: true }));
    for (const url of urls()) {
      const client = clientOf(url, settings(proxy.url), { requestTimeoutMs: 50 });
      const error = await failureOf(client.get({ ...ask, maxAttempts: 1 }));
      expect(error.message).toContain(`the proxy ${proxy.url} did not answer within 0.05 s`);
      const stopping = AbortSignal.timeout(50);
      const stopped = clientOf(url, settings(proxy.url), { signal: stopping });
      await expect(stopped.get(ask)).rejects.toThrow('stopped while asking the directory');
    }
  });

  it('that is trusted by nobody is told from a host that is not', async () => {
    const others = Buffer.from('');
    const proxy = await keep(startProxy({ isSecure: true }));
    const plain = await keep(startProxy());
    const ofProxy = await failureOf(
      clientOf(secureUrl, settings(proxy.url), { trusts: others }).get(ask),
    );
    expect(ofProxy.message).toContain(
      `the proxy ${proxy.url} (HTTPS_PROXY) cannot be trusted: check its certificate, this machine’s clock, and NODE_EXTRA_CA_CERTS`,
    );
    const ofHost = await failureOf(
      clientOf(secureUrl, settings(plain.url), { trusts: others }).get(ask),
    );
    expect(ofHost.message).toMatch(
      /^JumpCloud at localhost:\d+ through the proxy \S+ cannot be trusted: .*NODE_EXTRA_CA_CERTS/,
    );
    const direct = await failureOf(clientOf(secureUrl, {}, { trusts: others }).get(ask));
    expect(direct.message).toMatch(
      /^JumpCloud at localhost:\d+ cannot be trusted: .*NODE_EXTRA_CA_CERTS/,
    );
  });

  it('does not get around the largest answer', async () => {
    source = await keep(
      startAnsweringServer((response) => response.writeHead(200).end(Buffer.alloc(17 << 20))),
    );
    const front = await keep(startTlsFront(source.url));
    const proxy = await keep(startProxy());
    for (const url of [source.url, front.url]) {
      const error = await failureOf(
        clientOf(url, settings(proxy.url), { retryBudgetMs: 60_000 }).get(ask),
      );
      expect(error).toMatchObject({ kind: 'fatal' });
      expect(error.message).toContain(
        `through the proxy ${proxy.url} sent an answer larger than 16 MB`,
      );
    }
  });
});
