import { setImmediate } from 'node:timers/promises';
import type { KnownUser } from '../../../src/core/model/known-page.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { KnownPages } from '../../../src/sync/source/known-pages.ts';
import { aConfig, statusSync } from '../../builders/models.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { MemoryPages } from '../../fakes/memory-pages.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const person = (id: string, parts: Partial<Person> = {}): Person => ({
  id,
  email: `${id}@acme.test`,
  ...parts,
});

/** Two pages of three, the last of whom is staged and so nobody’s member. */
async function syncedWorld(): Promise<MemoryWorld> {
  const world = new MemoryWorld();
  const members = ['u1', 'u2', 'u3', 'u4', 'u5'].map((id) => person(id));
  world.directory.set(...members, person('u6', { state: 'STAGED' }));
  await world.sync();
  return world;
}

function configure(world: MemoryWorld, config: Partial<StoreConfig>): void {
  const store = world.stores.all.get('store1');
  if (store === undefined) throw new Error('no store');
  world.stores.all.set('store1', { ...store, config: aConfig(config) });
}

describe('a page that is as it was', () => {
  it('is known after the first run, and nobody on it is read again', async () => {
    const world = await syncedWorld();
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ listed: 6, inScope: 5, skipped: 1, unchanged: 5 });
    expect(world.directory).toMatchObject({ recalled: 2, recordsRead: [] });
  });

  it('is read anew when somebody on it has changed, and known from then on', async () => {
    const world = await syncedWorld();
    world.directory.set(person('u5', { record: { department: 'IT' } }));
    expect((await world.sync()).run.counts).toMatchObject({ update: 1, unchanged: 4 });
    expect(world.directory.recalled).toBe(1);
    await world.sync();
    expect(world.directory.recalled).toBe(3);
  });

  it('is read where somebody’s member has changed', async () => {
    const world = await syncedWorld();
    await world.setStatus('u2', 'inactive');
    await world.sync();
    expect(world.directory.recalled).toBe(2);
    expect(world.directory.recordsRead).toContain('u2');
    expect(world.directory.recordsRead).not.toContain('u1');
  });

  const ada = { attribute: 'email', operator: 'equals' as const, value: 'u1@acme.test' };
  const onlyAda = { users: { conditions: [ada] } };
  const staffOnly = { users: { conditions: [{ memberOf: 'Staff' }] } };
  it.each<[string, Partial<StoreConfig>, Partial<Run['counts']>]>([
    ['mapping', { mapping: { ...aConfig().mapping, location: { value: 'Here' } } }, { update: 5 }],
    ['criteria', { criteria: onlyAda }, { inScope: 1, outOfScope: 5 }],
    [
      'status sync',
      { settings: { statusSync: { ...statusSync, staged: 'inactive' } } },
      { create: 1 },
    ],
  ])('is read anew by another %s', async (_what, config, counts) => {
    const world = await syncedWorld();
    configure(world, config);
    expect((await world.sync()).run.counts).toMatchObject(counts);
    expect(world.directory.recalled).toBe(0);
  });

  it('is read anew when somebody has joined or left a group that counts', async () => {
    const world = await syncedWorld();
    const staff = new Set(['u1', 'u2', 'u3', 'u4', 'u5']);
    world.directory.groups.set('g1', { name: 'Staff', members: staff });
    configure(world, { criteria: staffOnly });
    await world.sync();
    staff.delete('u5');
    expect((await world.sync()).run.counts).toMatchObject({ inScope: 4, outOfScope: 2 });
    expect(world.member('u5')).toMatchObject({ status: 'inactive' });
  });

  it('is read where somebody who had no member has one now', async () => {
    const world = await syncedWorld();
    configure(world, { settings: { statusSync: { ...statusSync, staged: 'skip' } } });
    await world.sync();
    const member = world.member('u1');
    if (member === null) throw new Error('no member');
    const added = { ...member, id: 'store1.u6', externalId: 'u6', emailKey: 'x' };
    world.members.all.set('store1.u6', added);
    expect((await world.sync()).run.counts).toMatchObject({ inScope: 6, skipped: 0, update: 1 });
  });

  it('is not learnt from a preview, which may be of rules that nobody adopts', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    await world.sync('plan');
    expect(world.pages.of('store1')).toEqual([]);
  });

  it('is forgotten once the listing is shorter', async () => {
    const world = await syncedWorld();
    for (const id of ['u4', 'u5', 'u6']) world.directory.people.delete(id);
    await world.sync();
    expect(world.pages.of('store1').map(({ skip }) => skip)).toEqual([0]);
  });
});

