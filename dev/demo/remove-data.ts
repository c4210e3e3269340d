import { Redis } from 'ioredis';
import mongoose from 'mongoose';

/** Removes the demo's own database and Redis keys: the services may have other users and stay. */
export async function removeData(env: NodeJS.ProcessEnv): Promise<void> {
  const { MONGODB_URI, REDIS_URL, MONGODB_DATABASE, REDIS_PREFIX } = env;
  if (!MONGODB_URI || !REDIS_URL || !MONGODB_DATABASE || !REDIS_PREFIX) return;
  const connection = await mongoose
    .createConnection(MONGODB_URI, { dbName: MONGODB_DATABASE })
    .asPromise();
  await connection.dropDatabase();
  await connection.close();
  const redis = new Redis(REDIS_URL);
  for await (const keys of redis.scanStream({ match: `*${REDIS_PREFIX}*` })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
  redis.disconnect();
}
