import type { App } from './compose.ts';

/** The versions of database and Redis, as they say themselves; null for one that does not. */
export async function serviceVersions({
  database,
  queues,
}: Pick<App, 'database' | 'queues'>): Promise<{
  readonly database: string | null;
  readonly redis: string | null;
}> {
  const ofDatabase = async (): Promise<string> => {
    const info = await database.connection.getClient().db().admin().buildInfo();
    return String(info['version']);
  };
  const ofRedis = async (): Promise<string | null> => {
    const client = await queues.runs.getBackend().client;
    return /^redis_version:(\S+)/m.exec(await client.info())?.[1] ?? null;
  };
  const [databaseVersion, redis] = await Promise.all([
    ofDatabase().catch(() => null),
    ofRedis().catch(() => null),
  ]);
  return { database: databaseVersion, redis };
}
