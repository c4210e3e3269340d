import type { Member } from '../../../src/core/model/member.ts';
import { aMember } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it stores members. */
export function describeMemberReads(open: OpenPorts<'members'>): void {
  describe('reading members', () => {
    let ports: Opened<'members'>;
    beforeEach(async () => {
      ports = await open();
    });

    /**
     * A member of a store (`s1` unless another is given) with a source id, and no other unique
     * value.
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
      const { failed } = await ports.members.insertMany(members);
      expect(failed).toEqual([]);
    }

    const idsOf = (members: readonly Member[]) => members.map(({ externalId }) => externalId ?? '');

    async function collect(members: AsyncIterable<Member>): Promise<Member[]> {
      const all: Member[] = [];
      for await (const one of members) all.push(one);
      return all;
    }

    it('returns an inserted member with all its values', async () => {
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
      await expect(ports.members.get(full.id)).resolves.toEqual(full);
      await expect(ports.members.get('by-hand')).resolves.toEqual(bare);
      await expect(ports.members.get('nobody')).resolves.toBeNull();
    });

    it('finds members by id', async () => {
      await insert(member('u1'), member('u2'), member('u1', { storeId: 's2' }));
      const found = await ports.members.byIds(['s2.u1', 's1.u2', 'no']);
      expect(found.map(({ id }) => id).sort()).toEqual(['s1.u2', 's2.u1']);
      await expect(ports.members.byIds([])).resolves.toEqual([]);
    });

    it('finds members by address key', async () => {
      await insert(member('u1'), member('u2'), member('u3', { emailKey: null }));
      await expect(ports.members.byEmailKey('s1.u2@acme.test')).resolves.toMatchObject({
        id: 's1.u2',
      });
      await expect(ports.members.byEmailKey('nobody@acme.test')).resolves.toBeNull();
      const found = await ports.members.byEmailKeys(['s1.u1@acme.test', 'nobody@acme.test']);
      expect(found.map(({ id }) => id)).toEqual(['s1.u1']);
    });

    it('lists members that show an address without a claim on it, unless they are gone', async () => {
      const released = { emailKey: null } as const;
      await insert(
        member('u1'),
        member('u4', released),
        member('u2', released),
        member('u3', { ...released, fields: {} }),
        member('u5', { ...released, status: 'inactive', inactiveCause: 'gone' }),
        member('u6', { ...released, status: 'inactive', inactiveCause: 'suspended' }),
      );
      expect(idsOf(await ports.members.withoutClaim(10))).toEqual(['u2', 'u4', 'u6']);
      expect(idsOf(await ports.members.withoutClaim(2))).toEqual(['u2', 'u4']);
    });

    it('counts by store and status, with those that belong to no store, up to a limit', async () => {
      await insert(
        member('u1'),
        member('u2', { status: 'inactive' }),
        member('u3'),
        member('u4', { storeId: null, id: 'by-hand', externalId: null }),
        member('u1', { storeId: 's2' }),
      );
      const { members } = ports;
      expect(await members.count({ storeId: 's1' })).toBe(3);
      expect(await members.count({ storeId: 's1', status: 'active' })).toBe(2);
      expect(await members.count({ storeId: 's1' }, 2)).toBe(2);
      expect(await members.count({ storeId: 's3' }, 2)).toBe(0);
      expect(await members.count({ status: 'active' })).toBe(4);
      expect(await members.count({ status: 'active' }, 9)).toBe(4);
      expect(await members.count({ status: 'inactive' }, 9)).toBe(1);
      expect(await members.count({}, 5)).toBe(5);
      expect(await members.count({}, 4)).toBe(4);
    });

    it('lists and counts those of whom a word begins like a text', async () => {
      const names = (externalId: string, fields: Member['fields'], parts: Partial<Member> = {}) =>
        member(externalId, { fields, ...parts });
      await insert(
        names('u1', { firstName: 'Ada' }),
        names('u2', { lastName: 'ADAMS' }, { status: 'inactive' }),
        names('u3', { displayName: 'adam (x)' }),
        names('u4', { email: 'ada@acme.test' }, { emailKey: null }),
        names('u5', { employeeId: 'X-Ada.2' }),
        names('u6', { firstName: 'Grada', lastName: 'Noada', displayName: '.*' }),
        names('u7', { firstName: 'Ada' }, { storeId: null, id: 'by-hand', externalId: null }),
        names('u1', { firstName: 'Ada' }, { storeId: 's2' }),
      );
      const found = async (filter: Parameters<typeof ports.members.list>[0]) => {
        const ids = idsOf(await collect(ports.members.list(filter)));
        await expect(ports.members.count(filter)).resolves.toBe(ids.length);
        return ids;
      };
      expect(await found({ search: 'ada' })).toEqual(['u1', 'u1', 'u2', 'u3', 'u4', 'u5', '']);
      expect(await found({ search: 'ada', storeId: 's1', status: 'active' })).toEqual([
        'u1',
        'u3',
        'u4',
        'u5',
      ]);
      expect(await found({ search: '.*' })).toEqual(['u6']);
      expect(await found({ search: 'adam (' })).toEqual(['u3']);
      expect(await found({ search: 'ada ac' })).toEqual(['u4']);
      expect(await found({ search: 'ada@AC' })).toEqual(['u4']);
      expect(await found({ search: 'nobody' })).toEqual([]);
      expect(await found({})).toHaveLength(8);
    });

    it('finds members of a store by source id', async () => {
      await insert(member('u1'), member('u2'), member('u1', { storeId: 's2' }));
      const found = await ports.members.bySourceIds('s1', ['u1', 'u2', 'u3']);
      expect(found.map(({ id }) => id).sort()).toEqual(['s1.u1', 's1.u2']);
    });

    it('reads heads in a range of source ids: above the first, up to the last, with a limit', async () => {
      const absence = { since: new Date('2026-01-02'), confirmations: 1, runId: 'run1' };
      await insert(
        ...['u4', 'u2', 'u3'].map((id) => member(id)),
        member('u1', { status: 'inactive', inactiveCause: 'gone', fingerprint: 'f1', absence }),
        member('u2', { storeId: 's2' }),
      );
      const heads = (after: string | null, upTo: string | null, limit = 10) =>
        ports.members.headsInIdRange({ storeId: 's1', after, upTo, limit });
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

    it('knows the members kept from a removed store', async () => {
      const origin = { directory: 'jumpcloud', orgId: 'o1' };
      await insert(
        member('u1', { storeId: null, keptFrom: origin }),
        member('u2', { storeId: null, keptFrom: { ...origin, directory: 'okta' } }),
        member('u3'),
      );
      const kept = await ports.members.keptFrom(origin, ['u1', 'u2', 'u3']);
      expect(idsOf(kept)).toEqual(['u1']);
      await expect(ports.members.hasKeptFrom(origin)).resolves.toBe(true);
      await expect(ports.members.hasKeptFrom({ ...origin, orgId: 'o2' })).resolves.toBe(false);
      const other = { ...origin, directory: 'entra' };
      await expect(ports.members.hasKeptFrom(other)).resolves.toBe(false);
    });

    it('counts the members of a store by status', async () => {
      await insert(
        member('u1'),
        member('u2'),
        member('u3', { status: 'inactive' }),
        member('u1', { storeId: 's2' }),
      );
      await expect(ports.members.counts('s1')).resolves.toEqual({ active: 2, inactive: 1 });
      await expect(ports.members.counts('none')).resolves.toEqual({ active: 0, inactive: 0 });
    });

    it('lists by source id over all stores, those without one last', async () => {
      await insert(
        member('u2'),
        member('x', { id: 'b', storeId: null, externalId: null }),
        member('u1', { storeId: 's2' }),
        member('x', { id: 'a', storeId: null, externalId: null, emailKey: null }),
        member('u1', { status: 'inactive' }),
      );
      const ids = async (filter: Parameters<typeof ports.members.list>[0]) =>
        (await collect(ports.members.list(filter))).map(({ id }) => id);
      await expect(ids({})).resolves.toEqual(['s1.u1', 's2.u1', 's1.u2', 'a', 'b']);
      await expect(ids({ storeId: 's1' })).resolves.toEqual(['s1.u1', 's1.u2']);
      await expect(ids({ status: 'active' })).resolves.toEqual(['s2.u1', 's1.u2', 'a', 'b']);
      await expect(ids({ storeId: 's1', status: 'inactive' })).resolves.toEqual(['s1.u1']);
    });

    describe('searching', () => {
      const called = (id: string, displayName: string, parts: Partial<Member> = {}) =>
        member(id, {
          id,
          emailKey: null,
          fields: { displayName, email: `${id}@acme.test` },
          ...parts,
        });
      const names = async (asked: Omit<Parameters<typeof ports.members.search>[0], 'limit'>) => {
        const { members } = await ports.members.search({ ...asked, limit: 9 });
        return members.map(({ id }) => id);
      };
      beforeEach(() =>
        insert(
          called('m1', 'Zoë', { updatedAt: new Date('2026-03-01') }),
          called('m2', 'adam', { updatedAt: new Date('2026-02-01') }),
          called('m3', 'Ádám', { updatedAt: new Date('2026-02-01'), status: 'inactive' }),
          called('m4', 'Bo', {
            fields: { displayName: 'Bo', department: 'R & D' },
            status: 'inactive',
            inactiveCause: 'gone',
          }),
        ),
      );

      it('sorts by name, by address, and by the last change', async () => {
        expect(await names({ sort: 'name' })).toEqual(['m2', 'm3', 'm4', 'm1']);
        expect(await names({ sort: 'address' })).toEqual(['m4', 'm1', 'm2', 'm3']);
        expect(await names({ sort: 'updated' })).toEqual(['m1', 'm3', 'm2', 'm4']);
      });

      it('filters', async () => {
        expect(await names({ sort: 'name', search: 'zoe' })).toEqual(['m1']);
        expect(await names({ sort: 'name', department: 'R & D' })).toEqual(['m4']);
        expect(await names({ sort: 'name', inactiveCause: 'gone' })).toEqual(['m4']);
        expect(await names({ sort: 'name', status: 'inactive', search: 'ADA' })).toEqual(['m3']);
      });

      it('goes on after a key, up to a mark', async () => {
        for (const sort of ['name', 'updated'] as const) {
          const all = await names({ sort });
          const { next } = await ports.members.search({ sort, limit: 1 });
          const marks = await ports.members.marks({ sort, every: 1, limit: 3 });
          expect(marks).toHaveLength(3);
          expect(marks[0]).toBe(next);
          const [after = '', , upTo = ''] = marks;
          expect(await names({ sort, after, upTo })).toEqual(all.slice(1, 3));
          expect(await ports.members.marks({ sort, every: 3, limit: 9 })).toEqual([upTo]);
        }
      });

      it('has the first page right again whatever came, went or changed in it', async () => {
        const first = async (sort: 'name' | 'updated') => {
          const { members, next } = await ports.members.search({ sort, limit: 2 });
          return { ids: members.map(({ id }) => id), isLast: next === null };
        };
        expect(await first('name')).toEqual({ ids: ['m2', 'm3'], isLast: false });
        expect(await first('updated')).toEqual({ ids: ['m1', 'm3'], isLast: false });
        await insert(called('m0', 'Abel', { updatedAt: new Date('2026-04-01') }));
        expect(await first('name')).toEqual({ ids: ['m0', 'm2'], isLast: false });
        expect(await first('updated')).toEqual({ ids: ['m0', 'm1'], isLast: false });
        const gone = ['m0', 'm1', 'm2'].map((id) => ({ id, fromRevision: 1, recordId: 'r.9' }));
        await ports.members.deleteMany(gone);
        expect(await first('name')).toEqual({ ids: ['m3', 'm4'], isLast: true });
        expect(await first('updated')).toEqual({ ids: ['m3', 'm4'], isLast: true });
      });

      it('finds a member by the new words alone once its name changed', async () => {
        const set = { fields: { displayName: 'Cléo' }, fingerprint: null };
        await ports.members.updateMany([{ id: 'm2', fromRevision: 1, recordId: 'r.9', set }]);
        expect(await names({ sort: 'name', search: 'adam' })).toEqual(['m3']);
        expect(await names({ sort: 'name', search: 'cleo m2@' })).toEqual(['m2']);
        const [, second] = await names({ sort: 'updated' });
        expect(second === undefined).toBe(false);
        expect(await ports.members.count({}, 3)).toBe(3);
      });
    });

    describe('page by page', () => {
      const page = async (filter: Omit<Parameters<typeof ports.members.page>[0], 'limit'>) => {
        const ids: string[][] = [];
        for (let after: string | null = ''; after !== null; ) {
          const read = await ports.members.page({
            ...filter,
            limit: 2,
            ...(after !== '' && { after }),
          });
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

      it('filters by the beginning of a name', async () => {
        const called = (id: string, fields: Member['fields']) =>
          member(id, { id, storeId: 's3', emailKey: null, fields });
        await insert(
          called('n1', { firstName: 'Ada' }),
          called('n2', { lastName: 'adams', firstName: 'Bo' }),
          called('n3', { firstName: 'Bada' }),
        );
        expect(await page({ namePrefix: 'AD' })).toEqual([['n1', 'n2']]);
        expect(await page({ namePrefix: 'ad', storeId: 's1' })).toEqual([[]]);
      });

      it('is by address when filtered by the beginning of an address', async () => {
        expect(await page({ emailPrefix: 'ad' })).toEqual([['s1.u2', 's1.u1'], ['s1.u3']]);
        expect(await page({ emailPrefix: 'ada@acme.test' })).toEqual([['s1.u2']]);
        expect(await page({ emailPrefix: 'ad', status: 'active' })).toEqual([['s1.u2', 's1.u3']]);
        expect(await page({ emailPrefix: 'b', storeId: 's1' })).toEqual([[]]);
      });
    });
  });
}
