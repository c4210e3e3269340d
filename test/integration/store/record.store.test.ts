import { aRecord } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

describe('records in MongoDB', () => {
  it('that show an address are found, however many there are', async () => {
    const many = Array.from({ length: 12_000 }, (_, n) =>
      aRecord(n + 1, { email: n % 4000 === 0 ? 'u@acme.test' : `u${n}@acme.test` }),
    );
    await db.records.insertMany(many);
    await expect(db.records.withAddress('u@acme.test')).resolves.toHaveLength(3);
  });
});
