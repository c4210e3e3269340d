import type { KnownPage } from '../../../src/core/model/known-page.ts';
import { aNewStore } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const page = (skip: number, parts: Partial<KnownPage> = {}): KnownPage => ({
  skip,
  hash: `of ${skip}`,
  users: [],
  ...parts,
});

describe('what is known of pages', () => {
  it('comes back as it was kept', async () => {
    const users = [
      { externalId: 'a', fingerprint: 'A+/=', idleAs: null },
      { externalId: 'b', fingerprint: null, idleAs: 'skipped' as const },
      { externalId: 'c', fingerprint: null, idleAs: 'outOfScope' as const },
      { externalId: 'd', fingerprint: null, idleAs: null },
    ];
    await db.pages.put('s1', [page(99, { users })]);
    await expect(db.pages.from('s1', 0, 10)).resolves.toEqual([page(99, { users })]);
  });

  it('is of one store, in order of the rows, from a row on, so many', async () => {
    await db.pages.put('s1', [page(10_098), page(0), page(99), page(1089)]);
    await db.pages.put('s2', [page(198)]);
    const skips = async (...[from, limit]: readonly [number, number]) =>
      (await db.pages.from('s1', from, limit)).map(({ skip }) => skip);
    await expect(skips(0, 10)).resolves.toEqual([0, 99, 1089, 10_098]);
    await expect(skips(99, 2)).resolves.toEqual([99, 1089]);
    await expect(skips(10_099, 2)).resolves.toEqual([]);
  });

  it('takes the place of what was known, and is forgotten from a row on', async () => {
    await db.pages.put('s1', [page(0), page(99), page(198)]);
    await db.pages.put('s1', [page(99, { hash: 'new' })]);
    await db.pages.removeFrom('s1', 100);
    await expect(db.pages.from('s1', 0, 10)).resolves.toEqual([page(0), page(99, { hash: 'new' })]);
  });

  it('is forgotten with its store', async () => {
    const store = await db.stores.create(aNewStore());
    await db.pages.put(store.id, [page(0)]);
    await db.stores.remove(store, 'keep');
    await expect(db.pages.from(store.id, 0, 10)).resolves.toEqual([]);
  });
});
