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

  it('have no end as null while they are queued, as a process of the release before expects', async () => {
    await db.runs.enqueue(aNewRun());
    const nulls = { certificate: null, error: null, startedAt: null, finishedAt: null };
    const [stored] = await db.raw('runs').find().toArray();
    expect(stored).toMatchObject({ ...nulls, resolvedAt: null, warnings: [] });
    expect(Object.keys(stored ?? {})).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(undoOf|proposed|subject|decision|holder)$/),
      ]),
    );
  });

  it('are read without the paths that the database does not have', async () => {
    const { run } = await db.runs.enqueue(aNewRun());
    const absent = { certificate: '', error: '', startedAt: '', finishedAt: '', resolvedAt: '' };
    await db.raw('runs').updateOne({}, { $unset: { ...absent, warnings: '' } });
    expect(await db.runs.get(run.id)).toEqual(run);
  });
});
