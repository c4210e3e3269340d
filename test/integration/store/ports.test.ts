import { describeStorage } from '../../contract/ports/storage.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

describeStorage(async () => {
  await db.empty();
  return db;
});
