import { mongo } from 'mongoose';
import { Conflict, Unavailable } from '../../../src/core/errors.ts';
import { migrate, missingIndexes } from '../../../src/mongo/migrations/migrate.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

describe('migrate', () => {
  it('can be repeated, by several processes at once', async () => {
    await Promise.all([migrate(db), migrate(db), migrate(db)]);
    await expect(missingIndexes(db)).resolves.toEqual([]);
  });

  it('creates what is missing, from nothing too', async () => {
    await db.raw('members').dropIndex('source');
    await db.raw('tokens').drop();
    await expect(missingIndexes(db)).resolves.toEqual([
      'members.source',
      'tokens.name',
      'tokens.hash',
    ]);
    await migrate(db);
    await expect(missingIndexes(db)).resolves.toEqual([]);
  });

  it('drops indexes of an earlier release that would be wrong now', async () => {
    const runs = db.raw('runs');
    const former = { name: 'queued', unique: true, partialFilterExpression: { status: 'queued' } };
    await runs.createIndex({ storeId: 1, mode: 1 }, former);
    await Promise.all([migrate(db), migrate(db)]);
    const names = (await runs.listIndexes().toArray()).map(({ name }) => name);
    expect(names).toContain('queuedOnce');
    expect(names).not.toContain('queued');
  });

  it('drops the collection of listed pages that an earlier release kept', async () => {
    await db.raw('pages').insertOne({ hash: 'hash', users: ['u1 fingerprint '] });
    await Promise.all([migrate(db), migrate(db)]);
    const names = (await db.connection.listCollections()).map(({ name }) => name);
    expect(names).toContain('members');
    expect(names).not.toContain('pages');
  });

  it('names the collection whose index can’t be created', async () => {
    await db.raw('stores').dropIndex('name');
    await db.raw('stores').insertMany([{ name: 'acme' }, { name: 'acme' }]);
    const failed = migrate(db);
    await expect(failed).rejects.toBeInstanceOf(Conflict);
    await expect(failed).rejects.toThrow(/The indexes of 'stores' can't be made/);
    await db.raw('stores').deleteMany({});
    await migrate(db);
  });

  it('says that the database is away when it is lost meanwhile', async () => {
    const lost = new mongo.MongoNetworkError('connection <monitor> to 127.0.0.1:1 closed');
    const lose = () => Promise.reject(lost);
    const lostBy = (parts: object) => ({ connection: Object.assign(Object.create(null), parts) });
    const making = lostBy({ collection: () => ({ createIndexes: lose }) });
    await expect(migrate(making)).rejects.toBeInstanceOf(Unavailable);
    const looking = {
      collection: () => ({ createIndexes: async () => [] }),
      listCollections: lose,
    };
    await expect(migrate(lostBy(looking))).rejects.toBeInstanceOf(Unavailable);
  });
});
