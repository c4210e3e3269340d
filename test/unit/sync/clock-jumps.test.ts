import { MemoryWorld } from '../../fakes/memory-world.ts';

const hourMs = 3_600_000;

/** A store of a few people whose clock jumps once, after the first page of a listing. */
function jumpingWorld(byMs: number): MemoryWorld {
  const world = new MemoryWorld();
  for (let n = 1; n <= 9; n += 1) world.directory.set({ id: `u${n}`, email: `u${n}@acme.test` });
  let hasJumped = false;
  world.directory.onPage = () => {
    if (!hasJumped) world.clock.nowMs += byMs;
    hasJumped = true;
  };
  return world;
}

describe('a clock that jumps while a run is at work', () => {
  it('forward loses the lease, and the run resumes from its records when it is claimed again', async () => {
    const world = jumpingWorld(hourMs);
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'lease-taken' });
    expect(world.members.all.size).toBe(0);
    expect(await world.execute(id)).toMatchObject({
      outcome: 'ended',
      run: { status: 'succeeded', counts: { create: 9, applied: 9 } },
    });
    expect((await world.sync()).records).toEqual([]);
  });

  it('backward changes nothing', async () => {
    const world = jumpingWorld(-hourMs);
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { create: 9, applied: 9 } });
    expect((await world.sync()).records).toEqual([]);
  });
});
