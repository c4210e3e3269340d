import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Forwarder, startForwarder } from './forwarder.ts';
import type { ServiceName, ServiceUris } from './instance.ts';

/** A private Redis and database, which the caller can end and start as it likes. */
export interface PrivateServices extends ServiceUris {
  /** Ends one without warning; its data stay. */
  kill(service: ServiceName): Promise<void>;
  /** Starts a killed service again, at its address. */
  revive(): Promise<void>;
  /** Stops both and deletes their data. */
  close(): Promise<void>;
}

/** Starts an instance with no data in it. No other caller may use the name. */
export async function openPrivateServices(instance: string): Promise<PrivateServices> {
  await services('down', '--delete-data', '--instance', instance);
  const forwarders: Forwarder[] = [];
  const close = async (): Promise<void> => {
    await services('down', '--delete-data', '--instance', instance);
    await Promise.all(forwarders.map((forwarder) => forwarder.close()));
  };
  try {
    const { mongodb, redis } = await bringUp(instance);
    const [toMongodb, toRedis] = [await startForwarder(mongodb), await startForwarder(redis)];
    forwarders.push(toMongodb, toRedis);
    return {
      mongodbUri: `mongodb://127.0.0.1:${toMongodb.port}/?directConnection=true`,
      redisUrl: `redis://127.0.0.1:${toRedis.port}`,
      async kill(service) {
        await services('kill', service, '--instance', instance);
      },
      async revive() {
        // A container restarts with another port.
        const back = await bringUp(instance);
        toMongodb.leadTo(back.mongodb);
        toRedis.leadTo(back.redis);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bringUp(
  instance: string,
): Promise<{ readonly mongodb: number; readonly redis: number }> {
  const printed = await services('up', '--instance', instance);
  const portIn = (scheme: string): number =>
    Number(new RegExp(`${scheme}://127\\.0\\.0\\.1:(\\d+)`).exec(printed)?.[1]);
  return { mongodb: portIn('mongodb'), redis: portIn('redis') };
}

/** Runs one command of `npm run services`, without the servers that the environment may name. */
async function services(...words: readonly string[]): Promise<string> {
  const { MONGODB_URI: _mongodb, REDIS_URL: _redis, ...env } = process.env;
  const command = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), ...words];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  return stdout;
}
