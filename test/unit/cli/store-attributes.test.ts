import { SourceError } from '../../../src/core/errors.ts';
import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

function worldWith(): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  world.stores.credentials.set('store1', { type: 'api-key', apiKey: 'k' });
  for (const id of ['u1', 'u2']) {
    const custom = id === 'u1' ? { 'shirt size': 'M' } : {};
    world.directory.set({ id, email: `${id}@acme.test`, record: { department: 'Lab' }, custom });
  }
  return world;
}

describe('store attributes', () => {
  it('lists what users have as rules, with their fields, and shows how to map one more', async () => {
    const { stdout, stderr, exitCode } = await worldWith().run(['store', 'attributes', 'acme']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^RULE +USERS +MEMBER FIELD +EXAMPLES\n/);
    expect(stdout).toMatch(/^\{ attribute: department \} +2 of 2 +department +Lab$/m);
    expect(stdout).toMatch(/^\{ custom: shirt size \} +1 of 2 +– +M$/m);
    expect(stdout).toMatch(/^\{ attribute: costCenter \} +0 of 2 +costCenter +–$/m);
    expect(stderr).toContain('    custom.shirtsize: { custom: shirt size }');
  });

  it('gives scripts the same', async () => {
    const json = (await worldWith().run(['store', 'attributes', 'acme', '--json'])).json();
    expect(json).toMatchObject({ store: 'store1', storeName: 'acme', users: 2 });
    expect(json).toMatchObject({
      fields: expect.arrayContaining(['email', 'country']),
      attributes: expect.arrayContaining([
        { kind: 'custom', name: 'shirt size', users: 1, examples: ['M'], mappedTo: [] },
      ]),
    });
  });

  it('says why a directory can not be asked', async () => {
    const world = worldWith();
    world.organizations = new SourceError('retriable', 'source-unread', 'JumpCloud is away');
    const outcome = await world.run(['store', 'attributes', 'acme', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('JumpCloud is away');
  });
});
