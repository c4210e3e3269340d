import type { GroupSync } from '../../../src/core/model/store-config.ts';
import { aWorld, following, inGroup, ofGroups, people } from '../../fakes/groups-world.ts';
import type { MemoryWorld } from '../../fakes/memory-world.ts';

describe('people who leave a group', () => {
  it('are held when they are too many, while others join', async () => {
    const world = await following();
    world.directory.groups.set('g1', {
      name: 'Engineers',
      members: new Set([...people(7, 10), 'u20']),
    });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'held',
      counts: { held: 0 },
      groups: { counts: { held: 1, applied: 1 } },
    });
    expect(run.warnings).toEqual([
      'held: 6 members would leave the group "Engineers" in one run, over the limit of 5',
    ]);
    expect(ofGroups(records)).toEqual([
      { id: 'g1', action: 'update', status: 'applied', added: 1, removed: 0 },
      { id: 'g1', action: 'update', status: 'held', added: 0, removed: 6 },
    ]);
    expect(inGroup(world, 'g1')).toEqual([...people(1, 10), 'u20']);

    const later = await world.sync();
    expect(later.records).toEqual([]);
    expect(later.run.groups?.counts.heldEarlier).toBe(1);

    // Two are back by the time of the approval, and one more has left, who was not shown.
    world.directory.groups.set('g1', {
      name: 'Engineers',
      members: new Set([...people(1, 2), ...people(7, 9), 'u20']),
    });
    const decided = await world.decide(run.id, 'approve', ['group:g1']);
    expect(decided).toMatchObject({ status: 'succeeded', decided: { done: 1 } });
    expect(inGroup(world, 'g1')).toEqual([...people(1, 2), ...people(7, 10), 'u20']);
  });

  it('are held when nobody would be left', async () => {
    const world = aWorld({ g1: { name: 'Two', members: people(1, 2) } });
    await world.decide((await world.sync()).run.id, 'approve');
    world.directory.groups.set('g1', { name: 'Two', members: new Set() });
    const { run } = await world.sync();
    expect(run.warnings).toEqual(['held: all 2 members of the group "Two" would leave it']);
    expect(inGroup(world, 'g1')).toEqual(people(1, 2));
  });

  it('do not count when the directory has them no more', async () => {
    const world = await following();
    for (const id of people(1, 5)) world.directory.people.delete(id);
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(8, 10)) });
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { gone: 5, deactivate: 5 } });
    expect(inGroup(world, 'g1')).toEqual(people(8, 10));
  });

  it('are held when the runs of the window add up', async () => {
    const world = await following();
    for (const [at, status] of ['succeeded', 'succeeded', 'held'].entries()) {
      const members = new Set(people(3 + 2 * at, 10));
      world.directory.groups.set('g1', { name: 'Engineers', members });
      const { run } = await world.sync();
      expect(run.status).toBe(status);
    }
    expect(inGroup(world, 'g1')).toEqual(people(5, 10));
  });

  it('stay when a person rejects it, and others still leave', async () => {
    const world = await following();
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(7, 10)) });
    const { run } = await world.sync();
    await world.decide(run.id, 'reject');
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(8, 10)) });
    await world.sync();
    expect(inGroup(world, 'g1')).toEqual([...people(1, 6), ...people(8, 10)]);
  });
});

