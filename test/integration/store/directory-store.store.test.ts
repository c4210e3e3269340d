import { Conflict, NotFound } from '../../../src/core/errors.ts';
import type { Credential } from '../../../src/core/model/store.ts';
import type { NewDirectoryStore } from '../../../src/ports/directory-stores.ts';
import { aConfig, aMember } from '../../builders/models.ts';
import { openTestDatabase, startedAt, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
beforeEach(() => db.empty());
afterAll(() => db.drop());

const apiKey: Credential = { type: 'api-key', apiKey: 'jca_secret' };
const account: Credential = { type: 'client-credentials', clientId: 'c1', clientSecret: 'hush' };

const acme: NewDirectoryStore = {
  name: 'acme',
  directory: 'jumpcloud',
  region: 'eu',
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
    const store = await db.stores.create(acme);
    const { credential: _sealed, ...given } = acme;
    expect(store).toEqual({
      ...given,
      id: store.id,
      via: 'api',
      status: 'active',
      configRevision: 1,
      createdAt: startedAt,
      updatedAt: startedAt,
    });
    await expect(db.stores.get(store.id)).resolves.toEqual(store);
    await expect(db.stores.byName('acme')).resolves.toEqual(store);
    await expect(db.stores.list()).resolves.toEqual([store]);
    await expect(db.stores.get('none')).resolves.toBeNull();
    await expect(db.stores.byName('none')).resolves.toBeNull();
  });

  it('refuses a name in use, also when two are made at once', async () => {
    const both = await Promise.allSettled([db.stores.create(acme), db.stores.create(acme)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const third = db.stores.create(acme);
    await expect(third).rejects.toBeInstanceOf(Conflict);
    await expect(third).rejects.toThrow("There is a directory store named 'acme' already.");
    await expect(db.raw('stores').countDocuments()).resolves.toBe(1);
  });

  it('lists stores by name', async () => {
    for (const name of ['b', 'a', 'c']) await db.stores.create({ ...acme, name });
    expect((await db.stores.list()).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('the credential of a store', () => {
  it.each([apiKey, account])('opens for its store: $type', async (credential) => {
    const { id } = await db.stores.create({ ...acme, credential });
    await expect(db.stores.credential(id)).resolves.toEqual(credential);
  });

  it('is nowhere in the clear', async () => {
    const store = await db.stores.create(acme);
    const stored = await db.raw('stores').findOne({});
    expect(JSON.stringify(stored)).not.toContain('jca_secret');
    expect(stored?.['credential']).toMatch(/^k1\./);
    const reads = [
      store,
      await db.stores.get(store.id),
      await db.stores.byName('acme'),
      ...(await db.stores.list()),
      await db.stores.reauthorize(store.id, { credential: account, owner: 'cli:bob' }),
      await db.stores.configure(store.id, { fromRevision: 1, config: aConfig() }),
    ];
    for (const read of reads) expect(read).not.toHaveProperty('credential');
  });

  it('does not open when it was moved to another store', async () => {
    const one = await db.stores.create(acme);
    const other = await db.stores.create({ ...acme, name: 'other' });
    const stored = await db.raw('stores').findOne({ name: 'acme' });
    await db
      .raw('stores')
      .updateOne({ name: 'other' }, { $set: { credential: stored?.['credential'] } });
    await expect(db.stores.credential(other.id)).rejects.toThrow("can't be decrypted");
    await expect(db.stores.credential(one.id)).resolves.toEqual(apiKey);
  });

  it.each([
    ['active', 'active'],
    ['needs-reauthorization', 'active'],
    ['paused', 'paused'],
  ] as const)('is replaced while the store is %s, which is %s then', async (before, after) => {
    const store = await db.stores.create(acme);
    await db.stores.setStatus(store.id, before);
    db.clock.advance(1000);
    const by = { credential: account, owner: '$owner' };
    await expect(db.stores.reauthorize(store.id, by)).resolves.toEqual({
      ...store,
      status: after,
      owner: '$owner',
      updatedAt: db.clock.now(),
    });
    await expect(db.stores.credential(store.id)).resolves.toEqual(account);
  });
});

describe('a paused store whose credential is refused', () => {
  it('is paused again once it is reauthorized, and active after a resume', async () => {
    const store = await db.stores.create(acme);
    const by = { credential: account, owner: 'cli:bob' };
    await db.stores.setStatus(store.id, 'paused');
    await db.stores.setStatus(store.id, 'needs-reauthorization');
    await db.stores.setStatus(store.id, 'needs-reauthorization');
    await expect(db.stores.reauthorize(store.id, by)).resolves.toMatchObject({ status: 'paused' });
    await db.stores.setStatus(store.id, 'active');
    await db.stores.setStatus(store.id, 'needs-reauthorization');
    await expect(db.stores.reauthorize(store.id, by)).resolves.toMatchObject({ status: 'active' });
  });
});

describe('changing a store', () => {
  it('sets its status', async () => {
    const store = await db.stores.create(acme);
    await db.stores.setStatus(store.id, 'needs-reauthorization');
    await expect(db.stores.get(store.id)).resolves.toEqual({
      ...store,
      status: 'needs-reauthorization',
    });
  });

  it('replaces the configuration from the revision that was looked at', async () => {
    const store = await db.stores.create(acme);
    const config = aConfig();
    const changed = await db.stores.configure(store.id, { fromRevision: 1, config });
    expect(changed).toEqual({ ...store, config, configRevision: 2 });
    await expect(db.stores.get(store.id)).resolves.toEqual(changed);
  });

  it('gives it another name, that no other store has, and another owner', async () => {
    const store = await db.stores.create(acme);
    await db.stores.create({ ...acme, name: 'other' });
    const renamed = await db.stores.rename(store.id, '$name');
    expect(renamed).toEqual({ ...store, name: '$name' });
    await expect(db.stores.rename(store.id, 'other')).rejects.toBeInstanceOf(Conflict);
    await db.stores.changeOwner(store.id, 'token:$bob');
    await expect(db.stores.get(store.id)).resolves.toEqual({ ...renamed, owner: 'token:$bob' });
  });

  it('lets one of two configurations at once win', async () => {
    const { id } = await db.stores.create(acme);
    const change = { fromRevision: 1, config: aConfig() };
    const both = await Promise.allSettled([
      db.stores.configure(id, change),
      db.stores.configure(id, change),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const late = db.stores.configure(id, change);
    await expect(late).rejects.toBeInstanceOf(Conflict);
    await expect(db.stores.get(id)).resolves.toMatchObject({ configRevision: 2 });
  });

  it('fails for a store that is not there', async () => {
    const change = { fromRevision: 1, config: aConfig() };
    const by = { credential: apiKey, owner: 'cli:ada' };
    await expect(db.stores.credential('none')).rejects.toBeInstanceOf(NotFound);
    await expect(db.stores.setStatus('none', 'paused')).rejects.toBeInstanceOf(NotFound);
    await expect(db.stores.configure('none', change)).rejects.toBeInstanceOf(NotFound);
    await expect(db.stores.reauthorize('none', by)).rejects.toBeInstanceOf(NotFound);
    await expect(db.stores.rename('none', 'x')).rejects.toBeInstanceOf(NotFound);
    await expect(db.stores.changeOwner('none', 'x')).rejects.toBeInstanceOf(NotFound);
  });
});

describe('removing a store', () => {
  /** Two stores with two members, a run with a record and an alert, and a lease each. */
  async function twoStores() {
    const removed = await db.stores.create(acme);
    const kept = await db.stores.create({ ...acme, name: 'kept' });
    for (const { id } of [removed, kept]) {
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
      await db.members.insertMany(people);
      const { run } = await db.runs.enqueue({
        storeId: id,
        mode: 'full',
        trigger: 'manual',
        configRevision: 1,
        requestedBy: 'cli:ada',
      });
      await db.raw('records').insertOne({ runId: run.id, seq: 1 });
      await db.pages.put(id, [{ skip: 0, hash: 'h', users: [] }]);
      await db.leases.acquire({ storeId: id, holder: 'a', ttlMs: 1000 });
      await db.alerts.raise([
        { id: `run-failed_${run.id}`, kind: 'run-failed', storeId: id, runId: run.id },
      ]);
    }
    return { removed, kept };
  }

  const countAll = async () => {
    const names = ['stores', 'runs', 'records', 'pages', 'leases', 'alerts'];
    return Promise.all(names.map((name) => db.raw(name).countDocuments()));
  };

  it('unlinks its members when they are kept, each with a new revision', async () => {
    const { removed, kept } = await twoStores();
    db.clock.advance(1000);
    await expect(db.stores.remove(removed, 'keep')).resolves.toEqual({ members: 2 });
    const origin = { directory: 'jumpcloud', orgId: 'o1' };
    const unlinked = await db.members.keptFrom(origin, ['u1', 'u2']);
    expect(unlinked.map(({ id }) => id).sort()).toEqual([`${removed.id}.u1`, `${removed.id}.u2`]);
    expect(unlinked[0]).toMatchObject({
      storeId: null,
      keptFrom: origin,
      revision: 5,
      lastRecord: 'run1.x',
      updatedAt: db.clock.now(),
    });
    const stored = await db.raw('members').findOne({ revision: 5 });
    expect(stored).not.toHaveProperty('storeId');
    await expect(countAll()).resolves.toEqual([1, 1, 1, 1, 1, 1]);
    await expect(db.members.counts(kept.id)).resolves.toEqual({ active: 2, inactive: 0 });
    await expect(db.stores.list()).resolves.toEqual([kept]);
  });

  it('deletes its members when they are not', async () => {
    const { removed, kept } = await twoStores();
    await expect(db.stores.remove(removed, 'delete')).resolves.toEqual({ members: 2 });
    await expect(db.raw('members').countDocuments()).resolves.toBe(2);
    await expect(db.members.counts(kept.id)).resolves.toEqual({ active: 2, inactive: 0 });
    await expect(countAll()).resolves.toEqual([1, 1, 1, 1, 1, 1]);
  });

  it.each(['keep', 'delete'] as const)(
    'works in steps and can be repeated (%s)',
    async (members) => {
      const store = await db.stores.create(acme);
      const many = Array.from({ length: 1100 }, (_, at) =>
        aMember({
          id: `m${at}`,
          storeId: store.id,
          externalId: `u${at}`,
          emailKey: `u${at}`,
          lastRecord: 'x',
        }),
      );
      await db.members.insertMany(many);
      await expect(db.stores.remove(store, members)).resolves.toEqual({ members: 1100 });
      await expect(db.stores.remove(store, members)).resolves.toEqual({ members: 0 });
      const left = await db.raw('members').countDocuments();
      expect(left).toBe(members === 'keep' ? 1100 : 0);
    },
  );

  it('pauses it first, so that a removal that breaks off is not undone by a scheduled run', async () => {
    const store = await db.stores.create(acme);
    await db.members.insertMany([aMember({ storeId: store.id, lastRecord: 'x' })]);
    const unreadable = {
      ...store,
      get orgId(): string {
        throw new Error('broken off');
      },
    };
    await expect(db.stores.remove(unreadable, 'keep')).rejects.toThrow('broken off');
    await expect(db.stores.get(store.id)).resolves.toMatchObject({ status: 'paused' });
    await expect(db.stores.remove(store, 'keep')).resolves.toEqual({ members: 1 });
  });
});
