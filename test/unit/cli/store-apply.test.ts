import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

async function worldWith(input: string): Promise<CliWorld> {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  world.stores.credentials.set('store1', { type: 'api-key', apiKey: 'old' });
  expect((await apply(world, input)).exitCode).toBe(0);
  return world;
}

function apply(world: CliWorld, input: string, ...more: readonly string[]) {
  return world.run(['store', 'apply', 'acme', '-f', '-', ...more], { input });
}

const daily = 'frequency: daily, time: "02:00", timezone: UTC';

describe('store apply on what a section leaves out', () => {
  const first = `
mapping: { country: { value: India }, custom.team: { custom: team } }
safeguards: { removals: { percent: 30, floor: 2 }, window: 48h }
schedule: { enabled: false, ${daily} }
`;

  it.each([[[]], [['--preview']]])('says what goes back to a default with %j', async (more) => {
    const world = await worldWith(first);
    world.startWorker();
    const second = `
mapping: { custom.team: { custom: Team } }
safeguards: { removals: { percent: 40 } }
schedule: { ${daily} }
`;
    const { stderr, exitCode } = await apply(world, second, ...more);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('A section of the file replaces the whole one.');
    expect(stderr).toContain('  mapping.country: { value: India } → ');
    expect(stderr).toContain('  safeguards.removals.floor: 2 → 5');
    expect(stderr).toContain('  safeguards.window: "48h" → "24h"');
    expect(stderr).toContain('  schedule.enabled: false → true');
    expect(stderr).not.toContain('custom.team');
    expect(stderr).not.toContain('percent');
  });

  it('gives scripts the same', async () => {
    const world = await worldWith(first);
    const outcome = await apply(world, 'safeguards: { window: 12h }', '--json');
    expect(outcome.json()).toMatchObject({
      changes: [
        { path: 'safeguards.removals.percent', to: '20' },
        { path: 'safeguards.removals.floor', to: '5' },
        { path: 'safeguards.window', from: '"48h"', to: '"12h"' },
      ],
      resets: [
        { path: 'safeguards.removals.percent', from: '30', to: '20' },
        { path: 'safeguards.removals.floor', from: '2', to: '5' },
      ],
    });
  });

  it('says nothing when the file names all that changes', async () => {
    const world = await worldWith(first);
    const outcome = await apply(world, 'schedule: { enabled: false }', '--json');
    expect(outcome.json()).toMatchObject({ resets: [] });
    expect(outcome.stderr).toBe('');
  });
});

describe('a field that is mapped to null', () => {
  it('is not mapped, and stays so when the shown configuration is applied', async () => {
    const world = await worldWith('mapping: { country: null, department: ~ }');
    const mapping = world.stores.all.get('store1')?.config.mapping;
    expect(mapping).not.toHaveProperty('country');
    expect(mapping).not.toHaveProperty('department');
    const shown = await world.run(['store', 'show', 'acme', '--config']);
    expect(shown.stdout).toContain('country: null');
    const again = await apply(world, shown.stdout, '--json');
    expect(again.json()).toMatchObject({ changes: [], resets: [] });
  });

  it('is mapped by default again when the section leaves it out', async () => {
    const world = await worldWith('mapping: { country: null }');
    const outcome = await apply(world, 'mapping: {}', '--json');
    expect(outcome.json()).toMatchObject({ resets: [{ path: 'mapping.country', from: null }] });
  });

  it('can not be the address, nor a field that there is not', async () => {
    const world = await worldWith('mapping: { country: null }');
    const outcome = await apply(world, 'mapping: { email: null, contry: null }');
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('mapping.email: people are known by their e-mail address: it');
    expect(outcome.stderr).toContain('mapping.contry: no such member field. Did you mean country?');
  });
});
