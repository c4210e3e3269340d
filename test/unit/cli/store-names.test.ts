import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

function worldWith(...names: readonly string[]): CliWorld {
  const world = new CliWorld();
  for (const name of names) world.stores.all.set(name, aStore({ id: name, name }));
  return world;
}

describe('the name of a store', () => {
  it('finds it in any case', async () => {
    const outcome = await worldWith('Acme').run(['store', 'pause', 'aCME']);
    expect(outcome.stdout).toBe('Acme is paused: it has no scheduled runs.\n');
  });

  it('is taken in every case', async () => {
    const world = worldWith('Acme');
    const add = ['store', 'add', 'ACME', '--directory', 'jumpcloud', '--api-key-stdin'];
    const outcome = await world.run([...add, '--same-organization'], { input: 'k' });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('A directory store named "Acme" exists already.');
  });

  it('is said to differ in case alone from another, and must be written as it is then', async () => {
    const world = worldWith('Acme', 'acme', 'other');
    const { stderr } = await world.run(['store', 'list']);
    expect(stderr).toContain('The names "Acme" and "acme" differ in case alone');
    expect((await world.run(['store', 'show', 'acme', '--json'])).json()).toMatchObject({
      id: 'acme',
    });
    const unclear = await world.run(['store', 'show', 'ACME']);
    expect(unclear.exitCode).toBe(2);
    expect(unclear.stderr).toContain('Did you mean');
  });
});
