import { aWorld, following, inGroup, ofGroups, people } from '../../fakes/groups-world.ts';

describe('the first import of groups', () => {
  it('is held until a person takes some, and later runs act alone', async () => {
    const world = aWorld({
      g1: { name: 'Engineers', members: people(1, 3) },
      g2: { name: 'Sales', members: people(3, 5) },
    });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'held',
      counts: { create: 30, held: 0 },
      groups: {
        counts: { listed: 2, inScope: 2, create: 2, held: 2, applied: 0 },
        certificate: { complete: true, total: null, distinct: 2 },
      },
    });
    expect(ofGroups(records)).toEqual([
      { id: 'g1', action: 'create', status: 'held', added: 3, removed: 0 },
      { id: 'g2', action: 'create', status: 'held', added: 3, removed: 0 },
    ]);
    expect([...world.groups.all.values()].map(({ status }) => status)).toEqual([
      'staged',
      'staged',
    ]);
    expect(inGroup(world, 'g1')).toEqual([]);

    const again = await world.sync();
    expect(again.run).toMatchObject({
      status: 'succeeded',
      groups: { counts: { create: 0, heldEarlier: 2 } },
    });

    const decided = await world.decide(run.id, 'approve', ['group:g1']);
    expect(decided).toMatchObject({ status: 'held', groups: { counts: { held: 1, applied: 1 } } });
    expect(inGroup(world, 'g1')).toEqual(people(1, 3));
    expect(inGroup(world, 'g2')).toEqual([]);
    expect(world.groups.all.get('store1.g1')).toMatchObject({
      status: 'followed',
      name: 'Engineers',
    });

    world.directory.groups.set('g3', { name: 'Later', members: new Set(people(7, 8)) });
    const later = await world.sync();
    expect(ofGroups(later.records)).toEqual([
      { id: 'g3', action: 'create', status: 'applied', added: 2, removed: 0 },
    ]);
    expect(inGroup(world, 'g3')).toEqual(people(7, 8));
  });

  it('takes a group with the people that it has when it is taken', async () => {
    const world = aWorld({ g1: { name: 'Engineers', members: people(1, 3) } });
    const { run } = await world.sync();
    world.directory.groups.set('g1', { name: 'Builders', members: new Set(people(2, 4)) });
    await world.decide(run.id, 'approve');
    expect(inGroup(world, 'g1')).toEqual(people(2, 4));
    expect(world.groups.all.get('store1.g1')?.name).toBe('Builders');
  });

  it('forgets a staged group that the source no longer has', async () => {
    const world = aWorld({
      g1: { name: 'Engineers', members: people(1, 3) },
      g2: { name: 'Sales', members: [] },
    });
    const { run } = await world.sync();
    world.directory.groups.delete('g1');
    await world.sync();
    expect([...world.groups.all.keys()]).toEqual(['store1.g2']);
    expect(await world.runs.get(run.id)).toMatchObject({
      status: 'held',
      groups: { counts: { held: 1 } },
    });
  });

  it('creates no member', async () => {
    const world = aWorld({ g1: { name: 'Engineers', members: ['u01', 'stranger'] } });
    const { run } = await world.sync();
    await world.decide(run.id, 'approve');
    expect(world.members.all.size).toBe(30);
    expect(inGroup(world, 'g1')).toEqual(['u01']);
  });

  it('is shown by a preview, which keeps nothing', async () => {
    const world = aWorld({ g1: { name: 'Engineers', members: people(1, 3) } });
    const { run, records } = await world.sync('plan');
    expect(run.groups?.counts).toMatchObject({ create: 1, held: 1 });
    expect(ofGroups(records)).toMatchObject([{ added: 3 }]);
    expect(world.groups.all.size).toBe(0);
  });
});

