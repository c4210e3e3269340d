import { aMember, aNewStore } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

describe('directory stores in MongoDB', () => {
  it('contain no credential in plain text', async () => {
    await db.stores.create(aNewStore());
    const stored = await db.raw('stores').findOne({});
    expect(JSON.stringify(stored)).not.toContain('jca_secret');
    expect(stored?.['credential']).toMatch(/^k1\./);
  });

  it('do not decrypt a credential that was moved from another store', async () => {
    const one = await db.stores.create(aNewStore());
    const other = await db.stores.create(aNewStore({ name: 'other' }));
    const stored = await db.raw('stores').findOne({ name: 'acme' });
    await db
      .raw('stores')
      .updateOne({ name: 'other' }, { $set: { credential: stored?.['credential'] } });
    await expect(db.stores.credential(other.id)).rejects.toThrow("can't be decrypted");
    await expect(db.stores.credential(one.id)).resolves.toMatchObject({ apiKey: 'jca_secret' });
  });

  it('leave no store id in the members that are kept when one is removed', async () => {
    const store = await db.stores.create(aNewStore());
    await db.members.insertMany([aMember({ storeId: store.id, lastRecord: 'run1.x' })]);
    await db.stores.remove(store, 'keep');
    expect(await db.raw('members').findOne({})).not.toHaveProperty('storeId');
  });
});
