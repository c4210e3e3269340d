/*
 * Measures pushes over SCIM against floors: servers that make nothing but the writes of a push, in the same database and
 * over the same kind of HTTP server. Pushes and floors take turns, so that a busy machine slows down all of them.
 *   npm run bench:scim -- [requests] [at a time, …]
 */
import { randomBytes } from 'node:crypto';
import { connectDatabase } from '../../src/mongo/connection.ts';
import { migrate } from '../../src/mongo/migrations/migrate.ts';
import { reportingCommands, watchCommands } from '../../test/fakes/watch-commands.ts';
import { startFloor } from './floor.ts';
import { type Client, openClient, timed } from './requests.ts';
import { type Service, startService } from './service.ts';

const requests = Number(process.argv[2] ?? 2000);
const together = (process.argv[3] ?? '1,32').split(',').map(Number);
const rounds = 10;
const uri = process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27017/';
const name = `bench_${randomBytes(4).toString('hex')}`;
const database = await connectDatabase({ uri, database: name });
const watched = await connectDatabase({ uri: reportingCommands(uri), database: name });
await migrate(database);
const floor = await startFloor(database);
/** The user names of one store are unique. */
let usersMade = 0;

function aUser() {
  usersMade += 1;
  const nth = usersMade;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `user${nth}`,
    name: { givenName: `Given${nth}`, familyName: `Family${nth}` },
    emails: [{ value: `user${nth}@acme.test`, type: 'work', primary: true }],
    title: 'A',
    active: true,
  };
}

const change = { Operations: [{ op: 'replace', path: 'title', value: 'B' }] };

/** Creates users, and changes each of them. */
function pushesOf({ ask }: Client, { url, token }: Partial<Service> & { readonly url: string }) {
  const ids: string[] = [];
  const asked = token === undefined ? {} : { token };
  return {
    POST: async (nth: number) => {
      ids[nth] = await ask({ ...asked, url, method: 'POST', body: aUser() });
    },
    PATCH: (nth: number) =>
      ask({ ...asked, url: `${url}/${ids[nth]}`, method: 'PATCH', body: change }),
    ids,
  };
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

async function measure(service: Service, atOnce: number): Promise<readonly string[]> {
  const client = openClient(atOnce);
  const pushed = pushesOf(client, { ...service, url: `${service.url}/Users` });
  const servers = {
    'two writes': pushesOf(client, { url: `${floor.url}/2` }),
    'four writes': pushesOf(client, { url: `${floor.url}/4` }),
    push: pushed,
  };
  const spent = new Map<string, { ms: number; each: number[] }>();
  const size = Math.ceil(requests / rounds);
  for (let round = 0; round < rounds; round += 1) {
    const numbers = Array.from({ length: size }, (_, at) => round * size + at);
    for (const method of ['POST', 'PATCH'] as const) {
      for (const [server, work] of Object.entries(servers)) {
        const { ms, each } = await timed(numbers, atOnce, work[method]);
        const all = spent.get(`${method} ${server}`) ?? { ms: 0, each: [] };
        spent.set(`${method} ${server}`, { ms: all.ms + ms, each: [...all.each, ...each] });
      }
    }
  }
  client.close();
  console.log(`\n${size * rounds} requests, ${atOnce} at a time`);
  for (const method of ['POST', 'PATCH'] as const) {
    const of = (server: string) => spent.get(`${method} ${server}`) ?? { ms: Number.NaN, each: [] };
    for (const server of Object.keys(servers)) {
      const { ms, each } = of(server);
      const times = (other: string) => (ms / of(other).ms).toFixed(2);
      console.log(
        `${method.padEnd(5)} ${server.padEnd(11)}`,
        `${(ms / each.length).toFixed(2).padStart(6)} ms a request`,
        `p50 ${percentile(each, 0.5).toFixed(1)}  p99 ${percentile(each, 0.99).toFixed(1)}`,
        server === 'push' ? ` ${times('four writes')} x four, ${times('two writes')} x two` : '',
      );
    }
  }
  return pushed.ids;
}

/** Counts what pushes ask of the database, on a connection that reports it: that takes time of its own. */
async function count(service: Service, atOnce: number): Promise<void> {
  const client = openClient(atOnce);
  const watch = watchCommands(watched.connection);
  const pushed = pushesOf(client, { ...service, url: `${service.url}/Users` });
  const numbers = Array.from({ length: 20 * atOnce }, (_, nth) => nth);
  // The first push begins a run of pushes, and opens connections.
  await pushed.POST(numbers.length);
  for (const method of ['POST', 'PATCH'] as const) {
    await pushed[method](0);
    const steps = await watch.stepsOf(() => timed(numbers, atOnce, pushed[method]));
    const each = (total: number) => (total / numbers.length).toFixed(1);
    const sequential = atOnce === 1 ? ` in ${each(steps.length)} steps` : '';
    console.log(`${method}: ${each(steps.flat().length)} commands a push${sequential}`);
  }
  client.close();
}

async function joinGroup({ url, token }: Service, ids: readonly string[]): Promise<void> {
  const client = openClient(1);
  const value = ids.slice(0, 1000).map((id) => ({ value: id }));
  const group = { url: `${url}/Groups`, token, method: 'POST', body: { displayName: 'All' } };
  const id = await client.ask(group);
  const began = performance.now();
  const body = { Operations: [{ op: 'add', path: 'members', value }] };
  await client.ask({ ...group, url: `${group.url}/${id}`, method: 'PATCH', body });
  const ms = Math.round(performance.now() - began);
  console.log(`\n${value.length} members in one PATCH: ${ms} ms`);
  client.close();
}

try {
  let ids: readonly string[] = [];
  const service = await startService(database, 'measured');
  for (const atOnce of together) ids = await measure(service, atOnce);
  await joinGroup(service, ids);
  await service.close();
  const counted = await startService(watched, 'counted');
  for (const atOnce of together) {
    console.log(`\n${atOnce} at a time`);
    await count(counted, atOnce);
  }
  await counted.close();
} finally {
  await floor.close();
  await watched.close();
  await database.connection.dropDatabase();
  await database.close();
}
