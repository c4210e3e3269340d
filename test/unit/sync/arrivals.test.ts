import { SourceError } from '../../../src/core/errors.ts';
import { outOfTime } from '../../../src/directories/http/retry.ts';
import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const notContractors = {
  criteria: { users: { conditions: [{ memberOf: 'Contractors' }], pattern: 'not 1' } },
};

/** Users u1 to u`count`, of whom those named are contractors. */
function worldOf(count: number, contractors: readonly string[]): MemoryWorld {
  const world = new MemoryWorld(notContractors);
  for (let i = 1; i <= count; i += 1) world.directory.set(person(`u${i}`));
  world.directory.groups.set('g1', { name: 'Contractors', members: new Set(contractors) });
  return world;
}

describe('a user that a group’s list does not name', () => {
  it('is asked for its own list before it comes in', async () => {
    const world = worldOf(6, ['u3', 'u4']);
    world.directory.listedMembers.set('g1', ['u3']);
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: 4, outOfScope: 2, inScope: 4, problem: 0 });
    expect(records.map(({ externalId }) => externalId)).not.toContain('u4');
    expect(world.member('u4')).toBeNull();
  });

  it('does not come back because of a short list either', async () => {
    const world = worldOf(8, []);
    await world.sync();
    world.directory.groups.get('g1')?.members.add('u4');
    await world.sync();
    expect(world.member('u4')?.status).toBe('inactive');
    world.directory.listedMembers.set('g1', []);
    await world.sync();
    await world.sync();
    expect(world.member('u4')?.status).toBe('inactive');
  });

  it('is undecided while its own list can’t be read', async () => {
    const world = worldOf(8, ['u3']);
    world.directory.failingGroups.add('u5');
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: 6, problem: 1 });
    expect(records).toContainEqual(
      expect.objectContaining({ externalId: 'u5', action: 'problem', undecidedRuns: 1 }),
    );
  });

  it('fails the run, and is not undecided, when the time of the run is up', async () => {
    const world = worldOf(8, ['u3']);
    world.directory.groupsOf = async () => {
      throw outOfTime('JumpCloud', 60_000);
    };
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'source-failed' } });
    expect(run.error?.message).toContain('within the limit of 1 min');
  });

  it('is asked for once a run, and not at all when it is a member already', async () => {
    const world = worldOf(8, ['u3']);
    await world.sync();
    expect(world.directory.askedGroups.toSorted()).toEqual(
      ['u1', 'u2', 'u4', 'u5', 'u6', 'u7', 'u8'].toSorted(),
    );
    world.directory.askedGroups.length = 0;
    await world.sync();
    expect(world.directory.askedGroups).toEqual([]);
  });

  it('stays out with all others when one of fifty at random is in the group', async () => {
    const contractors = Array.from({ length: 100 }, (_, at) => `u${at + 1}`);
    const world = worldOf(200, contractors);
    world.directory.pageSize = 100;
    world.directory.listedMembers.set('g1', ['u1', 'u2']);
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: 0, problem: 198, outOfScope: 2 });
    expect(records.every(({ action }) => action === 'problem')).toBe(true);
    expect(run.warnings).toHaveLength(1);
    expect(run.warnings[0]).toContain('198 users would come in');
    expect(world.directory.askedGroups).toHaveLength(50);
  });
});

describe('a group that lost most of its members', () => {
  const staff = { criteria: { users: { conditions: [{ memberOf: 'Staff' }] } } };
  const synced = async (criteria: ConstructorParameters<typeof MemoryWorld>[0]) => {
    const world = new MemoryWorld(criteria);
    for (let i = 1; i <= 8; i += 1) world.directory.set(person(`u${i}`));
    const members = new Set(['u1', 'u2', 'u3']);
    for (const name of ['Staff', 'Contractors'])
      world.directory.groups.set(name, { name, members });
    await world.sync();
    return { world, members };
  };

  it('removes nobody until a second run agrees', async () => {
    const { world, members } = await synced(staff);
    members.clear();
    const first = await world.sync();
    expect(first.run.counts).toMatchObject({ deactivate: 0, problem: 3, outOfScope: 5 });
    expect(first.run.warnings).toHaveLength(1);
    expect(first.run.warnings[0]).toContain('"Staff" had 3 members and now lists 0');
    const preview = await world.sync('plan');
    expect(preview.run.counts).toMatchObject({ deactivate: 3 });
    const second = await world.sync();
    expect(second.run.counts).toMatchObject({ problem: 0, outOfScope: 8 });
    expect(second.run.counts.deactivate + second.run.counts.held).toBeGreaterThan(0);
  });

  it('lets nobody in until a second run agrees', async () => {
    const { world, members } = await synced(notContractors);
    members.clear();
    const first = await world.sync();
    expect(first.run.counts).toMatchObject({ create: 0, problem: 3, unchanged: 5 });
    expect((await world.sync()).run.counts).toMatchObject({ create: 3, problem: 0 });
  });

  it('is asked for again after a run that failed', async () => {
    const { world, members } = await synced(staff);
    members.clear();
    world.directory.onPage = () => {
      throw new SourceError('retriable', 'source-failed', 'it broke');
    };
    expect((await world.sync()).run.status).toBe('failed');
    world.directory.onPage = () => undefined;
    expect((await world.sync()).run.counts).toMatchObject({ deactivate: 0, problem: 3 });
  });
});