describe('a followed group', () => {
  it('writes nothing when nothing has changed', async () => {
    const world = await following();
    const before = { ...world.writes };
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run.groups?.counts).toMatchObject({ listed: 1, unchanged: 1, update: 0 });
    expect(world.writes.members).toBe(before.members);
    expect(world.writes.records).toBe(before.records);
  });

  it('is the same group under another name', async () => {
    const world = await following();
    world.directory.groups.set('g1', { name: 'Builders', members: new Set(people(1, 10)) });
    const { records } = await world.sync();
    expect(records).toMatchObject([
      {
        action: 'update',
        status: 'applied',
        name: 'Builders',
        changes: [{ field: 'name', from: 'Engineers', to: 'Builders' }],
      },
    ]);
    expect(world.groups.all.get('store1.g1')?.name).toBe('Builders');
  });

  it('takes in who becomes a member in the same run, and lets go who leaves', async () => {
    const world = await following();
    world.directory.set({ id: 'u31', email: 'u31@acme.test' });
    world.directory.groups.set('g1', {
      name: 'Engineers',
      members: new Set([...people(2, 10), 'u31']),
    });
    const { run, records } = await world.sync();
    expect(run.status).toBe('succeeded');
    expect(ofGroups(records)).toEqual([
      { id: 'g1', action: 'update', status: 'applied', added: 1, removed: 1 },
    ]);
    expect(inGroup(world, 'g1')).toEqual([...people(2, 10), 'u31']);
  });

  it('may have the id of a user', async () => {
    const world = aWorld({ u01: { name: 'Odd', members: people(1, 2) } });
    const { run } = await world.sync();
    await world.decide(run.id, 'approve', ['group:u01']);
    expect(inGroup(world, 'u01')).toEqual(people(1, 2));
    expect(world.member('u01')).toMatchObject({ status: 'active' });
  });

  it('stays followed when it leaves the criteria', async () => {
    const criteria = {
      conditions: [{ attribute: 'name', operator: 'equals', value: 'Engineers' } as const],
    };
    const world = await following({ criteria });
    world.directory.groups.set('g1', { name: 'Builders', members: new Set(people(2, 10)) });
    const { run } = await world.sync();
    expect(run.warnings).toEqual([
      'the group "Builders" no longer matches the criteria, and is followed all the same',
    ]);
    expect(inGroup(world, 'g1')).toEqual(people(2, 10));
  });

  it('leaves as it is whom the list lacks and the person’s own groups name', async () => {
    const world = await following();
    world.directory.listedMembers.set('g1', people(2, 10));
    const { records } = await world.sync();
    expect(records).toEqual([]);
    expect(inGroup(world, 'g1')).toEqual(people(1, 10));
  });

  it('leaves as it is whose own groups can’t be read, and says so', async () => {
    const world = await following();
    world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
    world.directory.failingGroups.add('u01');
    const { run } = await world.sync();
    expect(run.warnings).toEqual([
      '1 members stay in the group "Engineers": its list lacks them, and the source does not tell their own groups',
    ]);
    expect(inGroup(world, 'g1')).toEqual(people(1, 10));
  });

  it.each([
    ['unstated', people(2, 10), 'inactive'],
    ['lost', people(1, 10), 'active'],
  ] as const)(
    'lets go who has no group any more, on lists that are %s',
    async (lists, left, status) => {
      const world = await following({ left: 'deactivate' });
      world.directory.groups.set('g1', { name: 'Engineers', members: new Set(people(2, 10)) });
      world.directory.ownGroups = lists;
      await world.sync();
      expect(inGroup(world, 'g1')).toEqual(left);
      expect(world.member('u01')?.status).toBe(status);
    },
  );

  it('neither takes in nor lets go while its rule has errors', async () => {
    const world = await following();
    world.directory.groups.set('g1', {
      name: 'Engineers',
      members: new Set(['u20']),
      doubt: 'its rule has errors (CYCLE)',
    });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', groups: { counts: { problem: 1 } } });
    expect(records).toMatchObject([{ action: 'problem', status: 'reported' }]);
    expect(inGroup(world, 'g1')).toEqual(people(1, 10));
  });

  it('takes in who joins it under review when a second run sees the same', async () => {
    const world = await following();
    const members = new Set([...people(1, 10), 'u20']);
    world.directory.groups.set('g1', { name: 'Engineers', members, isUnderReview: true });
    await world.sync();
    expect(inGroup(world, 'g1')).toEqual(people(1, 10));
    await world.sync();
    expect(inGroup(world, 'g1')).toEqual([...people(1, 10), 'u20']);
    expect(world.groups.all.get('store1.g1')?.waiting).toEqual([]);
  });
});
