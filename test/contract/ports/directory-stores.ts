import { Conflict, NotFound } from '../../../src/core/errors.ts';
import { dataShape } from '../../../src/core/model/data-shape.ts';
import type { Credential } from '../../../src/core/model/store.ts';
import type { NewDirectoryStore } from '../../../src/ports/directory-stores.ts';
import { aConfig } from '../../builders/models.ts';
import { startedAt } from '../../fakes/standing-clock.ts';
import type { Opened, OpenPorts } from './open-ports.ts';

/** What every implementation guarantees, wherever it keeps stores. */
export function describeDirectoryStores(open: OpenPorts<'stores'>): void {
  describe('the directory stores', () => {
    let ports: Opened<'stores'>;
    beforeEach(async () => {
      ports = await open();
    });

    const apiKey: Credential = { type: 'api-key', apiKey: 'jca_secret' };
    const account: Credential = {
      type: 'client-credentials',
      clientId: 'c1',
      clientSecret: 'hush',
    };

    const acme: NewDirectoryStore = {
      name: 'acme',
      directory: 'jumpcloud',
      connection: { region: 'eu' },
      orgId: 'o1',
      sendOrgId: true,
      owner: 'cli:ada',
      config: aConfig({
        mapping: {
          email: { attribute: 'email' },
          'custom.größe': { custom: 'size', default: 'M', transform: ['trim'] },
          country: { value: '$India.' },
        },
        criteria: {
          users: {
            conditions: [
              { attribute: 'a.b', operator: 'in', value: ['x', 1, true] },
              { memberOf: 'Engineers' },
            ],
            pattern: '1 or 2',
          },
        },
        schedule: {
          enabled: true,
          frequency: 'monthly',
          dates: [1, 'last'],
          time: '02:00',
          timezone: 'UTC',
        },
      }),
      credential: apiKey,
    };

    describe('creating a directory store', () => {
      it('keeps all of it', async () => {
        const store = await ports.stores.create(acme);
        const { credential: _sealed, ...given } = acme;
        expect(store).toEqual({
          ...given,
          id: store.id,
          via: 'api',
          credentialInfo: { type: 'api-key', addedAt: startedAt, addedBy: acme.owner, hint: null },
          status: 'active',
          configRevision: 1,
          shape: dataShape,
          createdAt: startedAt,
          updatedAt: startedAt,
        });
        await expect(ports.stores.get(store.id)).resolves.toEqual(store);
        await expect(ports.stores.byName('acme')).resolves.toEqual(store);
        await expect(ports.stores.list()).resolves.toEqual([store]);
        await expect(ports.stores.get('none')).resolves.toBeNull();
        await expect(ports.stores.byName('none')).resolves.toBeNull();
      });

      it('keeps the sizes of its groups apart from what it answers', async () => {
        const store = await ports.stores.create(acme);
        await expect(ports.stores.groupSizes(store.id)).resolves.toEqual({});
        const sizes = { g1: { proven: 12, shrunkTo: null }, g2: { proven: 3, shrunkTo: 0 } };
        await ports.stores.keepGroupSizes(store.id, sizes);
        await expect(ports.stores.groupSizes(store.id)).resolves.toEqual(sizes);
        await expect(ports.stores.get(store.id)).resolves.toEqual(store);
      });

      it('refuses a name in use, also when two are created at once', async () => {
        const both = await Promise.allSettled([
          ports.stores.create(acme),
          ports.stores.create(acme),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const third = ports.stores.create(acme);
        await expect(third).rejects.toBeInstanceOf(Conflict);
        await expect(third).rejects.toThrow("There is a directory store named 'acme' already.");
        await expect(ports.stores.list()).resolves.toHaveLength(1);
      });

      it('lists stores by name', async () => {
        for (const name of ['b', 'a', 'c']) await ports.stores.create({ ...acme, name });
        expect((await ports.stores.list()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
      });
    });

    describe('the credential of a store', () => {
      it.each([apiKey, account])('can be decrypted for its store: $type', async (credential) => {
        const { id } = await ports.stores.create({ ...acme, credential });
        await expect(ports.stores.credential(id)).resolves.toEqual(credential);
      });

      it('is in nothing that is read of the store', async () => {
        const store = await ports.stores.create(acme);
        const reads = [
          store,
          await ports.stores.get(store.id),
          await ports.stores.byName('acme'),
          ...(await ports.stores.list()),
          await ports.stores.reauthorize(store.id, { credential: account, owner: 'cli:bob' }),
          await ports.stores.configure(store.id, {
            fromRevision: 1,
            config: aConfig(),
            by: 'cli:bob',
          }),
        ];
        for (const read of reads) expect(read).not.toHaveProperty('credential');
      });

      it.each([
        ['active', 'active'],
        ['needs-reauthorization', 'active'],
        ['paused', 'paused'],
      ] as const)('is replaced while the store is %s, which is %s then', async (before, after) => {
        const store = await ports.stores.create(acme);
        await ports.stores.setStatus(store.id, before);
        ports.clock.advance(1000);
        const by = { credential: account, owner: '$owner' };
        await expect(ports.stores.reauthorize(store.id, by)).resolves.toEqual({
          ...store,
          status: after,
          owner: '$owner',
          credentialInfo: {
            type: 'client-credentials',
            addedAt: ports.clock.now(),
            addedBy: '$owner',
            hint: null,
          },
          updatedAt: ports.clock.now(),
        });
        await expect(ports.stores.credential(store.id)).resolves.toEqual(account);
      });
    });

    describe('a paused store whose credential is refused', () => {
      it('is paused again once it is reauthorized, and active after a resume', async () => {
        const store = await ports.stores.create(acme);
        const by = { credential: account, owner: 'cli:bob' };
        await ports.stores.setStatus(store.id, 'paused');
        await ports.stores.setStatus(store.id, 'needs-reauthorization');
        await ports.stores.setStatus(store.id, 'needs-reauthorization');
        await expect(ports.stores.reauthorize(store.id, by)).resolves.toMatchObject({
          status: 'paused',
        });
        await ports.stores.setStatus(store.id, 'active');
        await ports.stores.setStatus(store.id, 'needs-reauthorization');
        await expect(ports.stores.reauthorize(store.id, by)).resolves.toMatchObject({
          status: 'active',
        });
      });
    });

    describe('the pace of a store', () => {
      it('is kept and forgotten without counting as a change', async () => {
        const store = await ports.stores.create(acme);
        ports.clock.advance(1000);
        await ports.stores.setPerSecond(store.id, 2.5);
        await expect(ports.stores.get(store.id)).resolves.toEqual({ ...store, perSecond: 2.5 });
        await ports.stores.setPerSecond(store.id, null);
        await expect(ports.stores.get(store.id)).resolves.toEqual(store);
      });
    });

    describe('changing a store', () => {
      it('sets its status', async () => {
        const store = await ports.stores.create(acme);
        await ports.stores.setStatus(store.id, 'needs-reauthorization');
        await expect(ports.stores.get(store.id)).resolves.toEqual({
          ...store,
          status: 'needs-reauthorization',
        });
      });

      it('replaces the configuration of the revision that was read', async () => {
        const store = await ports.stores.create(acme);
        const config = aConfig();
        const changed = await ports.stores.configure(store.id, {
          fromRevision: 1,
          config,
          by: 'cli:bob',
        });
        expect(changed).toEqual({ ...store, config, configRevision: 2 });
        await expect(ports.stores.get(store.id)).resolves.toEqual(changed);
      });

      it('sets another name, which must be unique, and another owner', async () => {
        const store = await ports.stores.create(acme);
        await ports.stores.create({ ...acme, name: 'other' });
        const renamed = await ports.stores.rename(store.id, '$name');
        expect(renamed).toEqual({ ...store, name: '$name' });
        await expect(ports.stores.rename(store.id, 'other')).rejects.toBeInstanceOf(Conflict);
        await ports.stores.changeOwner(store.id, 'token:$bob');
        await expect(ports.stores.get(store.id)).resolves.toEqual({
          ...renamed,
          owner: 'token:$bob',
        });
      });

      it('has a name that is unique without case, and is found in any', async () => {
        const store = await ports.stores.create({ ...acme, name: 'Großer  Laden' });
        for (const name of ['GROSSER LADEN', 'großer laden', 'Großer  Laden']) {
          await expect(ports.stores.byName(name)).resolves.toEqual(store);
          const again = ports.stores.create({ ...acme, name });
          await expect(again).rejects.toBeInstanceOf(Conflict);
        }
        const renamed = await ports.stores.rename(store.id, 'GROSSER Laden');
        expect(renamed).toEqual({ ...store, name: 'GROSSER Laden' });
        await ports.stores.rename(store.id, 'other');
        await expect(ports.stores.byName('großer laden')).resolves.toBeNull();
        await ports.stores.create({ ...acme, name: 'großer laden' });
        const back = ports.stores.rename(store.id, 'Grosser Laden');
        await expect(back).rejects.toBeInstanceOf(Conflict);
      });

      it('lets one of two configurations at once win', async () => {
        const { id } = await ports.stores.create(acme);
        const change = { fromRevision: 1, config: aConfig(), by: 'cli:bob' };
        const both = await Promise.allSettled([
          ports.stores.configure(id, change),
          ports.stores.configure(id, change),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const late = ports.stores.configure(id, change);
        await expect(late).rejects.toBeInstanceOf(Conflict);
        await expect(ports.stores.get(id)).resolves.toMatchObject({ configRevision: 2 });
      });

      it('fails for a store that does not exist', async () => {
        const change = { fromRevision: 1, config: aConfig(), by: 'cli:bob' };
        const by = { credential: apiKey, owner: 'cli:ada' };
        await expect(ports.stores.credential('none')).rejects.toBeInstanceOf(NotFound);
        await expect(ports.stores.setStatus('none', 'paused')).rejects.toBeInstanceOf(NotFound);
        await expect(ports.stores.configure('none', change)).rejects.toBeInstanceOf(NotFound);
        await expect(ports.stores.reauthorize('none', by)).rejects.toBeInstanceOf(NotFound);
        await expect(ports.stores.rename('none', 'x')).rejects.toBeInstanceOf(NotFound);
        await expect(ports.stores.changeOwner('none', 'x')).rejects.toBeInstanceOf(NotFound);
      });
    });
  });
}
