import { connectDatabase, type Database } from '../../../src/mongo/connection.ts';
import { createStores } from '../../../src/mongo/index.ts';
import { indexesByCollection } from '../../../src/mongo/migrations/indexes.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import type { KeptPorts } from '../../../src/ports/index.ts';
import { StandingClock, startedAt } from '../../fakes/standing-clock.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

export interface TestDatabase extends Database, KeptPorts {
  readonly clock: StandingClock;
  /** The documents as they are stored. */
  raw(collection: string): ReturnType<Database['connection']['collection']>;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** What seals the credentials of a test database. */
export const firstKey = { id: 'k1', key: Buffer.alloc(32, 7) };

/** A migrated database of its own on the real server. */
export async function openTestDatabase(uri = testServices().mongodbUri): Promise<TestDatabase> {
  const database = await connectDatabase({
    uri,
    database: uniqueName('rollcall_test'),
  });
  await migrate(database);
  const clock = new StandingClock();
  const secretBox = createSecretBox([firstKey]);
  const { connection } = database;
  return {
    ...database,
    ...createStores({ database, secretBox, clock }),
    clock,
    raw: (collection) => connection.collection(collection),
    async empty() {
      clock.nowMs = startedAt.getTime();
      const names = Object.keys(indexesByCollection).concat(
        'leases',
        'mailDomains',
        'mailTemplates',
      );
      await Promise.all(names.map((one) => connection.collection(one).deleteMany({})));
    },
    async drop() {
      await connection.dropDatabase();
      await database.close();
    },
  };
}
