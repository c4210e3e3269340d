/*
 * Measures pushes over SCIM against a floor: the same number of requests, as many at a time, that each insert one document
 * of the same size and update one by `_id` in the same database, over the same kind of HTTP server.
 *   npm run bench:scim -- [requests] [at a time]
 */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fastify from 'fastify';
import { defaultStoreConfig } from '../src/core/store-file/default-config.ts';
import { directories } from '../src/directories/index.ts';
import { defaultMapping } from '../src/directories/jumpcloud/default-mapping.ts';
import { createExpressions } from '../src/expressions/index.ts';
import { buildServer } from '../src/http/server.ts';
import { connectDatabase } from '../src/mongo/connection.ts';
import { createStores } from '../src/mongo/index.ts';
import { migrate } from '../src/mongo/migrations/migrate.ts';
import { createSecretBox } from '../src/mongo/secret-box.ts';
import { createLogger } from '../src/observability/logger.ts';
import { createPushService } from '../src/sync/push/push-service.ts';

const requests = Number(process.argv[2] ?? 3000);
const together = Number(process.argv[3] ?? 32);
const uri = process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/';
const database = await connectDatabase({
  uri,
  database: `bench_${randomBytes(4).toString('hex')}`,
});
await migrate(database);
const clock = { now: () => new Date() };
const secretBox = createSecretBox([{ id: 'k', key: randomBytes(32) }]);
const stores = createStores({ database, secretBox, clock });
const pusher = createPushService({
  ...stores,
  directories,
  expressions: createExpressions(),
  clock,
});
const log = createLogger({ level: 'silent' });
const agent = new Agent({ keepAlive: true, maxSockets: together });

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly token?: string;
  readonly body: object;
}

function ask({ url, method, token, body }: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const sent = request(url, { method, headers, agent }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** Does `work` for every number, so many at a time; answers how long all took, and each. */
async function measure(
  name: string,
  work: (nth: number) => Promise<{ readonly status: number }>,
): Promise<number> {
  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (let nth = next++; nth < requests; nth = next++) {
        const began = performance.now();
        let { status } = await work(nth);
        // A store takes 500 requests a second and asks to wait a second beyond them.
        while (status === 429) {
          await wait(1000);
          ({ status } = await work(nth));
        }
        if (status >= 300) throw new Error(`${name}: ${status}`);
        times.push(performance.now() - began);
      }
    }),
  );
  const ms = performance.now() - started;
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  const perSecond = Math.round((requests * 1000) / ms);
  console.log(
    `${name.padEnd(24)} ${String(perSecond).padStart(6)} requests/s  p99 ${p99.toFixed(1)} ms`,
  );
  return ms;
}

const userOf = (nth: number, title: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `user${nth}`,
  name: { givenName: `Given${nth}`, familyName: `Family${nth}` },
  emails: [{ value: `user${nth}@acme.test`, type: 'work', primary: true }],
  title,
  active: true,
});

const floor = fastify();
const collection = database.connection.collection<{ _id: string }>('floor');
await collection.insertOne({ _id: 'counter' });
floor.post('/', async (asked) => {
  const body = asked.body as object;
  const _id = randomBytes(12).toString('hex');
  await collection.insertOne({ _id, ...body });
  await collection.updateOne({ _id }, { $set: { revision: 2 } });
  return { _id };
});
await floor.listen({ host: '127.0.0.1', port: 0 });
const floorUrl = `http://127.0.0.1:${(floor.server.address() as AddressInfo).port}/`;

const store = await stores.stores.create({
  name: 'bench',
  directory: 'jumpcloud',
  via: 'scim',
  connection: { region: 'us' },
  orgId: '',
  sendOrgId: false,
  owner: 'bench',
  config: defaultStoreConfig(defaultMapping),
  credential: null,
});
const token = await stores.scimTokens.issue(store.id, 0);
const server = await buildServer({
  ...stores,
  log,
  pusher,
  clock,
  endedSessions: { add: async () => undefined, has: async () => false },
  queues: [],
  ports: null,
  trustedProxies: [],
  publicUrl: 'http://bench.test',
  cookieKey: randomBytes(32),
  checks: { required: {}, noticed: {} },
  metrics: { contentType: 'text/plain', scrape: async () => '' },
});
await server.listen({ host: '127.0.0.1', port: 0 });
const scimUrl = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/scim/v2/${store.id}`;

const ids: string[] = [];
try {
  console.log(`${requests} requests, ${together} at a time`);
  const least = await measure('floor', (nth) =>
    ask({ url: floorUrl, method: 'POST', body: userOf(nth, 'A') }),
  );
  const created = await measure('POST /Users', async (nth) => {
    const answer = await ask({
      url: `${scimUrl}/Users`,
      method: 'POST',
      token,
      body: userOf(nth, 'A'),
    });
    ids[nth] = (JSON.parse(answer.text) as { id: string }).id;
    return answer;
  });
  const patched = await measure('PATCH /Users/{id}', (nth) =>
    ask({
      url: `${scimUrl}/Users/${ids[nth]}`,
      method: 'PATCH',
      token,
      body: { Operations: [{ op: 'replace', path: 'title', value: 'B' }] },
    }),
  );
  const value = ids.slice(0, 1000).map((id) => ({ value: id }));
  const group = await ask({
    url: `${scimUrl}/Groups`,
    method: 'POST',
    token,
    body: { displayName: 'All' },
  });
  const { id } = JSON.parse(group.text) as { id: string };
  const began = performance.now();
  const joined = await ask({
    url: `${scimUrl}/Groups/${id}`,
    method: 'PATCH',
    token,
    body: { Operations: [{ op: 'add', path: 'members', value }] },
  });
  console.log(
    `${value.length} members in one PATCH: ${joined.status}, ${Math.round(performance.now() - began)} ms`,
  );
  console.log(
    `times the floor: POST ${(created / least).toFixed(2)}, PATCH ${(patched / least).toFixed(2)}`,
  );
} finally {
  agent.destroy();
  await server.close();
  await floor.close();
  await pusher.endRuns();
  await database.connection.dropDatabase();
  await database.close();
}