describe('a group that the source has no more', () => {
  const others = {
    g2: { name: 'Sales', members: people(4, 5) },
    g3: { name: 'Other', members: people(6, 7) },
  };

  async function threeGroups(sync: Partial<GroupSync> = {}): Promise<MemoryWorld> {
    const world = aWorld({ g1: { name: 'Engineers', members: people(1, 3) }, ...others }, sync);
    await world.decide((await world.sync()).run.id, 'approve');
    return world;
  }

  it('is unlinked and stays as it was', async () => {
    const world = await threeGroups();
    world.directory.groups.delete('g1');
    const { run, records } = await world.sync();
    expect(run.status).toBe('succeeded');
    expect(records).toMatchObject([
      { action: 'update', changes: [{ field: 'status', from: 'followed', to: 'unlinked' }] },
    ]);
    expect(world.groups.all.get('store1.g1')?.status).toBe('unlinked');
    expect(inGroup(world, 'g1')).toEqual(people(1, 3));
  });

  it('is not taken as gone on a list that may lack it', async () => {
    const world = await threeGroups({ deleted: 'delete' });
    world.directory.groups.delete('g1');
    world.directory.groupsBroken = 'its pages do not join';
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run).toMatchObject({ groups: { certificate: { complete: false } } });
    expect(run.warnings[0]).toContain('no group was taken as gone');
  });

  it('is not taken as gone while the source finds it by its id', async () => {
    const world = await threeGroups();
    world.directory.withheld.add('g1');
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run.warnings).toEqual([
      'the group "Engineers" is not listed, and stays: the source finds it by its id',
    ]);
  });

  it('is held where groups are to be removed, and goes when a person says so', async () => {
    const world = await threeGroups({ deleted: 'delete' });
    world.directory.groups.delete('g1');
    const { run, records } = await world.sync();
    expect(ofGroups(records)).toEqual([
      { id: 'g1', action: 'delete', status: 'held', added: 0, removed: 3 },
    ]);
    await world.decide(run.id, 'approve');
    expect(world.groups.all.has('store1.g1')).toBe(false);
    expect(inGroup(world, 'g1')).toEqual([]);
  });

  it('is followed again when the source has it again', async () => {
    const world = await threeGroups();
    const group = { name: 'Engineers', members: new Set(people(1, 4)) };
    world.directory.groups.delete('g1');
    await world.sync();
    world.directory.groups.set('g1', group);
    await world.sync();
    expect(world.groups.all.get('store1.g1')?.status).toBe('followed');
    expect(inGroup(world, 'g1')).toEqual(people(1, 4));
  });
});

describe('undo', () => {
  it('takes back names, joins and leaves', async () => {
    const world = await following();
    world.directory.groups.set('g1', {
      name: 'Builders',
      members: new Set([...people(2, 10), 'u20']),
    });
    const { run } = await world.sync();
    const undone = await world.undo(run.id);
    expect(undone.run).toMatchObject({
      status: 'succeeded',
      groups: { counts: { update: 1, applied: 1 } },
    });
    expect(inGroup(world, 'g1')).toEqual(people(1, 10));
    expect(world.groups.all.get('store1.g1')?.name).toBe('Engineers');
    expect(world.records.all.get(`group.${run.id}.g1`)?.status).toBe('undone');

    await world.undo(undone.run.id);
    expect(inGroup(world, 'g1')).toEqual([...people(2, 10), 'u20']);
    expect(world.records.all.get(`group.${run.id}.g1`)?.status).toBe('applied');
  });

  it('takes back an import, members and groups', async () => {
    const world = aWorld({ g1: { name: 'Engineers', members: people(1, 3) } });
    const { run } = await world.sync();
    await world.decide(run.id, 'approve');
    await world.undo(run.id);
    expect(world.groups.all.size).toBe(0);
    expect(inGroup(world, 'g1')).toEqual([]);
  });

  it('brings a removed group back with its people', async () => {
    const world = aWorld(
      {
        g1: { name: 'Engineers', members: people(1, 3) },
        g2: { name: 'Sales', members: people(4, 5) },
      },
      { deleted: 'delete' },
    );
    await world.decide((await world.sync()).run.id, 'approve');
    world.directory.groups.delete('g1');
    const { run } = await world.sync();
    await world.decide(run.id, 'approve');
    await world.undo(run.id);
    expect(world.groups.all.get('store1.g1')).toMatchObject({
      name: 'Engineers',
      status: 'followed',
    });
    expect(inGroup(world, 'g1')).toEqual(people(1, 3));
  });

  it('brings a deleted member back into its groups', async () => {
    const world = await following();
    world.directory.people.delete('u01');
    const store = world.stores.all.get('store1');
    if (store === undefined) throw new Error('no store');
    const { settings: before } = store.config;
    const statusSync = { ...before.statusSync, deleted: 'delete' as const };
    const settings = { ...before, statusSync };
    world.stores.all.set('store1', { ...store, config: { ...store.config, settings } });
    const { run } = await world.sync();
    expect(world.member('u01')).toBeNull();
    await world.undo(run.id);
    expect(world.member('u01')?.groups).toEqual(['g1']);
  });
});
