import { once } from 'node:events';

export default async function stopRedisCluster() {
  const child = globalThis.redisCluster;
  const ended = once(child, 'exit');
  child.stdin.end();
  await ended;
}
