import { dataShape } from '../../../src/core/model/data-shape.ts';
import { person } from '../../builders/listed-person.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

describe('a worker, beside a newer release', () => {
  const newer = dataShape + 1;

  async function queued() {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    const { id } = await world.enqueue();
    return { world, id };
  }

  it('leaves a run of the newer release as it is', async () => {
    const { world, id } = await queued();
    const run = await world.runs.get(id);
    if (run === null) throw new Error('no run');
    const made = { ...run, shape: newer };
    world.runs.all.set(id, made);
    expect(await world.execute(id)).toEqual({ outcome: 'newer' });
    expect(await world.runs.get(id)).toEqual(made);
    expect(world.member('u1')).toBeNull();
  });

  it('leaves a store alone that the newer release configured', async () => {
    const { world, id } = await queued();
    for (const store of await world.stores.list()) {
      world.stores.all.set(store.id, { ...store, shape: newer });
    }
    const before = await world.runs.get(id);
    expect(await world.execute(id)).toEqual({ outcome: 'newer' });
    expect(await world.runs.get(id)).toEqual(before);
  });

  it('marks a run that it takes up as its own', async () => {
    const { world, id } = await queued();
    const run = await world.runs.get(id);
    if (run === null) throw new Error('no run');
    world.runs.all.set(id, { ...run, shape: 0 });
    expect(await world.execute(id)).toMatchObject({ outcome: 'ended', run: { shape: dataShape } });
  });
});
