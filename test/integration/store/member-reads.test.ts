import type { Member } from '../../../src/core/model/member.ts';
import { oneOf } from '../../../src/mongo/one-of.ts';
import { aMember } from '../../builders/models.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

/**
 * A member of a store (`s1` unless another is given) with a source id, and no other unique value.
 */
function member(externalId: string, parts: Partial<Member> = {}): Member {
  const storeId = 'storeId' in parts ? parts.storeId : 's1';
  const id = `${storeId}.${externalId}`;
  return aMember({
    id,
    storeId: 's1',
    externalId,
    emailKey: `${id}@acme.test`,
    lastRecord: 'r.1',
    ...parts,
  });
}

async function insert(...members: readonly Member[]): Promise<void> {
  const { failed } = await db.members.insertMany(members);
  expect(failed).toEqual([]);
}

const idsOf = (members: readonly Member[]) => members.map(({ externalId }) => externalId ?? '');

async function collect(members: AsyncIterable<Member>): Promise<Member[]> {
  const all: Member[] = [];
  for await (const one of members) all.push(one);
  return all;
}

describe('reading members in MongoDB', () => {
  it('stores nothing for blank fields', async () => {
    await insert(member('u1', { id: 'm', storeId: null, externalId: null, emailKey: null }));
    const stored = await db.raw('members').findOne({});
    expect(Object.keys(stored ?? {}).sort()).toEqual(
      'createdAt custom fields _id lastRecord revision search status statusBy updatedAt'
        .split(' ')
        .sort(),
    );
  });

  it('removes fields that became blank', async () => {
    await insert(member('u1'));
    const set = { fields: { email: null }, emailKey: null, fingerprint: null };
    await db.members.updateMany([{ id: 's1.u1', fromRevision: 1, recordId: 'r.2', set }]);
    const stored = await db.raw('members').findOne({});
    expect(stored?.['fields']).toEqual({});
    expect(stored).not.toHaveProperty('emailKey');
  });

  it('takes the characters of a prefix literally', async () => {
    const special = 'A.* (x) [y] $z ^ \\ / - | + ?';
    await insert(
      member('u1', { emailKey: 'adam.$gt@acme.test', fields: { firstName: 'Ada' } }),
      member('u2', { emailKey: '$gt@acme.test', fields: { displayName: special } }),
    );
    const found = async (filter: { readonly namePrefix?: string; readonly emailPrefix?: string }) =>
      idsOf((await db.members.page({ ...filter, limit: 9 })).members);
    await expect(found({ namePrefix: 'a.*' })).resolves.toEqual(['u2']);
    await expect(found({ namePrefix: special })).resolves.toEqual(['u2']);
    await expect(found({ emailPrefix: '.*' })).resolves.toEqual([]);
    await expect(found({ emailPrefix: '$gt' })).resolves.toEqual(['u2']);
  });

  const manyKeys = Array.from({ length: 500 }, (_, number) => `x${number}`);

  it.each([
    ['headsInIdRange', { storeId: 's1', externalId: { $gt: 'u1', $lte: 'u2' } }, 'source'],
    ['bySourceIds', { storeId: 's1', externalId: { $in: ['u1'] } }, 'source'],
    ['byEmailKeys', { emailKey: oneOf(manyKeys) }, 'emailKey'],
    ['keptFrom', { 'keptFrom.orgId': 'o', externalId: { $in: ['u1'] } }, 'keptFrom'],
    ['a search', { 'search.words': { $regex: '^ada' } }, 'words'],
    ['a part of a sorted list', { 'search.name': { $gt: 'a', $lte: 'b' } }, 'byName'],
  ])('may use its index for %s', async (_name, filter, index) => {
    // The planner scans a small collection, whatever the indexes: a large one makes it use them.
    const documents = Array.from({ length: 3000 }, (_, number) => ({
      storeId: 's1',
      externalId: `v${number}`,
      emailKey: `${number}`,
      keptFrom: { orgId: `${number}` },
      search: { words: [`w${number}`], name: `n${number}` },
    }));
    await db.raw('members').insertMany(documents);
    const plan = await db.raw('members').find(filter).explain();
    expect(JSON.stringify(plan)).toMatch(new RegExp(`"(Index Name|indexName)":"${index}"`));
  });

  it('lists each member once over more than a page', async () => {
    const pad = (number: number) => `u${String(number).padStart(5, '0')}`;
    const some = (storeId: string | null, from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => {
        const externalId = storeId === null ? null : pad(from + at);
        return member(pad(from + at), { id: `${storeId}.${at}`, storeId, externalId });
      });
    // The first places end between two members of different stores with one source id.
    await insert(...some('s1', 0, 3000), ...some('s2', 901, 3000), ...some(null, 0, 5001));
    const listed = await collect(db.members.list({}));
    expect(listed).toHaveLength(10_100);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(10_100);
    const sourceIds = idsOf(listed).slice(0, 5099);
    expect(sourceIds).toEqual([...sourceIds].sort((a, b) => (a < b ? -1 : 1)));
  });
});
