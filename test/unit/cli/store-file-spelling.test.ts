import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

/** Applies a file to a new store, and returns the store's configuration. */
async function configOf(input: string) {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  const outcome = await world.run(['store', 'apply', 'acme', '-f', '-'], { input });
  expect(outcome.exitCode).toBe(0);
  return (await world.stores.byName('acme'))?.config;
}

const spellings = [
  '00042',
  '1e5',
  '1E+5',
  '1.10',
  '10.',
  '.5',
  '0x1F',
  '0o17',
  '12345678901234567891',
  '-0',
  '+7',
  '1_000',
  '.inf',
  '.NaN',
  'True',
  'FALSE',
  'yes',
  'NO',
  'off',
  '2026-01-31',
  '2026-01-31T10:00:00Z',
  '12:30:45',
  '42',
  'true',
];

describe.each(['', '%YAML 1.1\n---\n'])('what a store file has without quotes%j', (version) => {
  it.each(spellings)('stays as it is written: %s', async (spelling) => {
    const config = await configOf(`${version}
mapping:
  costCenter: { value: ${spelling} }
  city: { attribute: none, default: ${spelling} }
  custom.badge: { custom: ${spelling} }
criteria:
  users:
    conditions:
      - { attribute: employeeIdentifier, operator: equals, value: ${spelling} }
      - { custom: ${spelling}, operator: in, value: [a, ${spelling}] }
      - { memberOf: ${spelling} }
`);
    expect(config?.mapping).toMatchObject({
      costCenter: { value: spelling },
      city: { default: spelling },
      'custom.badge': { custom: spelling },
    });
    expect(config?.criteria.users).toEqual({
      conditions: [
        { attribute: 'employeeIdentifier', operator: 'equals', value: spelling },
        { custom: spelling, operator: 'in', value: ['a', spelling] },
        { memberOf: spelling },
      ],
    });
  });
});

describe('a store file', () => {
  it('has numbers and booleans where they are meant', async () => {
    const config = await configOf(`
criteria: { users: { conditions: [{ attribute: a, operator: greaterThan, value: 1e5 }], pattern: 1 } }
schedule: { enabled: False, frequency: monthly, dates: [01, last], time: "02:00", timezone: UTC }
safeguards: { removals: { percent: 2.50, floor: 0x10 } }
`);
    expect(config).toMatchObject({
      criteria: { users: { conditions: [{ value: '1e5' }], pattern: '1' } },
      schedule: { enabled: false, dates: [1, 'last'] },
      safeguards: { removals: { percent: 2.5, floor: 16 } },
    });
  });

  it('may use one value in several places', async () => {
    const config = await configOf(
      'mapping: { city: { value: &code 007 }, state: { value: *code } }',
    );
    expect(config?.mapping).toMatchObject({ city: { value: '007' }, state: { value: '007' } });
  });

  it('may be JSON, with numbers as they are written', async () => {
    const config = await configOf('{ "mapping": { "city": { "value": 1.10 } } }');
    expect(config?.mapping.city).toEqual({ value: '1.10' });
  });

  it('is told apart from a configuration that looks the same', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    const apply = (city: string) =>
      world.run(['store', 'apply', 'acme', '-f', '-'], {
        input: `mapping: { city: { value: ${city} } }`,
      });
    await apply('Z\u00fcrich');
    expect((await apply('Zu\u0308rich')).stdout).toContain(
      '{ value: "Zu\u0308rich" } (U+0075 U+0308 instead of U+00FC at character 11)',
    );
  });

  it('may begin with a byte order mark', async () => {
    const config = await configOf('\ufeffmapping: { city: { value: Z\u00fcrich } }');
    expect(config?.mapping.city).toEqual({ value: 'Z\u00fcrich' });
  });
});

it('refuses a file that is nested too deeply, and says where', async () => {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  const input = `mapping: ${'['.repeat(3_000)}${']'.repeat(3_000)}`;
  const { exitCode, stderr } = await world.run(['store', 'apply', 'acme', '-f', '-'], { input });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/standard input:1:\d+: lists or objects are nested too deeply here/);
});
