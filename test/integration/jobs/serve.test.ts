import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../../../config/load.ts';
import { openApp } from '../../../src/app/compose.ts';
import { start } from '../../../src/app/serve.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

describe('a process', () => {
  const log = createLogger({ level: 'silent' });
  const name = uniqueName('serve');

  function settings(more: Readonly<Record<string, string>> = {}): Config {
    const { mongodbUri, redisUrl } = testServices();
    return loadConfig({
      MONGODB_URI: mongodbUri,
      REDIS_URL: redisUrl,
      MONGODB_DATABASE: name,
      REDIS_PREFIX: name,
      SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      HTTP_PORT: '0',
      ...more,
    });
  }

  afterAll(async () => {
    const app = await openApp(settings(), log);
    await app.database.connection.dropDatabase();
    for (const queue of Object.values(app.queues)) await queue.obliterate({ force: true });
    await app.close();
  });

  it.each(['api', 'all'] as const)('of the role %s is ready, and stops in order', async (role) => {
    const running = await start({ config: settings(), role, log });
    const answer = await fetch(`${running.address}/readyz`);
    expect(await answer.json()).toMatchObject({ ready: true });
    expect((await fetch(`${running.address}/api/v1/openapi.json`)).status).toBe(200);
    expect(await running.stop()).toBe(true);
    await expect(fetch(`${running.address}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('that works listens on no port, unless a port is set', async () => {
    const silent = await start({ config: settings(), role: 'worker', log });
    expect(silent.address).toBeNull();
    expect(await silent.stop()).toBe(true);
    const open = await start({ config: settings({ WORKER_HTTP_PORT: '0' }), role: 'worker', log });
    expect((await fetch(`${open.address}/metrics`)).status).toBe(200);
    expect((await fetch(`${open.address}/api/v1/openapi.json`)).status).toBe(404);
    expect(await open.stop()).toBe(true);
  });

  it('posts alerts to the set webhook, and counts what waits for a person', async () => {
    let arrived: (id: unknown) => void = () => undefined;
    const arrival = new Promise((resolve) => {
      arrived = resolve;
    });
    const receiver = createServer((request, response) => {
      response.writeHead(204).end();
      arrived(request.headers['webhook-id']);
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const config = settings({
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}`,
      ALERT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    });
    const app = await openApp(config, log);
    const { runs, alerts } = app.ports;
    const edit = { storeId: null, mode: 'single', trigger: 'manual' } as const;
    const { id } = await runs.insertUnderWay({ ...edit, configRevision: 0, requestedBy: 'cli:a' });
    await runs.update({ id, holder: null }, { status: 'failed', finishedAt: new Date() });
    await alerts.raise([{ id: `run-failed_${id}`, kind: 'run-failed', storeId: null, runId: id }]);
    // As the scheduler does every ten seconds.
    await app.queues.maintenance.add('deliver-alerts', {});
    await app.close();
    const running = await start({ config, role: 'all', log });
    expect(await arrival).toBe(`run-failed_${id}`);
    const scrape = async () => (await fetch(`${running.address}/metrics`)).text();
    let metrics = await scrape();
    // A scrape leaves out what takes too long, as it may on a busy machine.
    while (!metrics.includes('alerts_undelivered{')) metrics = await scrape();
    expect(metrics).toContain('rollcall_alerts_undelivered{state="failing"} 0');
    while (!metrics.includes('attention{')) metrics = await scrape();
    expect(metrics).toContain('rollcall_attention{kind="run-held"} 0');
    expect(await running.stop()).toBe(true);
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('stores no alerts without a webhook', async () => {
    const app = await openApp(settings(), log);
    await app.ports.alerts.raise([{ id: 'stale_1', kind: 'stale', storeId: 's', runId: null }]);
    expect(app.ports.alerts.isSilent).toBe(true);
    expect(await app.ports.alerts.summary()).toMatchObject({ waiting: 0 });
    await app.close();
  });

  it('says which port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const started = start({ config: settings({ HTTP_PORT: String(port) }), role: 'all', log });
    await expect(started).rejects.toThrow(ConfigError);
    await expect(started).rejects.toThrow(`can't listen on port ${port}`);
    await new Promise((resolve) => other.close(resolve));
  });
});
