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

/** A member of a store (`s1` unless told) with a source id, and nothing else that is unique. */
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

describe('reading members', () => {
  it('gives back what was inserted, all of it', async () => {
    const full = member('u1', {
      keptFrom: { directory: 'jumpcloud', orgId: 'o1' },
      status: 'inactive',
      statusBy: 'person',
      inactiveCause: 'gone',
      fields: { email: 'Ada@acme.test', department: 'R & D' },
      custom: { shirtSize: 'M', größe: '4' },
      groups: ['g1'],
      revision: 7,
    });
    const bare = member('u2', {
      id: 'by-hand',
      storeId: null,
      externalId: null,
      emailKey: null,
      fields: {},
    });
    await insert(full, bare);
    await expect(db.members.get(full.id)).resolves.toEqual(full);
    await expect(db.members.get('by-hand')).resolves.toEqual(bare);
    await expect(db.members.get('nobody')).resolves.toBeNull();
  });

  it('stores nothing for what is blank', async () => {
    await insert(member('u1', { id: 'm', storeId: null, externalId: null, emailKey: null }));
    const stored = await db.raw('members').findOne({});
    expect(Object.keys(stored ?? {}).sort()).toEqual(
      'createdAt custom fields groups _id lastRecord revision status statusBy updatedAt'
        .split(' ')
        .sort(),
    );
  });

  it('finds members by id, address key and source id', async () => {
    await insert(member('u1'), member('u2'), member('u1', { storeId: 's2' }));
    expect((await db.members.byIds(['s2.u1', 's1.u2', 'no'])).map(({ id }) => id).sort()).toEqual([
      's1.u2',
      's2.u1',
    ]);
    await expect(db.members.byEmailKey('s1.u2@acme.test')).resolves.toMatchObject({ id: 's1.u2' });
    await expect(db.members.byEmailKey('nobody@acme.test')).resolves.toBeNull();
    const byKeys = await db.members.byEmailKeys(['s1.u1@acme.test', 'nobody@acme.test']);
    expect(byKeys.map(({ id }) => id)).toEqual(['s1.u1']);
    const bySource = await db.members.bySourceIds('s1', ['u1', 'u2', 'u3']);
    expect(bySource.map(({ id }) => id).sort()).toEqual(['s1.u1', 's1.u2']);
    await expect(db.members.byIds([])).resolves.toEqual([]);
  });

  it('reads heads in a range of source ids: above the one, up to the other, so many', async () => {
    const absence = { since: new Date('2026-01-02'), confirmations: 1, runId: 'run1' };
    await insert(
      ...['u4', 'u2', 'u3'].map((id) => member(id)),
      member('u1', { status: 'inactive', inactiveCause: 'gone', fingerprint: 'f1', absence }),
      member('u2', { storeId: 's2' }),
    );
    const heads = (after: string | null, upTo: string | null, limit = 10) =>
      db.members.headsInIdRange({ storeId: 's1', after, upTo, limit });
    const ids = async (...range: Parameters<typeof heads>) =>
      (await heads(...range)).map(({ externalId }) => externalId);
    await expect(ids('u1', 'u3')).resolves.toEqual(['u2', 'u3']);
    await expect(ids(null, 'u2')).resolves.toEqual(['u1', 'u2']);
    await expect(ids('u2', null)).resolves.toEqual(['u3', 'u4']);
    await expect(ids(null, null, 3)).resolves.toEqual(['u1', 'u2', 'u3']);
    await expect(ids('u4', null)).resolves.toEqual([]);
    await expect(heads(null, 'u2')).resolves.toEqual([
      { externalId: 'u1', fingerprint: 'f1', inactiveCause: 'gone', absence },
      { externalId: 'u2', fingerprint: null, inactiveCause: null, absence: null },
    ]);
  });

  const manyKeys = Array.from({ length: 500 }, (_, number) => `x${number}`);

  it.each([
    ['headsInIdRange', { storeId: 's1', externalId: { $gt: 'u1', $lte: 'u2' } }, 'source'],
    ['bySourceIds', { storeId: 's1', externalId: { $in: ['u1'] } }, 'source'],
    ['byEmailKeys', { emailKey: oneOf(manyKeys) }, 'emailKey'],
    ['keptFrom', { 'keptFrom.orgId': 'o', externalId: { $in: ['u1'] } }, 'keptFrom'],
  ])('may use its index for %s', async (_name, filter, index) => {
    // The planner scans a small collection, whatever the indexes: there must be something to skip.
    const documents = Array.from({ length: 3000 }, (_, number) => ({
      storeId: 's1',
      externalId: `v${number}`,
      emailKey: `${number}`,
      keptFrom: { orgId: `${number}` },
    }));
    await db.raw('members').insertMany(documents);
    const plan = await db.raw('members').find(filter).explain();
    expect(JSON.stringify(plan)).toMatch(new RegExp(`"(Index Name|indexName)":"${index}"`));
  });

  it('knows whom a removed store left behind', async () => {
    const origin = { directory: 'jumpcloud', orgId: 'o1' };
    await insert(
      member('u1', { storeId: null, keptFrom: origin }),
      member('u2', { storeId: null, keptFrom: { ...origin, directory: 'okta' } }),
      member('u3'),
    );
    const kept = await db.members.keptFrom(origin, ['u1', 'u2', 'u3']);
    expect(idsOf(kept)).toEqual(['u1']);
    await expect(db.members.hasKeptFrom(origin)).resolves.toBe(true);
    await expect(db.members.hasKeptFrom({ ...origin, orgId: 'o2' })).resolves.toBe(false);
  });

  it('counts the members of a store by status', async () => {
    await insert(
      member('u1'),
      member('u2'),
      member('u3', { status: 'inactive' }),
      member('u1', { storeId: 's2' }),
    );
    await expect(db.members.counts('s1')).resolves.toEqual({ active: 2, inactive: 1 });
    await expect(db.members.counts('none')).resolves.toEqual({ active: 0, inactive: 0 });
  });

  it('lists by source id over all stores, those without one last', async () => {
    await insert(
      member('u2'),
      member('x', { id: 'b', storeId: null, externalId: null }),
      member('u1', { storeId: 's2' }),
      member('x', { id: 'a', storeId: null, externalId: null, emailKey: null }),
      member('u1', { status: 'inactive' }),
    );
    const ids = async (filter: Parameters<typeof db.members.list>[0]) =>
      (await collect(db.members.list(filter))).map(({ id }) => id);
    await expect(ids({})).resolves.toEqual(['s1.u1', 's2.u1', 's1.u2', 'a', 'b']);
    await expect(ids({ storeId: 's1' })).resolves.toEqual(['s1.u1', 's1.u2']);
    await expect(ids({ status: 'active' })).resolves.toEqual(['s2.u1', 's1.u2', 'a', 'b']);
    await expect(ids({ storeId: 's1', status: 'inactive' })).resolves.toEqual(['s1.u1']);
  });

  describe('page by page', () => {
    const page = async (filter: Omit<Parameters<typeof db.members.page>[0], 'limit'>) => {
      const ids: string[][] = [];
      for (let after: string | null = ''; after !== null; ) {
        const read = await db.members.page({ ...filter, limit: 2, ...(after !== '' && { after }) });
        ids.push(read.members.map(({ id }) => id));
        after = read.next;
      }
      return ids;
    };
    beforeEach(() =>
      insert(
        member('u2', { emailKey: 'ada@acme.test' }),
        member('u1', { emailKey: 'adam.$gt@acme.test', status: 'inactive' }),
        member('u3', { emailKey: 'ad𝕏z@acme.test' }),
        member('u1', { storeId: 's2', emailKey: 'bob@acme.test' }),
        member('x', { id: 'a', storeId: null, externalId: null, emailKey: null }),
      ),
    );

    it('is by id, or by source id in one store', async () => {
      expect(await page({})).toEqual([['a', 's1.u1'], ['s1.u2', 's1.u3'], ['s2.u1']]);
      expect(await page({ storeId: 's1' })).toEqual([['s1.u1', 's1.u2'], ['s1.u3']]);
      expect(await page({ storeId: 's1', status: 'active' })).toEqual([['s1.u2', 's1.u3']]);
      expect(await page({ storeId: 'none' })).toEqual([[]]);
    });

    it('is of those who are called alike, whatever else that might mean', async () => {
      const called = (id: string, fields: Member['fields']) =>
        member(id, { id, storeId: 's3', emailKey: null, fields });
      await insert(
        called('n1', { firstName: 'Ada' }),
        called('n2', { lastName: 'adams', firstName: 'Bo' }),
        called('n3', { displayName: 'A.* (x) [y] $z ^ \\ / - | + ?' }),
        called('n4', { firstName: 'Bada' }),
      );
      expect(await page({ namePrefix: 'AD' })).toEqual([['n1', 'n2']]);
      expect(await page({ namePrefix: 'a.*' })).toEqual([['n3']]);
      expect(await page({ namePrefix: 'A.* (x) [y] $z ^ \\ / - | + ?' })).toEqual([['n3']]);
      expect(await page({ namePrefix: 'ad', storeId: 's1' })).toEqual([[]]);
    });

    it('is by address for those whose address begins alike', async () => {
      expect(await page({ emailPrefix: 'ad' })).toEqual([['s1.u2', 's1.u1'], ['s1.u3']]);
      expect(await page({ emailPrefix: 'ada@acme.test' })).toEqual([['s1.u2']]);
      expect(await page({ emailPrefix: 'ad', status: 'active' })).toEqual([['s1.u2', 's1.u3']]);
      expect(await page({ emailPrefix: 'b', storeId: 's1' })).toEqual([[]]);
      expect(await page({ emailPrefix: '.*' })).toEqual([[]]);
    });
  });

  it('lists each of more than a page of members once', async () => {
    const pad = (number: number) => `u${String(number).padStart(5, '0')}`;
    const some = (storeId: string | null, from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => {
        const externalId = storeId === null ? null : pad(from + at);
        return member(pad(from + at), { id: `${storeId}.${at}`, storeId, externalId });
      });
    // The first page ends between two members of different stores with one source id.
    await insert(...some('s1', 0, 1500), ...some('s2', 901, 1500), ...some(null, 0, 2001));
    const listed = await collect(db.members.list({}));
    expect(listed).toHaveLength(4100);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(4100);
    const sourceIds = idsOf(listed).slice(0, 2099);
    expect(sourceIds).toEqual([...sourceIds].sort((a, b) => (a < b ? -1 : 1)));
  });
});
