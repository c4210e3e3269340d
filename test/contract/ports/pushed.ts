import { aMember, aNewStore, aRecord } from '../../builders/models.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

type Names = 'pushed' | 'stores' | 'scim' | 'members' | 'records';

/** What every implementation guarantees for what pushes are planned on. */
export function describePushed(open: OpenPorts<Names>): void {
  describe('what pushes are planned on', () => {
    let ports: Opened<Names>;
    beforeEach(async () => {
      ports = await open();
    });

    const addStore = (name: string) =>
      ports.stores.create(aNewStore({ name, credential: { type: 'api-key', apiKey: 'hush' } }));

    async function addUser(storeId: string, userName: string) {
      const user = await ports.scim.users.insert({ storeId, resource: { userName } });
      if (user === 'taken') throw new Error(`${userName} is taken`);
      return user;
    }

    it('is the store, the users, their members and the records that block changes', async () => {
      const [{ id: storeId }, other] = [await addStore('acme'), await addStore('other')];
      await ports.stores.keepGroupSizes(storeId, { Engineers: 3 } as never);
      await ports.stores.setStatus(storeId, 'needs-reauthorization');
      const [ada, bob, eve] = [
        await addUser(storeId, 'ada'),
        await addUser(storeId, 'bob'),
        await addUser(other.id, 'eve'),
      ];
      await ports.scim.users.remove({ ...bob, version: null });
      const memberOf = (owner: string, externalId: string) =>
        aMember({
          id: `m.${externalId}`,
          storeId: owner,
          externalId,
          emailKey: externalId,
          lastRecord: 'r',
        });
      const ofAda = memberOf(storeId, ada.id);
      const ofBob = memberOf(storeId, bob.id);
      await ports.members.insertMany([ofAda, ofBob, memberOf(other.id, eve.id)]);
      const held = { status: 'held', blocksInStore: storeId } as const;
      const blocking = aRecord(1, { ...held, externalId: ada.id });
      await ports.records.insertMany([
        blocking,
        aRecord(2, { ...held, externalId: 'none' }),
        aRecord(3, { externalId: bob.id }),
        aRecord(4, { ...held, blocksInStore: other.id, externalId: eve.id }),
      ]);
      const { members, ...found } = await ports.pushed.read(storeId, [ada.id, bob.id, eve.id]);
      expect(found).toEqual({
        store: await ports.stores.get(storeId),
        users: [ada],
        removed: [bob.id],
        blocking: [blocking],
      });
      const byId = new Map(members.map((member) => [member.id, member]));
      expect(byId).toEqual(
        new Map([
          [ofAda.id, ofAda],
          [ofBob.id, ofBob],
        ]),
      );
    });

    it('is the store alone without users, and nothing of a store that is gone', async () => {
      const { id } = await addStore('acme');
      const { id: userId } = await addUser(id, 'ada');
      const nothing = { users: [], removed: [], members: [], blocking: [] };
      const store = await ports.stores.get(id);
      await expect(ports.pushed.read(id, [])).resolves.toEqual({ store, ...nothing });
      await expect(ports.pushed.read('none', [userId])).resolves.toEqual({
        store: null,
        ...nothing,
      });
    });

    it('has many users at once', async () => {
      const { id } = await addStore('acme');
      const users = await Promise.all(
        Array.from({ length: 250 }, (_, at) => addUser(id, `user${at}`)),
      );
      const ids = users.map((user) => user.id);
      expect((await ports.pushed.read(id, ids)).users).toHaveLength(250);
    });
  });
}
