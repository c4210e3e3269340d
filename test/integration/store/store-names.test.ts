import { Conflict } from '../../../src/core/errors.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { aNewStore } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

/** Stores as an earlier release kept them, the oldest first. */
async function formerStores(...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const { id } = await db.stores.create(aNewStore({ name: `new ${ids.length}` }));
    await db.raw('stores').updateOne({ name: `new ${ids.length}` }, { $set: { name } });
    ids.push(id);
  }
  await db.raw('stores').updateMany({}, { $unset: { nameKey: '' } });
  return ids;
}

describe('names of stores of an earlier release', () => {
  it('are unique without case from the first start on', async () => {
    await formerStores('Acme', 'other');
    await expect(migrate(db)).resolves.toEqual([]);
    const again = db.stores.create(aNewStore({ name: 'ACME' }));
    await expect(again).rejects.toBeInstanceOf(Conflict);
  });

  it('that differ in case alone stop no start, are named at each, and work as they are', async () => {
    const [first = '', second = ''] = await formerStores('acme', 'Acme', 'other');
    await expect(Promise.all([migrate(db), migrate(db)])).resolves.toEqual([
      [['acme', 'Acme']],
      [['acme', 'Acme']],
    ]);
    await expect(migrate(db)).resolves.toEqual([['acme', 'Acme']]);
    await expect(db.stores.byName('acme')).resolves.toMatchObject({ id: first });
    await expect(db.stores.byName('Acme')).resolves.toMatchObject({ id: second });
    // Neither is meant for sure.
    await expect(db.stores.byName('ACME')).resolves.toBeNull();
    const third = db.stores.create(aNewStore({ name: 'ACME' }));
    await expect(third).rejects.toBeInstanceOf(Conflict);

    await db.stores.rename(second, 'Acme two');
    await expect(migrate(db)).resolves.toEqual([]);
    await expect(db.stores.byName('ACME')).resolves.toMatchObject({ id: first });
  });

  it('follow a process of that release that renames a store', async () => {
    const { id } = await db.stores.create(aNewStore());
    await db.raw('stores').updateOne({ name: 'acme' }, { $set: { name: 'Beta' } });
    await migrate(db);
    await db.stores.create(aNewStore({ name: 'ACME' }));
    const taken = db.stores.create(aNewStore({ name: 'beta' }));
    await expect(taken).rejects.toBeInstanceOf(Conflict);
    await expect(db.stores.byName('beta')).resolves.toMatchObject({ id });
  });
});
