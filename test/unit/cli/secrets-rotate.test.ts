import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

describe('secrets rotate', () => {
  it('says how many there are, and is audited', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    world.stores.all.set(
      'store2',
      aStore({ id: 'store2', name: 'pushed', via: 'scim', orgId: '' }),
    );
    const outcome = await world.run(['secrets', 'rotate', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toEqual({ rotated: 0, current: 1, unreadable: [] });
    const [entry] = await world.audit.list({});
    expect(entry).toMatchObject({ action: 'secrets-rotated', by: 'cli:ada', outcome: 'done' });
  });

  it('goes on after a credential that no key decrypts, names its store and exits 1', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    world.stores.all.set('store2', aStore({ id: 'store2', name: 'other' }));
    world.stores.unsealable.add('store1');
    const outcome = await world.run(['secrets', 'rotate']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('1 had it already');
    expect(outcome.stderr).toContain("acme: The credential of store1 can't be decrypted.");
    expect(outcome.stderr).toContain('rollcall store reauthorize acme');
  });
});
