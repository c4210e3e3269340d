import { CliWorld } from '../../fakes/cli-world.ts';

interface Added {
  readonly record: { readonly name: string; readonly type: string; readonly value: string };
}

describe('rollcall domains', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });

  it('adds a domain, says which record to make, and exits 1 until it is there', async () => {
    const added = await world.run(['domains', 'add', 'Bücher.example', '--json']);
    expect(added.json()).toMatchObject({
      domain: 'xn--bcher-kva.example',
      status: 'pending',
      record: { name: '_rollcall.xn--bcher-kva.example', type: 'TXT' },
    });
    const { name, value } = (added.json() as Added).record;
    const early = await world.run(['domains', 'verify', 'bücher.example']);
    expect(early).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(value) });
    world.txt.set(name, { kind: 'records', values: [value] });
    const verified = await world.run(['domains', 'verify', 'bücher.example', '--json']);
    expect(verified.exitCode).toBe(0);
    expect(verified.json()).toMatchObject({ status: 'verified', problem: null });
  });

  it('exits 1 for a verified domain whose record is gone, and says that it is still verified', async () => {
    const added = await world.run(['domains', 'add', 'acme.test', '--json']);
    const { name, value } = (added.json() as Added).record;
    world.txt.set(name, { kind: 'records', values: [value] });
    await world.run(['domains', 'verify', 'acme.test']);
    world.txt.delete(name);
    const again = await world.run(['domains', 'verify', 'acme.test']);
    expect(again).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('acme.test is still verified. There is no TXT record'),
    });
  });

  it('lists and removes domains', async () => {
    expect((await world.run(['domains', 'list'])).stdout).toContain('rollcall domains add DOMAIN');
    await world.run(['domains', 'add', 'acme.test']);
    expect((await world.run(['domains', 'list'])).stdout).toMatch(/acme\.test +pending +never/);
    expect((await world.run(['domains', 'remove', 'acme.test'])).exitCode).toBe(0);
    expect((await world.run(['domains', 'remove', 'acme.test'])).exitCode).not.toBe(0);
  });
});
