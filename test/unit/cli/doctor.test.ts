import { ConfigError } from '../../../src/core/errors.ts';
import { aConfig, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

describe('doctor', () => {
  it('reports settings that are missing instead of stumbling over them', async () => {
    const world = new CliWorld();
    world.openError = new ConfigError('REDIS_URL is missing');
    world.findings = [
      { about: 'settings', ok: false, message: 'REDIS_URL is missing', advice: 'Set REDIS_URL.' },
    ];
    const outcome = await world.run(['doctor', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.json()).toEqual({ ok: false, checks: world.findings });
    expect((await world.run(['doctor'])).stdout).toContain('→ Set REDIS_URL.');
  });

  it('finds nothing wrong where all is well', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    world.findings = [{ about: 'settings', ok: true, message: 'complete' }];
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('All is well.');
  });

  it('says what is wrong with each store, and what to do', async () => {
    const world = new CliWorld();
    world.workers = 0;
    const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone: 'UTC' } as const;
    world.stores.all.set('store1', aStore({ config: aConfig({ schedule }) }));
    world.stores.all.set(
      'store2',
      aStore({ id: 'store2', name: 'other', status: 'needs-reauthorization' }),
    );
    const unreadable = aStore({ id: 'store3', name: 'third' });
    world.stores.all.set('store3', unreadable);
    world.stores.credential = async (id?: string) => {
      if (id === 'store3') throw new ConfigError('no key k1');
      return { type: 'api-key', apiKey: 'jca_test' } as const;
    };
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('rollcall serve worker');
    expect(outcome.stdout).toContain("a run was due at 2026-01-01 02:00:00 UTC and didn't start");
    expect(outcome.stdout).toContain('rollcall store reauthorize other --api-key-stdin');
    expect(outcome.stdout).toContain("its credential can't be decrypted: no key k1");
    expect(outcome.stdout).toContain('4 things to look at');
  });
});
