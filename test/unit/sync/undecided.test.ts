import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const synced = async (): Promise<MemoryWorld> => {
  const world = new MemoryWorld();
  for (let i = 1; i <= 8; i += 1) world.directory.set(person(`u${i}`));
  await world.sync();
  return world;
};

describe('what a source leaves open', () => {
  it('is counted for each user over the runs in a row, and needs a person at the third', async () => {
    const world = await synced();
    world.directory.people.delete('u3');
    world.directory.filterAnswers = null;
    const first = await world.sync();
    expect(first.run.undecided).toBeNull();
    world.directory.set(person('u5', { unreadable: 'no state' }));
    await world.sync();
    const third = await world.sync();
    expect(third.records).toMatchObject([
      { externalId: 'u5', undecidedRuns: 2 },
      { externalId: 'u3', undecidedRuns: 3 },
    ]);
    expect(third.run.undecided).toEqual({ incompleteRuns: 0, users: 1, newUsers: 1 });
    const fourth = await world.sync();
    expect(fourth.run.undecided).toEqual({ incompleteRuns: 0, users: 2, newUsers: 1 });
  });

  it('begins anew for a user that was decided in between', async () => {
    const world = await synced();
    const unreadable = () => world.directory.set(person('u5', { unreadable: 'no state' }));
    unreadable();
    await world.sync();
    await world.sync();
    world.directory.set(person('u5'));
    await world.sync();
    unreadable();
    const { run, records } = await world.sync();
    expect(records).toMatchObject([{ externalId: 'u5', undecidedRuns: 1 }]);
    expect(run.undecided).toBeNull();
  });

  it('counts the runs whose listing was incomplete, over a failed run and no preview', async () => {
    const world = await synced();
    world.directory.withheld.add('u3');
    await world.sync();
    await world.sync('plan');
    const { broken } = world.directory;
    for (let i = 1; i <= 8; i += 1) world.directory.withheld.add(`u${i}`);
    expect((await world.sync()).run.status).toBe('failed');
    world.directory.withheld.clear();
    world.directory.withheld.add('u4');
    world.directory.broken = broken;
    expect((await world.sync()).run.undecided).toMatchObject({ incompleteRuns: 2 });
    expect((await world.sync()).run.undecided).toMatchObject({ incompleteRuns: 3 });
    world.directory.withheld.clear();
    expect((await world.sync()).run.undecided).toBeNull();
  });

  it('does not count a missing address: the source is clear about that', async () => {
    const world = await synced();
    world.directory.set(person('u5', { email: null }));
    const { records } = await world.sync();
    expect(records).toMatchObject([{ externalId: 'u5', action: 'problem', undecidedRuns: null }]);
  });
});
