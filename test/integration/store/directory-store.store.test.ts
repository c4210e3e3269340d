import { createStores } from '../../../src/mongo/index.ts';
import { createSecretBox } from '../../../src/mongo/secret-box.ts';
import { aMember, aNewStore } from '../../builders/models.ts';
import { firstKey, openTestDatabase, type TestDatabase } from './test-database.ts';

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

  it('are given a credential anew with the first key, once, and not over a newer one', async () => {
    const { id } = await db.stores.create(aNewStore());
    const pushed = await db.stores.create(aNewStore({ name: 'pushed', credential: null }));
    const before = await db.raw('stores').findOne({ name: 'acme' });
    const secretBox = createSecretBox([{ id: 'k2', key: Buffer.alloc(32, 8) }, firstKey]);
    const { stores } = createStores({ database: db, secretBox, clock: db.clock });
    db.clock.advance(1000);
    await expect(stores.resealCredential(id)).resolves.toBe('rotated');
    const after = await db.raw('stores').findOne({ name: 'acme' });
    expect(after).toEqual({ ...before, credential: expect.stringMatching(/^k2\./) });
    await expect(stores.credential(id)).resolves.toMatchObject({ apiKey: 'jca_secret' });
    await expect(stores.resealCredential(id)).resolves.toBe('current');
    await expect(stores.resealCredential(pushed.id)).resolves.toBe('none');
    await expect(stores.resealCredential('gone')).resolves.toBe('none');
    // A process that has only the old key.
    await expect(db.stores.resealCredential(id)).rejects.toThrow("which SECRETS_KEYS doesn't have");
  });

  it('keep a credential that replaces another one while that is encrypted anew', async () => {
    const newer = { type: 'api-key', apiKey: 'newer' };
    for (let round = 0; round < 20; round += 1) {
      const { id } = await db.stores.create(aNewStore({ name: `acme ${round}` }));
      const secretBox = createSecretBox([{ id: 'k2', key: Buffer.alloc(32, 8) }, firstKey]);
      const { stores } = createStores({ database: db, secretBox, clock: db.clock });
      await Promise.all([
        stores.resealCredential(id),
        db.stores.reauthorize(id, { credential: newer, owner: 'cli:bob' }),
      ]);
      await expect(stores.credential(id)).resolves.toEqual(newer);
    }
  });

  it('leave no store id in the members that are kept when one is removed', async () => {
    const store = await db.stores.create(aNewStore());
    await db.members.insertMany([aMember({ storeId: store.id, lastRecord: 'run1.x' })]);
    await db.stores.remove(store, 'keep');
    expect(await db.raw('members').findOne({})).not.toHaveProperty('storeId');
  });
});
