import type { GroupSync } from '../../../src/core/model/store-config.ts';
import { defaultGroupSync } from '../../../src/core/store-file/default-config.ts';
import { following, inGroup, ofGroups, people } from '../../fakes/groups-world.ts';
import type { MemoryWorld } from '../../fakes/memory-world.ts';

function configure(world: MemoryWorld, groups: Partial<GroupSync>): void {
  const store = world.stores.all.get('store1');
  if (store === undefined) throw new Error('no store');
  const config = { ...store.config, groups: { ...defaultGroupSync, sync: true, ...groups } };
  world.stores.all.set('store1', { ...store, config });
}

const withRole = (world: MemoryWorld): string[] =>
  [...world.members.all.values()]
    .flatMap(({ roles, externalId }) => (roles.length > 0 ? (externalId ?? []) : []))
    .sort();

/** A group of ten people, of which three have the role. */
async function ofThree(): Promise<MemoryWorld> {
  const world = await following({ roles: { g1: 'admin' } });
  world.directory.groups.set('g2', { name: 'Admins', members: new Set(people(1, 3)) });
  configure(world, { roles: { g2: 'admin' } });
  await world.sync();
  return world;
}

describe('a role from a group', () => {
  it('is held for all when too many would get it, and given by an approval', async () => {
    const world = await following({ roles: { g1: 'admin' } });
    expect(withRole(world)).toEqual([]);
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'held',
      warnings: ['held: 10 members would get a role in one run, over the limit of 3'],
    });
    expect(records).toMatchObject([
      { kind: 'group', status: 'held', moves: { granted: 10 }, changes: [{ to: 'admin' }] },
    ]);
    expect((await world.sync()).records).toEqual([]);
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    await world.setStatus('u02', 'inactive');
    await world.decide(run.id, 'approve', ['group:g1']);
    expect(withRole(world)).toEqual(people(3, 10));
  });

  it('is given to the active members whose own groups name it', async () => {
    const world = await following();
    const members = new Set(['u01', 'u02']);
    world.directory.groups.set('g2', { name: 'Admins', members });
    world.directory.listedMembers.set('g2', ['u01', 'u02', 'u03']);
    await world.setStatus('u02', 'inactive');
    configure(world, { roles: { g2: 'admin' } });
    await world.sync();
    await world.sync();
    expect(inGroup(world, 'g2')).toEqual(['u01', 'u02', 'u03']);
    expect(withRole(world)).toEqual(['u01']);
    expect(world.member('u01')?.roles).toEqual([{ role: 'admin', group: 'g2' }]);
  });

  it('goes when the person leaves, also while the loss of the group is held', async () => {
    const world = await ofThree();
    await world.sync();
    expect(withRole(world)).toEqual(people(1, 3));
    world.directory.groups.set('g2', { name: 'Admins', members: new Set() });
    const { run, records } = await world.sync();
    expect(run.status).toBe('held');
    expect(ofGroups(records)).toMatchObject([
      { action: 'update', status: 'applied', removed: 0 },
      { action: 'update', status: 'held', removed: 3 },
    ]);
    expect(withRole(world)).toEqual([]);
    expect(inGroup(world, 'g2')).toEqual(people(1, 3));
  });

  it('goes when the member becomes inactive, by hand or by a sync, and comes back', async () => {
    const world = await ofThree();
    await world.sync();
    await world.setStatus('u01', 'inactive');
    expect(withRole(world)).toEqual(['u02', 'u03']);
    world.directory.set({ id: 'u02', email: 'u02@acme.test', state: 'SUSPENDED' });
    const { records } = await world.sync();
    expect(records[0]?.changes).toContainEqual({ field: 'roles', from: 'admin=g2', to: null });
    expect(withRole(world)).toEqual(['u03']);
    world.directory.set({ id: 'u02', email: 'u02@acme.test' });
    await world.sync();
    expect(withRole(world)).toEqual(['u02', 'u03']);
  });

  it('goes when the group is unlinked, bound to no role, or not synced any more', async () => {
    const world = await ofThree();
    await world.sync();
    const store = world.stores.all.get('store1');
    configure(world, { roles: {} });
    await world.sync();
    expect(withRole(world)).toEqual([]);
    if (store !== undefined) world.stores.all.set('store1', store);
    await world.sync();
    expect(withRole(world)).toEqual(people(1, 3));
    world.directory.groups.delete('g2');
    world.directory.groups.set('g3', { name: 'Third', members: new Set() });
    await world.sync();
    expect(world.groups.all.get('store1.g2')?.status).toBe('unlinked');
    expect(withRole(world)).toEqual([]);
  });

  it('goes when groups are frozen, which keeps who is in them', async () => {
    const world = await ofThree();
    await world.sync();
    configure(world, { sync: false, roles: { g2: 'admin' } });
    const { run } = await world.sync();
    expect(run).toMatchObject({ groups: { counts: { applied: 1 }, certificate: null } });
    expect(withRole(world)).toEqual([]);
    expect(inGroup(world, 'g2')).toEqual(people(1, 3));
    expect((await world.sync()).run.groups).toBeNull();
  });

  it('stays while the rule of the group has errors', async () => {
    const world = await ofThree();
    await world.sync();
    const doubt = 'its rule has errors (CYCLE)';
    world.directory.groups.set('g2', { name: 'Admins', members: new Set(), doubt });
    await world.sync();
    expect(withRole(world)).toEqual(people(1, 3));
  });

  it('is another one once the group is bound to another', async () => {
    const world = await ofThree();
    await world.sync();
    configure(world, { roles: { g2: 'auditor' } });
    await world.sync();
    await world.sync();
    expect(world.member('u01')?.roles).toEqual([{ role: 'auditor', group: 'g2' }]);
  });

  it('is taken back by an undo', async () => {
    const world = await ofThree();
    const { run } = await world.sync();
    expect(withRole(world)).toEqual(people(1, 3));
    await world.undo(run.id);
    expect(withRole(world)).toEqual([]);
  });
});

