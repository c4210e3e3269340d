import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { findGivenServices } from '../../src/given-services.ts';

/** A connected client with a database that no other test file has. */
export interface TestDatabase {
  readonly mongodbUri: string;
  readonly client: mongo.MongoClient;
  readonly database: mongo.Db;
  /** Whether the server is the gateway, and not MongoDB itself. */
  readonly isGateway: boolean;
  /** Drops the database and disconnects. */
  readonly close: () => Promise<void>;
}

/** Connects the tests' MongoDB with a database of its own. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const mongodbUri = findGivenServices(process.env)?.mongodbUri ?? '';
  const client = await mongo.MongoClient.connect(mongodbUri);
  const database = client.db(uniqueName('test'));
  const hello = await database.command({ hello: 1 });
  return {
    mongodbUri,
    client,
    database,
    isGateway: hello['msg'] === 'isdbgrid',
    close: async () => {
      await database.dropDatabase();
      await client.close();
    },
  };
}

/** The rejection of a promise. Throws when it resolved. */
export async function rejectionOf(promise: Promise<unknown>): Promise<mongo.MongoServerError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return error;
    throw error;
  }
  throw new Error('it was not rejected');
}

/** A name that no other test file or run has, for a database or a collection. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}