describe('what is known of pages', () => {
  const user = (externalId: string): KnownUser => ({
    externalId,
    fingerprint: `of ${externalId}`,
    idleAs: null,
  });
  const pagesOf = (pages: MemoryPages, rules = 'rules') =>
    new KnownPages({ pages, storeId: 's1', rules });

  it('is asked for by batches, of any number of pages, and given once', async () => {
    const pages = new MemoryPages();
    const skips = Array.from({ length: 120 }, (_, number) => number * 99);
    await pages.put(
      's1',
      skips.map((skip) => ({ skip, hash: `${skip}`, users: [] })),
    );
    const asked: number[] = [];
    const from = pages.from.bind(pages);
    pages.from = (storeId, skip, limit) => {
      asked.push(skip);
      return from(storeId, skip, limit);
    };
    const known = pagesOf(pages);
    // As a walk that reads ahead does: several at once.
    const found = await Promise.all(skips.map((skip) => known.at(skip)));
    expect(found.map((page) => page?.skip)).toEqual(skips);
    expect(asked).toEqual([0, 50 * 99, 100 * 99]);
    await expect(known.at(0)).resolves.toBeNull();
    await expect(known.at(120 * 99)).resolves.toBeNull();
    expect(asked).toHaveLength(3);
  });

  it('has a hash of the bytes and the rules', () => {
    const hashOf = (rules: string, ...parts: readonly string[]) =>
      pagesOf(new MemoryPages(), rules).hashOf(parts.map((part) => Buffer.from(part)));
    expect(hashOf('rules', 'ab', 'c')).toBe(hashOf('rules', 'a', 'bc'));
    expect(new Set([hashOf('rules', 'a'), hashOf('others', 'a'), hashOf('rules', 'b')]).size).toBe(
      3,
    );
  });

  it('leaves out a page of whom not everybody is known, but for the row that it shares with the one before', async () => {
    const pages = new MemoryPages();
    const known = pagesOf(pages);
    const found = new Map(['b', 'c'].map((id) => [id, user(id)]));
    await known.learn({ skip: 99, hash: 'h1', ids: ['a', 'b', 'c'] }, found);
    await known.learn({ skip: 198, hash: 'h2', ids: ['c', 'd'] }, found);
    await known.end({ isWhole: false });
    expect(pages.of('s1')).toEqual([
      {
        skip: 99,
        hash: 'h1',
        users: [{ externalId: 'a', fingerprint: null, idleAs: null }, user('b'), user('c')],
      },
    ]);
  });

  it('is not written behind the back of what comes after a listing that fails', async () => {
    const world = new MemoryWorld();
    for (let n = 0; n < 600; n += 1) world.directory.set(person(`u${String(n).padStart(3, '0')}`));
    world.directory.onPage = (page) => {
      if (page === 190) throw new Error('the directory is away');
    };
    const put = world.pages.put.bind(world.pages);
    let underWay = 0;
    world.pages.put = async (storeId, pages) => {
      underWay += 1;
      for (let turn = 0; turn < 100; turn += 1) await setImmediate();
      await put(storeId, pages);
      underWay -= 1;
    };
    const { id } = await world.enqueue();
    await expect(world.execute(id)).rejects.toThrow('the directory is away');
    expect(world.pages.of('store1')).not.toEqual([]);
    expect(underWay).toBe(0);
  });

  it('fails the run when it can’t be kept', async () => {
    const pages = new MemoryPages();
    pages.put = () => Promise.reject(new Error('the database is away'));
    const known = pagesOf(pages);
    await known.learn({ skip: 0, hash: 'h', ids: ['a'] }, new Map([['a', user('a')]]));
    await expect(known.end({ isWhole: true })).rejects.toThrow('the database is away');
  });
});
