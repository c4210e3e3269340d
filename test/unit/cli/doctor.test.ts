import { ConfigError } from '../../../src/core/errors.ts';
import type { Member } from '../../../src/core/model/member.ts';
import { makeRun, noCounts } from '../../../src/core/model/run.ts';
import type { Rehearsed } from '../../../src/rehearsal/rehearse-fault.ts';
import { aConfig, aMember, anAlert, aRun as anEndedRun, aStore } from '../../builders/models.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';

const aRun = {
  storeId: 'store1',
  mode: 'full',
  trigger: 'manual',
  configRevision: 1,
  requestedBy: 'rehearsal',
} as const;

describe('doctor', () => {
  it('reports missing settings instead of failing', async () => {
    const world = new CliWorld();
    world.openError = new ConfigError('REDIS_URL is missing');
    world.findings = [
      { about: 'settings', ok: false, message: 'REDIS_URL is missing', advice: 'Set REDIS_URL.' },
    ];
    const outcome = await world.run(['doctor', '--json']);
    expect(outcome.exitCode).toBe(78);
    expect(outcome.json()).toEqual({ ok: false, checks: world.findings });
    expect((await world.run(['doctor'])).stdout).toContain('→ Set REDIS_URL.');
  });

  it('finds nothing wrong where all is well', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    world.tokens.add('ops', 'owner');
    world.findings = [{ about: 'settings', ok: true, message: 'complete' }];
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('All is well.');
  });

  it('warns where nobody is owner', async () => {
    const world = new CliWorld();
    const warned = async () => (await world.run(['doctor'])).stdout.includes('nobody is owner');
    expect(await warned()).toBe(true);
    world.people.roles = {
      ...world.people.roles,
      owner: [{ kind: 'address', address: 'ada@acme.test' }],
    };
    expect(await warned()).toBe(false);
  });

  it('reports held records, though that is no fault', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    const held = anEndedRun({ id: 'run7', status: 'held', counts: { ...noCounts, held: 3 } });
    world.runs.all.set('run7', held);
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('run run7 holds 3 changes');
    expect(outcome.stdout).toContain('rollcall runs show run7 --records');
    expect(outcome.stdout).not.toContain('All is well.');
  });

  it('lists members whose address another member has', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    const put = (member: Member) => world.members.all.set(member.id, member);
    put(
      aMember({
        id: 'store1.u1',
        fields: { email: 'ada@münchen.example' },
        emailKey: 'ada@münchen.example',
      }),
    );
    put(
      aMember({ id: 'store1.u2', fields: { email: 'ada@xn--mnchen-3ya.example' }, emailKey: null }),
    );
    put(aMember({ id: 'store1.u3', fields: { email: 'free@acme.test' }, emailKey: null }));
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('1 member without a claim on the address');
    expect(outcome.stdout).toContain(
      'ada@xn--mnchen-3ya.example (store1.u2 of store acme): it belongs to ada@münchen.example (store1.u1 of store acme)',
    );
    expect(outcome.stdout).toContain('→ Give each person an address of their own');
    expect(outcome.stdout).not.toContain('free@acme.test');
  });

  it('names a schedule whose time zone an earlier release took for an area', async () => {
    const world = new CliWorld();
    const schedule = { enabled: true, frequency: 'daily', time: '02:00', timezone: 'IST' } as const;
    world.stores.all.set('store1', aStore({ config: aConfig({ schedule }) }));
    const { stdout } = await world.run(['doctor']);
    expect(stdout).toContain('✓ time zone of acme');
    expect(stdout).toContain('"IST" is not the name of an area');
    expect(stdout).toContain('Asia/Kolkata, Europe/Dublin or Asia/Jerusalem');
    expect(stdout).toContain('→ Give the schedule the area that is meant');
  });

  it('names what a stored configuration has above the maxima of this release', async () => {
    const world = new CliWorld();
    const condition = { attribute: 'department', operator: 'equals', value: 'Sales' } as const;
    const conditions = Array.from({ length: 600 }, () => condition);
    const mapping = { city: { value: 'x'.repeat(5_000) } };
    const config = aConfig({ mapping, criteria: { users: { conditions } } });
    world.stores.all.set('store1', aStore({ config }));
    const { stdout } = await world.run(['doctor']);
    expect(stdout).toContain('configuration of acme');
    expect(stdout).toContain(
      'criteria.users.conditions: has 600 entries; at most 500 are possible',
    );
    expect(stdout).toContain('mapping.city.value: has 5000 characters; at most 4096 are possible');
    expect(stdout).toContain('→ Change that with: rollcall store apply acme -f FILE');
  });

  it('wants a worker, even without a store', async () => {
    const world = new CliWorld();
    world.workers = 0;
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('✗ workers  none is running, so no run will begin');
    expect(outcome.stdout).not.toContain('All is well.');
    world.stores.all.set('store1', aStore());
    await world.run(['sync', 'acme']);
    expect((await world.run(['doctor'])).stdout).toContain('and 1 run waits for one');
  });

  it('checks stores and workers too when a service has a warning', async () => {
    const world = new CliWorld();
    world.findings = [{ about: 'redis', ok: false, message: 'Redis may evict jobs' }];
    world.stores.all.set('store1', aStore());
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('store acme');
    expect(outcome.stdout).toContain('1 thing to look at.');
  });

  it('styles only its marks, whatever a name contains', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore({ name: 'a\u001b[2Jb' }));
    const stdout = new Sink(80);
    await world.run(['doctor'], { stdout });
    expect(stdout.text).toContain('\u001b[32m✓\u001b[0m store a [2Jb');
  });

  describe('on alerts', () => {
    const world = new CliWorld();
    beforeEach(() => world.alerts.all.clear());
    const failed = { attempts: 1, triedAt: world.clock.now(), lastError: 'answered 500' };
    const examine = async () => {
      const { exitCode, stdout } = await world.run(['doctor']);
      return { exitCode, stdout };
    };

    it('says that they are not sent', async () => {
      const silent = new CliWorld();
      silent.alerts.isSilent = true;
      const { exitCode, stdout } = await silent.run(['doctor']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/✓ alerts +go nowhere: set ALERT_WEBHOOK_URL/);
    });

    it('says that none waits', async () => {
      expect(await examine()).toEqual({
        exitCode: 0,
        stdout: expect.stringMatching(/✓ alerts .*; none waits to be sent/),
      });
    });

    it('counts those that are not delivered yet, and says why', async () => {
      world.alerts.all.set('a', anAlert({ id: 'a' }));
      world.alerts.all.set('b', anAlert({ id: 'b', ...failed }));
      world.alerts.all.set('c', anAlert({ id: 'c', ...failed }));
      expect(await examine()).toEqual({
        exitCode: 1,
        stdout: expect.stringContaining('2 alerts not delivered yet: the receiver answered 500'),
      });
    });

    it('counts those that were given up, and says what to do', async () => {
      world.alerts.all.set('a', anAlert({ id: 'a', ...failed, nextAttemptAt: null }));
      const { stdout } = await examine();
      expect(stdout).toMatch(/✗ alerts +1 alert given up: the receiver answered 500/);
      expect(stdout).toContain(
        'What was given up is not sent again: look through rollcall runs list.',
      );
    });
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

  it('rehearses on request, and names the fault under which an invariant broke', async () => {
    const world = new CliWorld();
    const finding = (invariant: string, broken: string | null) => ({ invariant, broken });
    const run = { ...makeRun(aRun, { id: 'run1', now: world.clock.now() }), status: 'succeeded' };
    world.rehearsed = [
      { faults: ['reset'], run, findings: [finding('nobody is removed', null)] },
      { faults: ['silent'], run, findings: [finding('nobody is removed', 'not for u1')] },
    ] as readonly Rehearsed[];
    const outcome = await world.run(['doctor', '--rehearse']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('1. reset: succeeded');
    expect(outcome.stdout).toContain('nobody is removed  held under 1 of 2 faults');
    expect(outcome.stdout).toContain('silent: nobody is removed: not for u1');
    const { rehearsal } = (await world.run(['doctor', '--rehearse', '--json'])).json() as {
      rehearsal: object;
    };
    expect(rehearsal).toMatchObject({
      faults: [{ broken: [] }, { fault: 'silent', broken: [{ broken: 'not for u1' }] }],
      invariants: [{ invariant: 'nobody is removed', held: 1, of: 2 }],
    });
    expect((await world.run(['doctor', '--json'])).json()).not.toHaveProperty('rehearsal');
  });
});
