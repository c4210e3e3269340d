import { aNewRun } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

describe('runs in MongoDB', () => {
  it('have ids in the order of their requests', async () => {
    const { run: first } = await db.runs.enqueue(aNewRun());
    const { run: second } = await db.runs.enqueue(aNewRun({ storeId: 's2' }));
    expect(second.id > first.id).toBe(true);
  });
});
