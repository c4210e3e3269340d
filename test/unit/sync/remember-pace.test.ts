import type { ConnectOptions } from '../../../src/ports/directory.ts';
import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

/** A world whose directory turns out to allow this many requests per second. */
function worldAllowing(perSecond: number | null) {
  const world = new MemoryWorld();
  const options: ConnectOptions[] = [];
  let writes = 0;
  world.directory.set(person('u1'));
  world.connect = (given) => {
    options.push(given);
    return Object.assign(world.directory, { perSecond: () => perSecond });
  };
  const { stores } = world;
  const setPerSecond = stores.setPerSecond.bind(stores);
  stores.setPerSecond = (...change) => {
    writes += 1;
    return setPerSecond(...change);
  };
  return { world, options, writes: () => writes };
}

describe('the pace of a directory', () => {
  it('is remembered for the next run', async () => {
    const { world, options } = worldAllowing(4);
    await world.sync();
    expect((await world.stores.get('store1'))?.perSecond).toBe(4);
    await world.sync();
    expect(options.map(({ perSecond }) => perSecond)).toEqual([undefined, 4]);
  });

  it('is remembered when the run failed, too', async () => {
    const { world } = worldAllowing(4);
    world.directory.orgId = 'org2';
    await world.sync();
    expect((await world.stores.get('store1'))?.perSecond).toBe(4);
  });

  it('is written only when there is one, and it changed notably', async () => {
    const never = worldAllowing(null);
    await never.world.sync();
    expect(never.writes()).toBe(0);
    const similar = worldAllowing(4);
    await similar.world.stores.setPerSecond('store1', 4.2);
    await similar.world.sync();
    expect(similar.writes()).toBe(1);
  });
});
