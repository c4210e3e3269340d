import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { operate } from '../e2e/processes.ts';
import { redisRules } from '../fakes/deploy-files.ts';
import { testServices, uniqueName } from '../setup/services.ts';

/** A client for each node of the cluster. */
async function openNodes(url: string): Promise<readonly Redis[]> {
  const seed = new Redis(url);
  const lines = String(await seed.cluster('NODES')).matchAll(/^\S+ [^ @]+:(\d+)@/gm);
  seed.disconnect();
  return [...lines].map(([, port]) => new Redis(Number(port), '127.0.0.1'));
}

describe('Rollcall on a Redis cluster, with the least privileges', () => {
  it('syncs, and is denied nothing', async () => {
    const { mongodbUri, redisUrl } = testServices();
    const user = uniqueName('acl');
    const prefix = uniqueName('acl');
    const password = randomBytes(16).toString('hex');
    const rules = redisRules().map((rule) => rule.replace('{rollcall}', `{${prefix}}`));
    const nodes = await openNodes(redisUrl);
    const simulator = await startSimulator({ users: 30, groups: 0, seed: 3 });
    for (const node of nodes) await node.acl('SETUSER', user, `>${password}`, ...rules);
    const site = operate({
      MONGODB_URI: mongodbUri,
      REDIS_URL: Object.assign(new URL(redisUrl), { username: user, password }).href,
      REDIS_PREFIX: prefix,
      JUMPCLOUD_CONSOLE_URL: simulator.url,
      JUMPCLOUD_OAUTH_URL: simulator.url,
    });
    try {
      await site.serve('all');
      const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
      await site.ask(add, simulator.apiKey);
      expect(await site.ask(['sync', 'acme', '--wait'])).toMatchObject({ status: 'succeeded' });
      expect(await site.ask(['doctor'])).toMatchObject({ ok: true });
      expect(nodes).toHaveLength(3);
      for (const node of nodes) {
        expect(JSON.stringify(await node.acl('LOG', 128))).not.toContain(user);
      }
    } finally {
      await site.close();
      await simulator.close();
      for (const node of nodes) node.disconnect();
    }
  });
});
