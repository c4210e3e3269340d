import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Jest's global set-up of the project `cluster`: a Redis cluster of its own, at REDIS_CLUSTER_URL. */
export default async function startRedisCluster() {
  const command = ['--import', 'tsx', 'packages/dev-services/src/redis-cluster.ts'];
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) throw new Error('The Redis cluster did not start.');
  process.env.REDIS_CLUSTER_URL = url.toString().trim();
  globalThis.redisCluster = child;
}
