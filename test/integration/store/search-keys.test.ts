import { searchKeysOf } from '../../../src/core/member-search.ts';
import { migrate } from '../../../src/mongo/migrations/migrate.ts';
import { aMember } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const count = 1203;
const members = Array.from({ length: count }, (_, at) =>
  aMember({
    id: `s1.u${at}`,
    externalId: `u${at}`,
    emailKey: `u${at}@acme.test`,
    lastRecord: 'r.1',
    fields: { displayName: `Ada ${at}`, email: `u${at}@acme.test` },
  }),
);

it('gives members of an earlier release their search keys, once', async () => {
  await db.members.insertMany(members);
  await db.raw('members').updateMany({}, { $unset: { search: '' } });
  await expect(db.members.count({ search: 'ada' })).resolves.toBe(0);
  await migrate(db);
  await expect(db.members.count({ search: 'ada' })).resolves.toBe(count);
  const stored = await db.raw('members').findOne({ externalId: 'u7' });
  expect(stored?.['search']).toEqual(searchKeysOf(members[7] ?? aMember()));
  expect(stored?.['revision']).toBe(members[7]?.revision);
  await db.raw('members').updateOne({ externalId: 'u7' }, { $set: { 'search.words': ['kept'] } });
  await migrate(db);
  await expect(db.members.count({ search: 'kept' })).resolves.toBe(1);
});

it('keeps no word of a member that was deleted, or whose fields became blank', async () => {
  const [blank, deleted] = ['s1.u1', 's1.u2'];
  const set = { fields: { displayName: null, email: null }, emailKey: null, fingerprint: null };
  await db.members.updateMany([{ id: blank, fromRevision: 1, recordId: 'r.2', set }]);
  await db.members.deleteMany([{ id: deleted, fromRevision: 1, recordId: 'r.3' }]);
  const left = await db
    .raw('members')
    .find({ externalId: { $in: ['u1', 'u2'] } })
    .toArray();
  expect(left.map(({ search }) => search.words)).toEqual([[]]);
  expect(left[0]?.['search']).toMatchObject({ name: `\t${blank}`, address: `\t${blank}` });
});
