import { loadConfig } from '../../config/load.ts';
import { type App, openApp } from '../../src/app/compose.ts';
import { start } from '../../src/app/serve.ts';
import type { TokenRole } from '../../src/core/model/token.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { testServices, uniqueName } from '../setup/services.ts';

/** Rollcall as `serve all` runs it, with a database and queues of its own, and a token of each role. */
export interface Served {
  readonly app: App;
  readonly address: string;
  readonly secrets: Readonly<Record<TokenRole, string>>;
  close(): Promise<void>;
}

export async function serveRollcall(settings: NodeJS.ProcessEnv): Promise<Served> {
  const { mongodbUri, redisUrl } = testServices();
  const config = loadConfig({
    MONGODB_URI: mongodbUri,
    REDIS_URL: redisUrl,
    MONGODB_DATABASE: uniqueName('browser'),
    REDIS_PREFIX: uniqueName('browser').slice(0, 32),
    SECRETS_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    HTTP_PORT: '0',
    ...settings,
  });
  const log = createLogger({ level: 'silent' });
  const app = await openApp(config, log);
  const secretOf = async (role: TokenRole) =>
    (await app.ports.tokens.create({ name: `the ${role}`, role })).secret;
  const secrets = {
    owner: await secretOf('owner'),
    admin: await secretOf('admin'),
    viewer: await secretOf('viewer'),
  };
  const running = await start({ config, role: 'all', log });
  if (running.address === null) throw new Error('Rollcall serves no address.');
  return {
    app,
    address: running.address,
    secrets,
    async close() {
      await running.stop();
      await app.database.connection.dropDatabase();
      for (const queue of Object.values(app.queues)) await queue.obliterate({ force: true });
      await app.close();
    },
  };
}
