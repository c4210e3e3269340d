import { Conflict } from '../../../src/core/errors.ts';
import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const ops = { name: 'ops', role: 'viewer' } as const;

describe('access tokens', () => {
  it('are found by their secret, of which only a hash is kept', async () => {
    const { token, secret } = await db.tokens.create(ops);
    expect(secret).toMatch(/^rc_[A-Za-z0-9_-]{43}$/);
    expect(token).toEqual({ ...ops, id: token.id, createdAt: startedAt, lastUsedAt: null });
    await expect(db.tokens.bySecret(secret)).resolves.toMatchObject({ id: token.id });
    const stored = JSON.stringify(await db.raw('tokens').find().toArray());
    expect(stored).not.toContain(secret.slice(3));
  });

  it.each(['', 'rc_', 'rc_wrong', 'no-prefix'])('are not found by %j', async (secret) => {
    await db.tokens.create(ops);
    await expect(db.tokens.bySecret(secret)).resolves.toBeNull();
  });

  it('show no hash', async () => {
    const { token } = await db.tokens.create(ops);
    await expect(db.tokens.get(token.id)).resolves.toEqual(token);
    await expect(db.tokens.list()).resolves.toEqual([token]);
    await expect(db.tokens.get('unknown')).resolves.toBeNull();
  });

  it('have names of their own, also when two are made at once', async () => {
    const both = await Promise.allSettled([db.tokens.create(ops), db.tokens.create(ops)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const third = db.tokens.create(ops);
    await expect(third).rejects.toBeInstanceOf(Conflict);
    await expect(third).rejects.toThrow("There is a token named 'ops' already.");
  });

  it('are listed by name', async () => {
    for (const name of ['b', 'a', 'c']) await db.tokens.create({ name, role: 'admin' });
    const names = (await db.tokens.list()).map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('remember their last use, to the minute', async () => {
    const { token, secret } = await db.tokens.create(ops);
    const lastUsed = async () => (await db.tokens.get(token.id))?.lastUsedAt;
    await db.tokens.bySecret(secret);
    db.clock.advance(59_999);
    await db.tokens.bySecret(secret);
    await expect(lastUsed()).resolves.toEqual(startedAt);
    db.clock.advance(1);
    const found = await db.tokens.bySecret(secret);
    expect(found?.lastUsedAt).toEqual(new Date(startedAt.getTime() + 60_000));
    await expect(lastUsed()).resolves.toEqual(found?.lastUsedAt);
  });

  it('are worth nothing once revoked', async () => {
    const { token, secret } = await db.tokens.create(ops);
    await expect(db.tokens.revoke(token.id)).resolves.toBe(true);
    await expect(db.tokens.revoke(token.id)).resolves.toBe(false);
    await expect(db.tokens.bySecret(secret)).resolves.toBeNull();
  });
});
