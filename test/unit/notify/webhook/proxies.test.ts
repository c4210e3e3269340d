import { createWebhook } from '../../../../src/notify/webhook/post-webhook.ts';
import { createWays, goDirectly } from '../../../../src/outgoing/ways.ts';
import { type AnsweringServer, startAnsweringServer } from '../../../fakes/answering-server.ts';
import { ca, type ProxyServer, startProxy, startTlsFront } from '../../../fakes/proxy-server.ts';

const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
const key = Buffer.alloc(32, 7);
const message = { id: 'run-failed_1', body: '{"id":"run-failed_1"}' };

let receiver: AnsweringServer;
let front: { readonly url: string; close(): Promise<void> };
let proxy: ProxyServer | null;

beforeEach(async () => {
  receiver = await startAnsweringServer((response) => response.writeHead(204).end());
  front = await startTlsFront(receiver.url);
  proxy = null;
});
afterEach(async () => {
  await Promise.all([receiver.close(), front.close(), proxy?.close()]);
});

/** Posts to a receiver through this proxy; the outcome names neither its address nor a password. */
async function post(to: string, proxyUrl: string, except = ''): Promise<string | null> {
  const url = `${to}/in?token=hunter2`;
  const way = createWays({ https: proxyUrl, http: proxyUrl, except }, { ca })(url);
  const send = createWebhook({ url, key, clock, way, timeoutMs: 5000 });
  const outcome = await send(message, new AbortController().signal);
  expect(outcome ?? '').not.toMatch(/hunter2|localhost/);
  return outcome;
}

describe('posting to a webhook through a proxy', () => {
  it('arrives, over TLS and over plain http', async () => {
    proxy = await startProxy({ login: 'ada:hunter2' });
    const url = proxy.url.replace('://', '://ada:hunter2@');
    expect([await post(front.url, url), await post(receiver.url, url)]).toEqual([null, null]);
    expect(proxy.asked).toEqual([
      `CONNECT ${new URL(front.url).host}`,
      `POST ${receiver.url}/in?token=hunter2`,
    ]);
    expect(receiver.requests.map(({ body }) => body)).toEqual([message.body, message.body]);
    expect(JSON.stringify(receiver.requests)).not.toContain('proxy-authorization');
  });

  it('goes past it where NO_PROXY says so', async () => {
    proxy = await startProxy();
    expect(await post(front.url, proxy.url, 'localhost')).toBeNull();
    expect(proxy.asked).toEqual([]);
  });

  it('says that the proxy wants a password', async () => {
    proxy = await startProxy({ login: 'ada:hunter2' });
    const words = (setting: string) =>
      `could not be reached: the proxy ${proxy?.url} (${setting}) asks for a name and password: put them in ${setting}`;
    expect(await post(front.url, proxy.url)).toBe(words('HTTPS_PROXY'));
    expect(await post(receiver.url, proxy.url)).toBe(words('HTTP_PROXY'));
  });

  it('says what the proxy answered itself', async () => {
    proxy = await startProxy({ answers: { status: 502 } });
    expect(await post(front.url, proxy.url)).toBe(
      `could not be reached: the proxy ${proxy.url} (HTTPS_PROXY) answered 502 when asked to connect`,
    );
    expect(await post(receiver.url, proxy.url)).toBe(
      `answered 502, perhaps by the proxy ${proxy.url} itself`,
    );
  });

  it('says that the proxy is not there', async () => {
    const gone = await startProxy();
    await gone.close();
    for (const to of [front.url, receiver.url]) {
      expect(await post(to, gone.url)).toMatch(
        /^could not be reached: the proxy \S+ \(HTTPS?_PROXY\) refuses connections: .*ECONNREFUSED$/,
      );
    }
  });

  it('says what to do about a certificate that is not trusted', async () => {
    const send = createWebhook({ url: front.url, key, clock, way: goDirectly({}) });
    expect(await send(message, new AbortController().signal)).toMatch(
      /^cannot be trusted: check its certificate, .*NODE_EXTRA_CA_CERTS/,
    );
  });
});
