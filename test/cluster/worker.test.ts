import { Redis } from 'ioredis';
import { connectQueues } from '../../jobs/queues.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { type Installation, install } from '../e2e/processes.ts';

/** The keys of an installation, by node. */
async function keysByNode({ env }: Installation): Promise<readonly (readonly string[])[]> {
  const seed = new Redis(env['REDIS_URL'] ?? '');
  const nodes = String(await seed.cluster('NODES'))
    .trim()
    .split('\n');
  seed.disconnect();
  return Promise.all(
    nodes.map(async (line) => {
      const [, port] = /^\S+ [^ @]+:(\d+)@/.exec(line) ?? [];
      const node = new Redis(Number(port), '127.0.0.1');
      const keys = await node.keys(`*${env['REDIS_PREFIX']}*`);
      node.disconnect();
      return keys;
    }),
  );
}

describe('Rollcall on a Redis cluster', () => {
  let site: Installation;
  beforeAll(async () => {
    site = await install({ users: 30, groups: 0, seed: 3 });
  });
  afterAll(() => site.close());

  it('syncs, and keeps all its keys on one node', async () => {
    await site.serve('worker');
    const key = site.simulator.apiKey;
    await site.ask(['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'], key);
    expect(await site.ask(['sync', 'acme', '--wait'])).toMatchObject({
      status: 'succeeded',
      counts: { listed: 30 },
    });
    const keys = await keysByNode(site);
    expect(keys).toHaveLength(3);
    expect(keys.filter(({ length }) => length > 0)).toHaveLength(1);
    const { checks } = JSON.parse((await site.rollcall(['doctor', '--json'])).stdout);
    expect(checks).toContainEqual({
      about: 'redis',
      ok: true,
      message: 'takes the writes of jobs',
    });
    expect(checks).toContainEqual({ about: 'workers', ok: true, message: '1 worker listening' });
  });

  it('says that a cluster has only one database', async () => {
    const url = `${site.env['REDIS_URL']}/3`;
    const connected = connectQueues({ url, prefix: 'test' }, { onError: () => undefined });
    await expect(connected).rejects.toThrow(ConfigError);
  });
});
