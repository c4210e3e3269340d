import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Config, loadConfig } from '../../../config/load.ts';
import { openApp } from '../../../src/compose.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { createLogger } from '../../../src/observability/logger.ts';
import { start } from '../../../src/serve.ts';
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
    expect((await fetch(`${running.address}/ops/sign-in`)).status).toBe(200);
    expect(await running.stop()).toBe(true);
    await expect(fetch(`${running.address}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('that works listens on no port, unless it is given one', async () => {
    const silent = await start({ config: settings(), role: 'worker', log });
    expect(silent.address).toBeNull();
    expect(await silent.stop()).toBe(true);
    const open = await start({ config: settings({ WORKER_HTTP_PORT: '0' }), role: 'worker', log });
    expect((await fetch(`${open.address}/metrics`)).status).toBe(200);
    expect((await fetch(`${open.address}/ops/sign-in`)).status).toBe(404);
    expect(await open.stop()).toBe(true);
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
