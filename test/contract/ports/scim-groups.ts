import type { JsonObject } from '../../../src/core/model/source-user.ts';
import type { ScimGroup } from '../../../src/core/scim/model.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import { gather } from './gather.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/**
 * What every implementation guarantees, wherever it stores groups. Filters and orders are tested on
 * the database alone.
 */
export function describeScimGroups(open: OpenPorts<'scim'>): void {
  describe('the pushed groups', () => {
    let ports: Opened<'scim'>;
    beforeEach(async () => {
      ports = await open();
    });

    async function insert(
      displayName: string,
      parts: { readonly storeId?: string; readonly resource?: JsonObject } = {},
    ): Promise<ScimGroup> {
      const { storeId = 's1', resource } = parts;
      const made = await ports.scim.groups.insert({
        storeId,
        resource: { displayName, ...resource },
      });
      if (made === 'taken') throw new Error(`${displayName} is taken`);
      return made;
    }
    const idsOf = (groups: readonly Pick<ScimGroup, 'id'>[]) => groups.map(({ id }) => id);

    describe('inserting a group', () => {
      it('stores it with a new id, in its first version', async () => {
        const group = await insert('Sales');
        expect(group).toEqual({
          id: group.id,
          storeId: 's1',
          version: 1,
          resource: { displayName: 'Sales' },
          createdAt: startedAt,
          updatedAt: startedAt,
        });
        await expect(ports.scim.groups.byIds('s1', [group.id, 'none'])).resolves.toEqual([group]);
        await expect(ports.scim.groups.byIds('s2', [group.id])).resolves.toEqual([]);
      });

      it('accepts a second one with a name only with another external id', async () => {
        await insert('Sales', { resource: { externalId: 'e1' } });
        const sales = { displayName: 'SALES' };
        const put = (resource: JsonObject, storeId = 's1') =>
          ports.scim.groups.insert({ storeId, resource });
        await expect(put({ ...sales, externalId: 'e1' })).resolves.toBe('taken');
        await expect(put({ ...sales, externalId: 'e1' }, 's2')).resolves.toMatchObject({
          version: 1,
        });
        await expect(put(sales)).resolves.toMatchObject({ version: 1 });
        await expect(put(sales)).resolves.toBe('taken');
      });
    });

    describe('changing a group', () => {
      it('replaces it, increments the version and sets the time', async () => {
        const group = await insert('Sales');
        ports.clock.advance(1000);
        const next = { ...group, resource: { displayName: 'Support' } };
        const replaced = { ...next, version: 2, updatedAt: ports.clock.now() };
        await expect(ports.scim.groups.replace(next)).resolves.toEqual(replaced);
        await expect(ports.scim.groups.byIds('s1', [group.id])).resolves.toEqual([replaced]);
      });

      it('refuses to replace another version, or in another store', async () => {
        const group = await insert('Sales');
        await ports.scim.groups.replace(group);
        await expect(ports.scim.groups.replace(group)).resolves.toBe('changed');
        const elsewhere = { ...group, version: 2, storeId: 's2' };
        await expect(ports.scim.groups.replace(elsewhere)).resolves.toBe('changed');
      });

      it('refuses a name in use', async () => {
        await insert('Sales');
        const support = await insert('Support');
        const renamed = { ...support, resource: { displayName: 'sales' } };
        await expect(ports.scim.groups.replace(renamed)).resolves.toBe('taken');
      });

      it('increments the version when it is touched, only if the given one is current', async () => {
        const group = await insert('Sales');
        ports.clock.advance(1000);
        const touched = { ...group, version: 2, updatedAt: ports.clock.now() };
        await expect(ports.scim.groups.touch(group)).resolves.toEqual(touched);
        await expect(ports.scim.groups.touch(group)).resolves.toBeNull();
        await expect(
          ports.scim.groups.touch({ ...group, version: null, storeId: 's2' }),
        ).resolves.toBeNull();
        await expect(ports.scim.groups.touch({ ...group, version: null })).resolves.toMatchObject({
          version: 3,
        });
      });
    });

    it('removes a group with its memberships, only if the given version is current', async () => {
      const [group, other] = [await insert('Sales'), await insert('Support')];
      await ports.scim.groups.join(group, ['u1']);
      await ports.scim.groups.join(other, ['u1']);
      await expect(ports.scim.groups.remove({ ...group, version: 2 })).resolves.toBe(false);
      await expect(ports.scim.groups.remove({ ...group, storeId: 's2' })).resolves.toBe(false);
      await expect(ports.scim.groups.remove(group)).resolves.toBe(true);
      await expect(ports.scim.groups.remove({ ...group, version: null })).resolves.toBe(false);
      await expect(ports.scim.groups.membershipsOf(['u1'])).resolves.toEqual([
        { groupId: other.id, userId: 'u1' },
      ]);
    });

    describe('reading groups', () => {
      it('finds those with a name, folded, oldest first', async () => {
        const first = await insert('Sales');
        await insert('Support');
        const second = await insert('SALES', { resource: { externalId: 'e1' } });
        await insert('Sales', { storeId: 's2' });
        expect(idsOf(await ports.scim.groups.named('s1', 'sAles'))).toEqual([first.id, second.id]);
        const both = await ports.scim.groups.named('s1', 'SALES', 'Nobody');
        expect(idsOf(both)).toEqual([first.id, second.id]);
      });

      it('finds those whose names are the same but for the spelling of letters and blanks', async () => {
        const names = [
          'E\u0301quipe Nord',
          '\u00c9quipe\u00a0Nord ',
          '\u00c9quipe  nord',
          'Equipe Nord',
        ];
        const [decomposed, spaced] = await Promise.all(names.map((name) => insert(name)));
        await insert('\u00c9quipe Nord', { storeId: 's2' });
        for (const name of ['\u00c9quipe Nord', '  E\u0301quipe\tNord']) {
          expect(
            new Set(idsOf(await ports.scim.groups.namedLike('s1', ['Support', name]))),
          ).toEqual(new Set([decomposed?.id, spaced?.id]));
        }
        await expect(ports.scim.groups.namedLike('s1', ['.*'])).resolves.toEqual([]);
      });

      it('searches them by id, and counts all matches', async () => {
        const ids = idsOf([await insert('c'), await insert('a'), await insert('b')]).toSorted();
        const search = { storeId: 's1', filter: null, sort: null, skip: 1, limit: 1 };
        const found = await ports.scim.groups.search(search);
        expect({ ...found, resources: idsOf(await gather(found.resources)) }).toEqual({
          total: 3,
          resources: ids.slice(1, 2),
        });
      });
    });

    describe('memberships', () => {
      it('are paged by user, each once', async () => {
        const group = await insert('Sales');
        await ports.scim.groups.join(group, ['u3', 'u1']);
        await ports.scim.groups.join(group, ['u2', 'u1']);
        await expect(ports.scim.groups.members(group.id, null, 2)).resolves.toEqual(['u1', 'u2']);
        await expect(ports.scim.groups.members(group.id, 'u2', 2)).resolves.toEqual(['u3']);
        await expect(ports.scim.groups.members('none', null, 2)).resolves.toEqual([]);
      });

      it('are found by user', async () => {
        const [sales, support] = [await insert('Sales'), await insert('Support')];
        await ports.scim.groups.join(sales, ['u1', 'u2', 'u3']);
        await ports.scim.groups.join(support, ['u1']);
        const found = async (...userIds: readonly string[]) =>
          (await ports.scim.groups.membershipsOf(userIds))
            .map(({ groupId, userId }) => `${groupId}.${userId}`)
            .toSorted();
        const both = [`${sales.id}.u1`, `${support.id}.u1`];
        await expect(found('u1')).resolves.toEqual(both.toSorted());
        await expect(found('u1', 'u2')).resolves.toEqual([...both, `${sales.id}.u2`].toSorted());
        await expect(found()).resolves.toEqual([]);
      });

      it('end for the given users', async () => {
        const group = await insert('Sales');
        await ports.scim.groups.join(group, ['u1', 'u2']);
        await ports.scim.groups.leave(group.id, []);
        await ports.scim.groups.leave(group.id, ['u1', 'u9']);
        await expect(ports.scim.groups.members(group.id, null, 9)).resolves.toEqual(['u2']);
      });

      it('are counted', async () => {
        const group = await insert('Sales');
        await expect(ports.scim.groups.memberCount(group.id)).resolves.toBe(0);
        await ports.scim.groups.join(group, ['u1', 'u2', 'u3']);
        await expect(ports.scim.groups.memberCount(group.id)).resolves.toBe(3);
        const counts = await ports.scim.groups.memberCounts(group.storeId, [group.id, 'none']);
        expect([counts.get(group.id), counts.get('none') ?? 0]).toEqual([3, 0]);
      });

      it('are known of the given users', async () => {
        const [sales, support] = [await insert('Sales'), await insert('Support')];
        await ports.scim.groups.join(sales, ['u1', 'u2']);
        await ports.scim.groups.join(support, ['u3']);
        const among = await ports.scim.groups.membersAmong(sales.id, ['u2', 'u3', 'u9']);
        expect(among).toEqual(['u2']);
        await expect(ports.scim.groups.membersAmong(sales.id, [])).resolves.toEqual([]);
      });

      it('end in all groups for a user who leaves them all', async () => {
        const [sales, support] = [await insert('Sales'), await insert('Support')];
        await ports.scim.groups.join(sales, ['u1', 'u2']);
        await ports.scim.groups.join(support, ['u1']);
        await ports.scim.groups.leaveAll('u1');
        await expect(ports.scim.groups.membershipsOf(['u1', 'u2'])).resolves.toEqual([
          { groupId: sales.id, userId: 'u2' },
        ]);
      });
    });
  });
}
