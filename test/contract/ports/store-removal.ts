import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { aMember, aNewRun, aNewStore, aRecord } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

type Names =
  | 'stores'
  | 'members'
  | 'groups'
  | 'runs'
  | 'records'
  | 'leases'
  | 'alerts'
  | 'scim'
  | 'scimTokens';

/** What every implementation guarantees about the removal of stores, wherever it keeps them. */
export function describeStoreRemoval(open: OpenPorts<Names>): void {
  describe('removing a directory store', () => {
    let ports: Opened<Names>;
    beforeEach(async () => {
      ports = await open();
    });

    const origin = { directory: 'jumpcloud', orgId: 'o1' };

    /** A store with two members and one document of every other kind. */
    async function fullStore(name: string): Promise<{
      readonly store: DirectoryStore;
      readonly left: () => Promise<Readonly<Record<string, unknown>>>;
    }> {
      const store = await ports.stores.create(aNewStore({ name }));
      const { id } = store;
      const people = ['u1', 'u2'].map((externalId) =>
        aMember({
          id: `${id}.${externalId}`,
          storeId: id,
          externalId,
          emailKey: `${externalId}@${id}`,
          lastRecord: 'run1.x',
          revision: 4,
        }),
      );
      await ports.members.insertMany(people);
      const { run } = await ports.runs.enqueue(aNewRun({ storeId: id }));
      await ports.records.insertMany([aRecord(1, { runId: run.id })]);
      await ports.leases.acquire({ storeId: id, holder: 'a', ttlMs: 10_000 });
      await ports.alerts.raise([
        { id: `run-failed_${run.id}`, kind: 'run-failed', storeId: id, runId: run.id },
      ]);
      const { users, groups } = ports.scim;
      const user = await users.insert({ storeId: id, resource: { userName: 'ada' } });
      const group = await groups.insert({ storeId: id, resource: { displayName: 'Sales' } });
      if (typeof user === 'string' || typeof group === 'string') throw new Error('taken');
      await groups.join(group, [user.id]);
      await ports.groups.putMany([
        {
          storeId: id,
          externalId: 'g1',
          name: 'Sales',
          status: 'followed',
          waiting: [],
          createdAt: ports.clock.now(),
          updatedAt: ports.clock.now(),
        },
      ]);
      await ports.members.joinGroup({ storeId: id, group: 'g1' }, ['u1']);
      const secret = await ports.scimTokens.issue(id, 0);
      const alerts = async () => ports.alerts.due(ports.clock.now(), 9);
      return {
        store,
        left: async () => ({
          store: (await ports.stores.get(id)) !== null,
          members: await ports.members.counts(id),
          synced: (await ports.groups.list(id)).length,
          runs: (await ports.runs.list({ storeId: id })).length,
          records: (await ports.records.page({ runId: run.id, limit: 9 })).length,
          leases: await ports.leases.renew({ storeId: id, holder: 'a', ttlMs: 10_000 }),
          alerts: (await alerts()).filter(({ storeId }) => storeId === id).length,
          users: await users.count(id),
          groups: (await groups.byIds(id, [group.id])).length,
          memberships: (await groups.membershipsOf([user.id])).length,
          tokenOf: (await ports.scimTokens.bySecret(secret))?.storeId ?? null,
        }),
      };
    }

    const nothing = {
      store: false,
      members: { active: 0, inactive: 0 },
      synced: 0,
      runs: 0,
      records: 0,
      leases: false,
      alerts: 0,
      users: 0,
      groups: 0,
      memberships: 0,
      tokenOf: null,
    };

    it.each(['keep', 'delete'] as const)(
      'removes all data of the store, and none of another one (%s)',
      async (members) => {
        const [removed, other] = [await fullStore('removed'), await fullStore('other')];
        const before = await other.left();
        await expect(ports.stores.remove(removed.store, members)).resolves.toEqual({ members: 2 });
        await expect(removed.left()).resolves.toEqual(nothing);
        await expect(other.left()).resolves.toEqual(before);
        expect(before).toEqual({
          store: true,
          members: { active: 2, inactive: 0 },
          synced: 1,
          runs: 1,
          records: 1,
          leases: true,
          alerts: 1,
          users: 1,
          groups: 1,
          memberships: 1,
          tokenOf: other.store.id,
        });
      },
    );

    it('tells of a removal that was begun, and pauses the store', async () => {
      const store = await ports.stores.create(aNewStore());
      const { id } = store;
      await ports.stores.markRemoval(id, { members: 'keep', by: 'cli:ada' });
      const at = ports.clock.now();
      const removal = { members: 'keep', by: 'cli:ada', at };
      await expect(ports.stores.get(id)).resolves.toMatchObject({ status: 'paused', removal });
      await expect(ports.stores.list()).resolves.toMatchObject([{ id, removal }]);
      await ports.stores.remove(store, 'keep');
      await expect(ports.stores.list()).resolves.toEqual([]);
    });

    it('unlinks its members when they are kept, each with a new revision', async () => {
      const { store } = await fullStore('acme');
      ports.clock.advance(1000);
      await ports.stores.remove(store, 'keep');
      const unlinked = await ports.members.keptFrom(origin, ['u1', 'u2']);
      expect(unlinked.map(({ id }) => id).sort()).toEqual([`${store.id}.u1`, `${store.id}.u2`]);
      expect(unlinked[0]).toMatchObject({
        storeId: null,
        groups: [],
        keptFrom: origin,
        revision: 5,
        lastRecord: 'run1.x',
        updatedAt: ports.clock.now(),
      });
    });

    it('deletes its members when they are not kept', async () => {
      const { store } = await fullStore('acme');
      await ports.stores.remove(store, 'delete');
      await expect(ports.members.get(`${store.id}.u1`)).resolves.toBeNull();
      await expect(ports.members.hasKeptFrom(origin)).resolves.toBe(false);
    });

    it.each([
      ['keep', 1100],
      ['delete', 0],
    ] as const)('works in steps and can be repeated (%s)', async (members, left) => {
      const store = await ports.stores.create(aNewStore());
      const many = Array.from({ length: 1100 }, (_, at) =>
        aMember({
          id: `m${at}`,
          storeId: store.id,
          externalId: `u${at}`,
          emailKey: `u${at}`,
          lastRecord: 'x',
        }),
      );
      await ports.members.insertMany(many);
      await expect(ports.stores.remove(store, members)).resolves.toEqual({ members: 1100 });
      await expect(ports.stores.remove(store, members)).resolves.toEqual({ members: 0 });
      const ids = many.map(({ id }) => id);
      await expect(ports.members.byIds(ids)).resolves.toHaveLength(left);
    });

    it('pauses it first, so that no scheduled run fills a store whose removal was interrupted', async () => {
      const store = await ports.stores.create(aNewStore());
      await ports.members.insertMany([aMember({ storeId: store.id, lastRecord: 'x' })]);
      const unreadable = {
        ...store,
        get orgId(): string {
          throw new Error('broken off');
        },
      };
      await expect(ports.stores.remove(unreadable, 'keep')).rejects.toThrow('broken off');
      await expect(ports.stores.get(store.id)).resolves.toMatchObject({ status: 'paused' });
      await expect(ports.stores.remove(store, 'keep')).resolves.toEqual({ members: 1 });
    });
  });
}
