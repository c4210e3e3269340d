import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const day = 24 * 3600 * 1000;

describe('a token that expires', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  const create = (...more: string[]) =>
    world.run(['token', 'create', '--role', 'owner', '--name', 'ops', ...more]);

  it('is made, listed and audited with its end', async () => {
    const expiresAt = '2026-05-02T00:00:00.000Z';
    expect((await create('--expires', '90d', '--json')).json()).toMatchObject({ expiresAt });
    expect((await world.run(['token', 'list', '--json'])).json()).toMatchObject([{ expiresAt }]);
    expect((await world.run(['token', 'list'])).stdout).toMatch(/EXPIRES\n.* 2026-05-02\n/);
    expect((await world.run(['audit', 'list', '--json'])).json()).toMatchObject([
      { changes: [{}, {}, { path: 'expiresAt', from: null, to: expiresAt }] },
    ]);
  });

  it('is refused with a duration that is none', async () => {
    expect((await create('--expires', 'soon')).exitCode).toBe(2);
    expect(world.tokens.all.size).toBe(0);
  });

  it('can be revoked beside the last owner that works, which can not', async () => {
    await create('--expires', '1h');
    await world.run(['token', 'create', '--role', 'owner', '--name', 'other']);
    world.clock.advance(day);
    expect((await world.run(['token', 'revoke', 'token2'])).exitCode).toBe(1);
    expect((await world.run(['token', 'revoke', 'token1'])).exitCode).toBe(0);
  });

  it('is what doctor warns of before, with the command that replaces it', async () => {
    await create('--expires', '90d');
    expect((await world.run(['doctor'])).stdout).not.toContain('tokens');
    world.clock.advance(80 * day);
    const { stdout, exitCode } = await world.run(['doctor']);
    expect(stdout).toContain('The access token "ops" expires at 2026-05-02');
    expect(stdout).toContain('rollcall token create --role owner --name NAME --expires 90d');
    expect(exitCode).toBe(0);
  });

  it('lets no push in after its end, which doctor calls wrong', async () => {
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--via', 'scim'];
    await world.run([...add, '--expires', '30d']);
    const show = async () => (await world.run(['store', 'show', 'acme'])).stdout;
    expect(await show()).toContain('2026-03-03');
    world.clock.advance(31 * day);
    const over = await world.run(['doctor']);
    expect(over.stdout).toContain('The SCIM token of acme expired at 2026-03-03');
    expect(over.stdout).toContain('rollcall store reauthorize acme --overlap 24h --expires 90d');
    expect(over.exitCode).toBe(1);
    await world.run(['store', 'reauthorize', 'acme', '--expires', '90d']);
    expect((await world.run(['doctor'])).stdout).not.toContain('SCIM token');
    expect(await show()).toContain('2026-06-02');
  });

  it('is no token of a store that is asked', async () => {
    const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
    const { exitCode, stderr } = await world.run([...add, '--expires', '30d'], { input: 'jca_x' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--expires is about the SCIM token');
    world.stores.all.set('store1', aStore({ name: 'acme' }));
    const again = ['store', 'reauthorize', 'acme', '--same-key', '--expires', '30d'];
    expect((await world.run(again)).stderr).toContain('--expires is about SCIM tokens');
  });
});
