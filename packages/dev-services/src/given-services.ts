import { ConfigError } from './errors.ts';
import type { ServiceUris } from './instance.ts';

/** The servers that the environment names; undefined when it names none. Throws ConfigError when it names one of two. */
export function findGivenServices(
  environment: Readonly<Record<string, string | undefined>>,
): ServiceUris | undefined {
  const { MONGODB_URI: mongodbUri = '', REDIS_URL: redisUrl = '' } = environment;
  if (mongodbUri === '' && redisUrl === '') return undefined;
  if (mongodbUri !== '' && redisUrl !== '') return { mongodbUri, redisUrl };
  const [set, unset] =
    redisUrl === '' ? ['MONGODB_URI', 'REDIS_URL'] : ['REDIS_URL', 'MONGODB_URI'];
  throw new ConfigError(`${set} is set and ${unset} is not`, {
    hint: 'Set both to use servers that run, or neither to have them started.',
  });
}
