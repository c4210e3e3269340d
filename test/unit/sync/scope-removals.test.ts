import { onlySales, person } from '../../builders/listed-person.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const idOf = (n: number) => `u${1000 + n}`;
const inDepartment = (n: number, department: string): Person =>
  person(idOf(n), { record: { department } });

/** 200 members in Sales, of whom the listing then says that 150 are elsewhere. */
async function moved(): Promise<MemoryWorld> {
  const world = new MemoryWorld(onlySales);
  world.directory.pageSize = 100;
  for (let n = 1; n <= 200; n += 1) world.directory.set(inDepartment(n, 'Sales'));
  await world.sync();
  for (let n = 1; n <= 150; n += 1) world.directory.set(inDepartment(n, 'IT'));
  world.directory.asked = [];
  return world;
}

describe('more users out of scope than a run may remove', () => {
  it('are held after fifty at random were asked for, each confirmed when it is approved', async () => {
    const world = await moved();
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { deactivate: 150, held: 150 } });
    expect(world.directory.asked.length).toBeLessThanOrEqual(52);
    world.directory.set(inDepartment(1, 'Sales'));
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      decided: { done: 149, noLongerTrue: 1 },
    });
  });

  it('stay when one of the fifty is in scope by the full record', async () => {
    const world = await moved();
    for (let n = 1; n <= 150; n += 1) world.directory.byId.set(idOf(n), inDepartment(n, 'Sales'));
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { deactivate: 0, held: 0 } });
    expect(records).toEqual([]);
    expect(run.warnings).toEqual([expect.stringContaining("the listing can't judge the scope")]);
    expect(world.directory.asked.length).toBeLessThanOrEqual(52);
    const active = [...world.members.all.values()].filter(({ status }) => status === 'active');
    expect(active).toHaveLength(200);
  });

  it('all stay when the full records have only some of the fifty in scope', async () => {
    const world = await moved();
    for (let n = 1; n <= 75; n += 1) world.directory.byId.set(idOf(n), inDepartment(n, 'Sales'));
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { deactivate: 0, held: 0 } });
    expect(records).toEqual([]);
    expect(run.warnings).toEqual([expect.stringContaining("the listing can't judge the scope")]);
  });

  it('leave removals for other reasons as they are', async () => {
    const world = await moved();
    for (let n = 1; n <= 150; n += 1) world.directory.byId.set(idOf(n), inDepartment(n, 'Sales'));
    world.directory.set({ ...inDepartment(200, 'Sales'), state: 'SUSPENDED' });
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ deactivate: 1, held: 0 });
    expect(world.member(idOf(200))).toMatchObject({ inactiveCause: 'suspended' });
  });
});
