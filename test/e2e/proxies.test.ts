import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type AnsweringServer, startAnsweringServer } from '../fakes/answering-server.ts';
import {
  certificatePath,
  type ProxyServer,
  startProxy,
  startTlsFront,
} from '../fakes/proxy-server.ts';
import { testServices } from '../setup/services.ts';
import { eventually, operate, type Rollcall } from './processes.ts';

const users = 150;
const password = 'hunter2';
const add = (name: string) => ['store', 'add', name, '--directory', 'jumpcloud'];

let simulator: Simulator;
let front: Awaited<ReturnType<typeof startTlsFront>>;
let receiver: AnsweringServer;
let proxy: ProxyServer;
let site: Rollcall;

/** A Rollcall that reaches JumpCloud over TLS and alerts over plain http, both through a proxy with a password. */
beforeAll(async () => {
  simulator = await startSimulator({ users, seed: 5 });
  front = await startTlsFront(simulator.url);
  receiver = await startAnsweringServer((response) => response.writeHead(204).end());
  proxy = await startProxy({ login: `ada:${password}` });
  const { mongodbUri, redisUrl } = testServices();
  const through = proxy.url.replace('://', `://ada:${password}@`);
  site = operate({
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    JUMPCLOUD_CONSOLE_URL: front.url,
    JUMPCLOUD_OAUTH_URL: front.url,
    NODE_EXTRA_CA_CERTS: certificatePath,
    ALERT_WEBHOOK_URL: `${receiver.url}/in`,
    ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
    LOG_LEVEL: 'trace',
    HTTPS_PROXY: through,
    http_proxy: through,
  });
});
afterAll(async () => {
  await site.close();
  await Promise.all([proxy, receiver, front, simulator].map((each) => each.close()));
});

describe('an installation behind a proxy', () => {
  it('syncs with a service account, and posts an alert, through the proxy alone', async () => {
    const worker = await site.serve('worker');
    const { clientId, clientSecret } = simulator.serviceAccount;
    const account = ['--client-id', clientId, '--client-secret-stdin'];
    await site.ask([...add('acme'), ...account], clientSecret);
    expect(await site.ask(['sync', 'acme', '--wait'])).toMatchObject({
      status: 'succeeded',
      certificate: { complete: true, distinct: users },
    });
    for (const id of simulator.people.ids.slice()) simulator.people.remove(id);
    const { code } = await site.rollcall(['sync', 'acme', '--wait']);
    expect(code).not.toBe(0);
    await eventually(() => receiver.requests[0]);
    expect(new Set(proxy.asked)).toEqual(
      new Set([`CONNECT ${new URL(front.url).host}`, `POST ${receiver.url}/in`]),
    );
    expect(worker.said()).not.toContain(password);
  });

  it('tells in doctor which way requests go', async () => {
    const { code, stdout, stderr } = await site.rollcall(['doctor']);
    // The last sync was to fail.
    expect(code).toBe(1);
    expect(stdout).toContain(`${new URL(front.url).host}: through the proxy ${proxy.url}`);
    expect(stdout).toContain(`ALERT_WEBHOOK_URL: through the proxy ${proxy.url}`);
    expect(stdout + stderr).not.toContain(password);
  });

  it('names a proxy that refuses the password', async () => {
    const wrong = operate({
      ...(site.env as Record<string, string>),
      HTTPS_PROXY: `${proxy.url.replace('://', '://ada:hunter3@')}`,
    });
    const { code, stderr } = await wrong.rollcall(
      [...add('other'), '--api-key-stdin'],
      simulator.apiKey,
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      `the proxy ${proxy.url} (HTTPS_PROXY) refuses the name and password in HTTPS_PROXY`,
    );
    expect(stderr).not.toContain('hunter3');
  });

  it('stops at the start, and names the setting, when it is malformed', async () => {
    const malformed = operate({
      ...(site.env as Record<string, string>),
      HTTPS_PROXY: 'socks5://ada:hunter2@127.0.0.1:1080',
    });
    const { code, stderr } = await malformed.rollcall(['serve', 'worker']);
    expect(code).toBe(78);
    expect(stderr).toContain('HTTPS_PROXY: is no http or https URL of a proxy.');
    expect(stderr).not.toContain(password);
  });
});
