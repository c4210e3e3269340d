import { aConfig, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

/** Two stores; the configuration of the first one has Ann's address, that of the other one Joann's. */
async function named(): Promise<CliWorld> {
  const world = new CliWorld();
  const { mapping } = aConfig();
  const conditions = (addresses: readonly string[]) =>
    ({
      users: {
        conditions: [
          { attribute: 'department', operator: 'notEquals', value: 'Nobody' },
          { attribute: 'email', operator: 'notIn', value: addresses },
        ],
        pattern: '1 AND 2',
      },
    }) as const;
  const manager = { attribute: 'boss', default: 'Ann@acme.test' } as const;
  const config = aConfig({
    mapping: { ...mapping, manager },
    criteria: conditions(['ann@acme.test', 'eve@acme.test']),
  });
  const other = aConfig({ criteria: conditions(['joann@acme.test']) });
  world.stores.all.set('store1', aStore({ config }));
  world.stores.all.set('store2', aStore({ id: 'store2', name: 'other', config: other }));
  await world.run(['members', 'add', 'ann@acme.test', '--first-name', 'Ann', '--last-name', 'Lee']);
  return world;
}

const places = ['mapping: manager', 'criteria: condition 2'];
const configurations = [{ store: 'store1', storeName: 'acme', places }];
const erase = (world: CliWorld, ...options: string[]) =>
  world.run(['members', 'erase', 'ann@acme.test', ...options]);

describe('members erase, of a person whom the configuration of a store names', () => {
  it('says where, before and after it erases, and leaves the configuration', async () => {
    const world = await named();
    const before = JSON.stringify([...world.stores.all.values()]);
    expect((await erase(world, '--json')).json()).toMatchObject({ erased: false, configurations });
    expect((await erase(world, '--yes', '--json')).json()).toMatchObject({
      erased: true,
      members: 1,
      configurations,
    });
    expect(JSON.stringify([...world.stores.all.values()])).toBe(before);
  });

  it('says it to a person, with the runbook', async () => {
    const world = await named();
    const { stdout, exitCode } = await erase(world);
    expect(exitCode).toBe(2);
    expect(stdout).toContain(
      'The configuration of "acme" has the address (mapping: manager, criteria: condition 2), and an erasure leaves it there.\n' +
        'Take it out before you erase: docs/runbooks/erase-a-person.md',
    );
    expect(stdout).not.toContain('other');
  });

  it('says it also when nothing else is known of the person', async () => {
    const world = await named();
    await erase(world, '--yes');
    const again = await erase(world);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain(
      'The configuration of "acme" has the address (mapping: manager,',
    );
  });

  it('leaves no address once it was taken out first, in the audit of that neither', async () => {
    const world = await named();
    const input = JSON.stringify({
      mapping: { manager: { attribute: 'boss' } },
      criteria: { users: 'all' },
    });
    await world.run(['store', 'apply', 'acme', '-f', '-'], { input });
    expect((await erase(world, '--yes', '--json')).json()).toMatchObject({ configurations: [] });
    const left = [...world.stores.all.values(), ...world.audit.all];
    expect(JSON.stringify(left)).not.toMatch(/\bann@acme/i);
    expect(JSON.stringify(left)).toContain('emptied: it named a person who was erased');
  });
});
