import { aConfig, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

interface Erased {
  readonly copies: number;
  readonly mentions: number;
  readonly runs: readonly string[];
}

/** Ada manages Bob by her address, in two stores; Joann's address ends like hers. */
async function managed(): Promise<CliWorld> {
  const world = new CliWorld();
  const { mapping } = aConfig();
  const byAddress = { attribute: 'boss', transforms: [] } as const;
  const config = aConfig({ mapping: { ...mapping, manager: byAddress } });
  world.stores.all.set('store1', aStore({ config }));
  world.startWorker();
  world.directory.set(
    { id: 'u1', email: 'ann@acme.test' },
    { id: 'u2', email: 'bob@acme.test', record: { boss: 'Ann@acme.test' } },
    { id: 'u3', email: 'eve@acme.test', record: { boss: 'joann@acme.test' } },
  );
  await sync(world);
  return world;
}
const sync = (world: CliWorld) => world.run(['sync', 'acme', '--wait', '--json']);
const erase = async (world: CliWorld, ...options: string[]) =>
  (await world.run(['members', 'erase', 'ann@acme.test', '--json', ...options])).json() as Erased;
const managerOf = (world: CliWorld, id: string) =>
  [...world.members.all.values()].find(({ externalId }) => externalId === id)?.fields.manager;

describe('members erase, in the data of others', () => {
  it('empties the fields that have the address, and the records that say so', async () => {
    const world = await managed();
    expect(managerOf(world, 'u2')).toBe('Ann@acme.test');
    expect(await erase(world)).toMatchObject({ copies: 1, mentions: 1, runs: [] });
    expect(managerOf(world, 'u2')).toBe('Ann@acme.test');
    const done = await erase(world, '--yes');
    expect(done).toMatchObject({ copies: 1, mentions: 1 });
    expect(done.runs).toHaveLength(2);
    expect(managerOf(world, 'u2')).toBeUndefined();
    expect(managerOf(world, 'u3')).toBe('joann@acme.test');
    const all = [world.members, world.records, world.runs].map((each) => [...each.all.values()]);
    expect(JSON.stringify(all)).not.toMatch(/\bann@acme/i);
    expect(JSON.stringify(all)).toContain('bob@acme.test');
    expect(world.records.ofRun(done.runs[1] ?? '')).toMatchObject([
      { memberId: 'store1.u2', status: 'applied', changes: [{ field: 'manager', from: null }] },
    ]);
  });

  it('leaves what others had as their own address, so that its change can be undone', async () => {
    const world = await managed();
    world.directory.set({ id: 'u1', email: 'ann.new@acme.test' });
    await sync(world);
    world.directory.set({ id: 'u4', email: 'ann@acme.test' });
    await sync(world);
    await erase(world, '--yes');
    const own = [...world.records.all.values()].filter(
      ({ externalId, action }) => externalId === 'u1' && action === 'update',
    );
    expect(JSON.stringify(own)).toContain('ann@acme.test');
  });

  it('empties the configuration of previews', async () => {
    const world = await managed();
    const only = { attribute: 'email', operator: 'in', value: ['ann@acme.test', 'bob@acme.test'] };
    await world.run(['store', 'apply', 'acme', '-f', '-', '--preview'], {
      input: JSON.stringify({ criteria: { users: { conditions: [only] } } }),
    });
    const proposed = () => JSON.stringify([...world.runs.all.values()].map((run) => run.proposed));
    expect(proposed()).toContain('ann@acme.test');
    await erase(world, '--yes');
    expect(proposed()).not.toContain('ann@acme.test');
    expect(proposed()).toContain('emptied: it named a person who was erased');
    expect(proposed()).toContain('bob@acme.test');
  });
});
