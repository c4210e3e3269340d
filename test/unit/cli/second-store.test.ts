import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

function worldWith(parts: Parameters<typeof aStore>[0] = {}): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('first', aStore({ id: 'first', name: 'first one', ...parts }));
  return world;
}

const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];

describe('a second store of one organization', () => {
  it('is refused with the name of the first, and stored when it is asked for', async () => {
    const world = worldWith();
    const refused = await world.run(add, { input: 'k' });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('"first one" reads the organization Acme (org1) already');
    expect(refused.stderr).toContain('--same-organization');
    expect(world.stores.all.size).toBe(1);
    expect((await world.run([...add, '--same-organization'], { input: 'k' })).exitCode).toBe(0);
    expect(world.stores.all.size).toBe(2);
  });

  it('is none when the other store reads another organization, or has no key', async () => {
    for (const orgId of ['org2', '']) {
      const world = worldWith({ orgId });
      expect((await world.run(add, { input: 'k' })).exitCode).toBe(0);
    }
  });

  it('is refused too when a store that is pushed into gets its first key', async () => {
    const world = worldWith();
    world.stores.all.set('push', aStore({ id: 'push', name: 'pushed', via: 'scim', orgId: '' }));
    const args = ['store', 'reauthorize', 'pushed', '--api-key-stdin'];
    const refused = await world.run(args, { input: 'k' });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('"first one" reads the organization');
    const done = await world.run([...args, '--same-organization'], { input: 'k' });
    expect(done.exitCode).toBe(0);
    expect(await world.stores.get('push')).toMatchObject({ orgId: 'org1' });
  });
});