describe('a member that leaves its last followed group', () => {
  it('becomes inactive, and active again in a group again', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { deactivate: 1, unchanged: 29 } });
    expect(records.find(({ kind }) => kind === 'user')).toMatchObject({
      externalId: 'u01',
      action: 'deactivate',
      cause: 'left-groups',
      confirmed: true,
      risks: ['removal:left-groups'],
    });
    expect(world.member('u01')).toMatchObject({ status: 'inactive', inactiveCause: 'left-groups' });
    expect((await world.sync()).records).toEqual([]);
    expect(world.member('u01')?.status).toBe('inactive');

    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(1, 10)) });
    const back = await world.sync();
    expect(back.run).toMatchObject({ status: 'succeeded', counts: { reactivate: 1 } });
    expect(world.member('u01')).toMatchObject({ status: 'active', leftGroupsAt: null });
    expect((await world.sync()).records).toEqual([]);
  });

  it('stays while it is in another followed group', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g2', { name: 'Sales', members: new Set(['u01']) });
    await world.sync();
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    await world.sync();
    expect(world.member('u01')?.status).toBe('active');
  });

  it('stays when the leave was held, and goes with the run after its approval', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(7, 10)) });
    const { run } = await world.sync();
    expect(world.member('u01')?.status).toBe('active');
    await world.decide(run.id, 'approve');
    expect(world.member('u01')?.status).toBe('active');
    await world.sync();
    expect(world.member('u01')).toMatchObject({ status: 'inactive', inactiveCause: 'left-groups' });
  });

  it('is inactive for another cause first', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    world.directory.set({ id: 'u01', email: 'u01@acme.test', state: 'SUSPENDED' });
    await world.sync();
    expect(world.member('u01')?.inactiveCause).toBe('suspended');
    world.directory.set({ id: 'u01', email: 'u01@acme.test' });
    await world.sync();
    expect(world.member('u01')).toMatchObject({ status: 'inactive' });
  });

  it('counts as a removal', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(6, 10)) });
    await world.sync();
    expect(world.member('u01')?.status).toBe('inactive');
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(8, 10)) });
    const { run } = await world.sync();
    expect(run.status).toBe('held');
    expect(world.member('u06')?.status).toBe('active');
  });

  it.each([
    ['a group is unlinked', (world: MemoryWorld) => world.directory.groups.delete('g1')],
    [
      'a group is renamed',
      (world: MemoryWorld) =>
        world.directory.groups.set('g1', { name: 'Builders', members: new Set(people(1, 10)) }),
    ],
  ])('stays when %s', async (_case, change) => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g2', { name: 'Other', members: new Set() });
    await world.sync();
    change(world);
    await world.sync();
    await world.sync();
    expect(world.member('u01')?.status).toBe('active');
  });

  it('is active again where the store keeps who left', async () => {
    const world = await following({ left: 'deactivate' });
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    await world.sync();
    configure(world, { left: 'keep' });
    await world.sync();
    expect(world.member('u01')).toMatchObject({ status: 'active', inactiveCause: null });
  });
});
