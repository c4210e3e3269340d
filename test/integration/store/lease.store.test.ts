import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const lease = (holder: string) => ({ storeId: 's1', holder, ttlMs: 1000 });

describe('the lease of a store', () => {
  it('goes to one of many that ask at once', async () => {
    const holders = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const answers = await Promise.all(holders.map((holder) => db.leases.acquire(lease(holder))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const winner = holders[answers.indexOf(true)];
    await expect(db.raw('leases').find().toArray()).resolves.toEqual([
      { _id: 's1', holder: winner, expiresAt: new Date(startedAt.getTime() + 1000) },
    ]);
  });

  it('is refused to others until it expires, then to its old holder', async () => {
    await expect(db.leases.acquire(lease('a'))).resolves.toBe(true);
    db.clock.advance(999);
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(false);
    db.clock.advance(1);
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(true);
    await expect(db.leases.renew(lease('a'))).resolves.toBe(false);
    await expect(db.leases.acquire(lease('a'))).resolves.toBe(false);
  });

  it('is taken over by one of many once it has expired', async () => {
    await db.leases.acquire(lease('gone'));
    db.clock.advance(1000);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((holder) => db.leases.acquire(lease(holder))),
    );
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('can be acquired again by its holder, and lasts longer then', async () => {
    await db.leases.acquire(lease('a'));
    db.clock.advance(600);
    await expect(db.leases.acquire(lease('a'))).resolves.toBe(true);
    db.clock.advance(600);
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(false);
  });

  it('lasts longer when renewed', async () => {
    await db.leases.acquire(lease('a'));
    db.clock.advance(600);
    await expect(db.leases.renew(lease('a'))).resolves.toBe(true);
    db.clock.advance(600);
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(false);
  });

  it('is not made by renewing', async () => {
    await expect(db.leases.renew(lease('a'))).resolves.toBe(false);
    await expect(db.raw('leases').countDocuments()).resolves.toBe(0);
  });

  it('is released by its holder alone', async () => {
    await db.leases.acquire(lease('a'));
    await db.leases.release(lease('b'));
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(false);
    await db.leases.release(lease('a'));
    await expect(db.leases.acquire(lease('b'))).resolves.toBe(true);
  });

  it('of one store has nothing to do with that of another', async () => {
    await db.leases.acquire(lease('a'));
    await expect(db.leases.acquire({ ...lease('b'), storeId: 's2' })).resolves.toBe(true);
  });
});
