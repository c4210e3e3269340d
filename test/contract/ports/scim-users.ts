import type { JsonObject } from '../../../src/core/model/source-user.ts';
import type { ScimUser } from '../../../src/core/scim/model.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import { gather } from './gather.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/**
 * What every implementation guarantees, wherever it stores users. Filters and orders are tested on
 * the database alone.
 */
export function describeScimUsers(open: OpenPorts<'scim'>): void {
  describe('the pushed users', () => {
    let ports: Opened<'scim'>;
    beforeEach(async () => {
      ports = await open();
    });

    async function insert(
      userName: string,
      parts: { readonly storeId?: string; readonly resource?: JsonObject } = {},
    ): Promise<ScimUser> {
      const { storeId = 's1', resource } = parts;
      const made = await ports.scim.users.insert({ storeId, resource: { userName, ...resource } });
      if (made === 'taken') throw new Error(`${userName} is taken`);
      return made;
    }
    const idsOf = (users: readonly Pick<ScimUser, 'id'>[]) => users.map(({ id }) => id);

    describe('inserting a user', () => {
      it('stores it with a new id, in its first version', async () => {
        const resource = {
          userName: 'Ada',
          emails: [{ value: 'Ada@acme.test' }],
          'a.b': { $x: 1 },
        };
        const user = await insert('Ada', { resource });
        expect(user).toEqual({
          id: user.id,
          storeId: 's1',
          version: 1,
          resource,
          pulledId: null,
          createdAt: startedAt,
          updatedAt: startedAt,
        });
        await expect(ports.scim.users.byIds('s1', [user.id, 'none'])).resolves.toEqual([user]);
        await expect(ports.scim.users.byIds('s2', [user.id])).resolves.toEqual([]);
      });

      it('refuses a user name that another user of the store has, in any case', async () => {
        await insert('Ada');
        const again = { storeId: 's1', resource: { userName: 'aDA' } };
        await expect(ports.scim.users.insert(again)).resolves.toBe('taken');
        await expect(ports.scim.users.insert({ ...again, storeId: 's2' })).resolves.toMatchObject({
          storeId: 's2',
        });
        await expect(ports.scim.users.count('s1')).resolves.toBe(1);
      });

      it('lets one of many at once have a user name', async () => {
        const asked = { storeId: 's1', resource: { userName: 'ada' } };
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => ports.scim.users.insert(asked)),
        );
        expect(answers.filter((answer) => answer !== 'taken')).toHaveLength(1);
      });
    });

    describe('replacing a user', () => {
      it('increments the version and sets the time', async () => {
        const user = await insert('ada');
        ports.clock.advance(1000);
        const next = { ...user, resource: { userName: 'bob' } };
        const replaced = { ...next, version: 2, updatedAt: ports.clock.now() };
        await expect(ports.scim.users.replace(next)).resolves.toEqual(replaced);
        await expect(ports.scim.users.byIds('s1', [user.id])).resolves.toEqual([replaced]);
      });

      it('refuses another version, another store, and a removed user', async () => {
        const user = await insert('ada');
        await ports.scim.users.replace(user);
        await expect(ports.scim.users.replace(user)).resolves.toBe('changed');
        const elsewhere = { ...user, version: 2, storeId: 's2' };
        await expect(ports.scim.users.replace(elsewhere)).resolves.toBe('changed');
        await ports.scim.users.remove({ ...user, version: null });
        await expect(ports.scim.users.replace({ ...user, version: 3 })).resolves.toBe('changed');
      });

      it('refuses a user name in use', async () => {
        await insert('ada');
        const bob = await insert('bob');
        const renamed = { ...bob, resource: { userName: 'ADA' } };
        await expect(ports.scim.users.replace(renamed)).resolves.toBe('taken');
        await expect(ports.scim.users.byIds('s1', [bob.id])).resolves.toEqual([bob]);
      });

      it('lets one of many at once have the version', async () => {
        const user = await insert('ada');
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => ports.scim.users.replace(user)),
        );
        expect(answers.filter((answer) => answer !== 'changed')).toHaveLength(1);
      });
    });

    describe('removing a user', () => {
      it('keeps only that it was removed, and frees its user name', async () => {
        const user = await insert('ada');
        await expect(ports.scim.users.remove({ ...user, version: null })).resolves.toBe(true);
        await expect(ports.scim.users.byIds('s1', [user.id])).resolves.toEqual([]);
        await expect(ports.scim.users.count('s1')).resolves.toBe(0);
        await expect(ports.scim.users.withAddress('s1', ['ada'])).resolves.toEqual([]);
        await expect(ports.scim.users.removed('s1', [user.id, 'none'])).resolves.toEqual([user.id]);
        await expect(ports.scim.users.removed('s2', [user.id])).resolves.toEqual([]);
        await expect(insert('ada')).resolves.toMatchObject({ version: 1 });
      });

      it('refuses another version, another store, and a second time', async () => {
        const user = await insert('ada');
        await expect(ports.scim.users.remove({ ...user, version: 2 })).resolves.toBe(false);
        await expect(ports.scim.users.remove({ ...user, storeId: 's2' })).resolves.toBe(false);
        await expect(ports.scim.users.remove(user)).resolves.toBe(true);
        await expect(ports.scim.users.remove({ ...user, version: null })).resolves.toBe(false);
      });
    });

    describe('reading users', () => {
      it('pages them by id, after one of them', async () => {
        const all = [await insert('c'), await insert('a'), await insert('b')];
        await insert('a', { storeId: 's2' });
        const ids = idsOf(all).toSorted();
        expect(idsOf(await ports.scim.users.after('s1', null, 2))).toEqual(ids.slice(0, 2));
        expect(idsOf(await ports.scim.users.after('s1', ids[1] ?? '', 2))).toEqual(ids.slice(2));
      });

      it('searches them by id, and counts all matches', async () => {
        const ids = idsOf([await insert('c'), await insert('a'), await insert('b')]).toSorted();
        const search = { storeId: 's1', filter: null, sort: null, skip: 1, limit: 1 };
        const found = await ports.scim.users.search(search);
        expect({ ...found, resources: idsOf(await gather(found.resources)) }).toEqual({
          total: 3,
          resources: ids.slice(1, 2),
        });
        const filter = { op: 'gt', attrPath: 'id', compValue: ids[0] ?? '' } as const;
        const none = await ports.scim.users.search({ ...search, filter, skip: 0, limit: 0 });
        expect({ ...none, resources: await gather(none.resources) }).toEqual({
          total: 2,
          resources: [],
        });
      });

      it('returns the versions of the given users', async () => {
        const [ada, bob] = [await insert('ada'), await insert('bob')];
        await ports.scim.users.replace(bob);
        const versions = await ports.scim.users.versions('s1', [ada.id, bob.id, 'none']);
        expect(versions).toEqual(
          new Map([
            [ada.id, 1],
            [bob.id, 2],
          ]),
        );
      });

      it('returns the users changed or removed since a time', async () => {
        const [ada, bob, cy] = [await insert('ada'), await insert('bob'), await insert('cy')];
        ports.clock.advance(1000);
        await ports.scim.users.remove(bob);
        await ports.scim.users.replace(ada);
        const changed = await ports.scim.users.changedSince('s1', ports.clock.now());
        expect(changed).toEqual([ada.id, bob.id].toSorted());
        await expect(ports.scim.users.changedSince('s1', startedAt)).resolves.toContain(cy.id);
      });
    });

    describe('users of the directory’s API', () => {
      it('are linked to a user, without a new version', async () => {
        const user = await insert('ada');
        ports.clock.advance(1000);
        await ports.scim.users.link(user.id, 'p1');
        await expect(ports.scim.users.byIds('s1', [user.id])).resolves.toEqual([
          { ...user, pulledId: 'p1' },
        ]);
      });

      it('are found by the link, an address or the user name, folded', async () => {
        const ada = await insert('Ada');
        const bob = await insert('bob', { resource: { emails: [{ value: 'Bob@acme.test' }] } });
        const cy = await insert('cy');
        await insert('bob@acme.test', { storeId: 's2' });
        await ports.scim.users.link(cy.id, 'p3');
        const linked = async (pulledIds: readonly string[], addresses: readonly string[]) =>
          idsOf(await ports.scim.users.linked('s1', { pulledIds, addresses })).toSorted();
        await expect(linked(['p3', 'p4'], [])).resolves.toEqual([cy.id]);
        await expect(linked([], ['bob@acme.test', 'ada'])).resolves.toEqual(
          [ada.id, bob.id].toSorted(),
        );
        await expect(linked([], [])).resolves.toEqual([]);
      });

      it('are found by one address, in a store or in all', async () => {
        const bob = await insert('bob', { resource: { emails: [{ value: 'Bob@acme.test' }] } });
        const other = await insert('bob@acme.test', { storeId: 's2' });
        expect(idsOf(await ports.scim.users.withAddress('s1', ['bob@acme.test']))).toEqual([
          bob.id,
        ]);
        expect(
          idsOf(await ports.scim.users.withAddress(null, ['x@acme.test', 'bob@acme.test'])),
        ).toEqual([bob.id, other.id].toSorted());
      });
    });
  });
}
