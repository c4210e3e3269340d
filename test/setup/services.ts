import { randomBytes } from 'node:crypto';

/** The addresses of the tests' Redis and MongoDB. Throws when they were not started. */
export function testServices(): { readonly mongodbUri: string; readonly redisUrl: string } {
  const { MONGODB_URI: mongodbUri = '', REDIS_URL: redisUrl = '' } = process.env;
  if (mongodbUri === '' || redisUrl === '') {
    throw new Error(
      'These tests need Redis and MongoDB: run npm test, or npm run services -- up and export what it prints.',
    );
  }
  return { mongodbUri, redisUrl };
}

/**
 * A name that no other test file or run has, for a database or a Redis prefix: letters, digits and
 * underscores, short enough for a MongoDB database (63 bytes) with a prefix of up to 40.
 */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
