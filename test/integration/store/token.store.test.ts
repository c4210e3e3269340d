import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

describe('tokens in MongoDB', () => {
  it('are stored as a hash of a long secret', async () => {
    const { secret } = await db.tokens.create({ name: 'ops', role: 'viewer' });
    expect(secret).toMatch(/^rc_[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(await db.raw('tokens').find().toArray());
    expect(stored).not.toContain(secret.slice('rc_'.length));
  });

  it('are stored as a hash of a long secret for SCIM too', async () => {
    const secret = await db.scimTokens.issue('s1', 0);
    expect(secret).toMatch(/^rcs_[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(await db.raw('scimTokens').find().toArray());
    expect(stored).not.toContain(secret.slice('rcs_'.length));
  });
});
