import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

describe('alerts in MongoDB', () => {
  it('have no run field where they concern no run', async () => {
    await db.alerts.raise([{ id: 'stale_s1_1', kind: 'stale', storeId: 's1', runId: null }]);
    expect(await db.raw('alerts').findOne({})).not.toHaveProperty('runId');
  });

  it('are removed by the database after 30 days', async () => {
    const indexes = await db.raw('alerts').listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { createdAt: 1 }, expireAfterSeconds: 30 * 24 * 3600 }),
    );
  });
});
