import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { defaultStoreConfig } from '../../src/core/store-file/default-config.ts';
import { directories } from '../../src/directories/index.ts';
import { defaultMapping } from '../../src/directories/jumpcloud/default-mapping.ts';
import { createExpressions } from '../../src/expressions/index.ts';
import { buildServer } from '../../src/http/server.ts';
import type { Database } from '../../src/mongo/connection.ts';
import { createStores } from '../../src/mongo/index.ts';
import { createSecretBox } from '../../src/mongo/secret-box.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { createPushService } from '../../src/sync/push/push-service.ts';

/** Rollcall's SCIM service for a store of its own. */
export interface Service {
  /** The base URL of the store. */
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export async function startService(database: Database, name: string): Promise<Service> {
  const clock = { now: () => new Date() };
  const secretBox = createSecretBox([{ id: 'k', key: randomBytes(32) }]);
  const stores = createStores({ database, secretBox, clock });
  const expressions = createExpressions();
  const pusher = createPushService({ ...stores, directories, expressions, clock });
  const store = await stores.stores.create({
    name,
    directory: 'jumpcloud',
    via: 'scim',
    connection: { region: 'us' },
    orgId: '',
    sendOrgId: false,
    owner: 'bench',
    config: defaultStoreConfig(defaultMapping),
    credential: null,
  });
  const server = await buildServer({
    ...stores,
    log: createLogger({ level: 'silent' }),
    pusher,
    clock,
    provider: null,
    queues: [],
    ports: null,
    staleMs: 26 * 3_600_000,
    serviceVersions: async () => ({ database: null, redis: null }),
    trustedProxies: [],
    publicUrl: 'http://bench.test',
    heldExpiryMs: 0,
    cookieKey: randomBytes(32),
    checks: { required: {}, noticed: {} },
    metrics: { contentType: 'text/plain', scrape: async () => '', observeRequest: () => undefined },
  });
  return {
    url: `${await listen(server)}/scim/v2/${store.id}`,
    token: await stores.scimTokens.issue(store.id, 0),
    async close() {
      await server.close();
      await pusher.endRuns();
    },
  };
}

/** Listens on a free port, and returns where. */
export async function listen(server: Pick<FastifyInstance, 'listen' | 'server'>): Promise<string> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
