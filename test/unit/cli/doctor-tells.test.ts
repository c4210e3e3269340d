import { ConfigError, SourceError } from '../../../src/core/errors.ts';
import { dataShape } from '../../../src/core/model/data-shape.ts';
import { aRun, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const hourMs = 3_600_000;

/** What is wrong, what `doctor` says of it, and where the steps are. */
const rows: readonly {
  readonly wrong: string;
  readonly make: (world: CliWorld) => void;
  readonly says: RegExp;
  readonly runbook: string;
}[] = [
  {
    wrong: 'the last sync failed',
    make(world) {
      const error = { code: 'source-failed', message: 'JumpCloud answered 500' };
      const finishedAt = world.clock.now();
      world.runs.all.set('run7', aRun({ id: 'run7', status: 'failed', error, finishedAt }));
    },
    says: /✗ last sync of acme +run run7 failed at .* UTC: source-failed: JumpCloud answered 500/,
    runbook: 'run-failed',
  },
  {
    wrong: 'the directory is unreachable',
    make(world) {
      world.organizations = new SourceError('retriable', 'source-failed', 'it cannot be found');
    },
    says: /✗ directory of acme +it cannot be found\n +→ .* set HTTPS_PROXY/,
    runbook: 'directory-unreachable',
  },
  {
    wrong: 'the directory is another organization’s',
    make(world) {
      world.organizations = [{ id: 'other', name: 'Other' }];
    },
    says: /✗ directory of acme +the credential no longer reads organization org1/,
    runbook: 'directory-unreachable',
  },
  {
    wrong: 'the directory refuses the key',
    make(world) {
      world.stores.all.set('store1', aStore({ status: 'needs-reauthorization' }));
    },
    says: /✗ store acme +its directory refuses the credential/,
    runbook: 'needs-reauthorization',
  },
  {
    wrong: 'the key of SECRETS_KEYS is another one',
    make(world) {
      world.stores.credential = async () => {
        throw new ConfigError('no key k1');
      };
    },
    says: /✗ store acme +its credential can't be decrypted: no key k1/,
    runbook: 'secrets-keys-lost',
  },
  {
    wrong: 'the clock is three hours off',
    make(world) {
      world.clocks = [
        { of: 'the database', aheadMs: 3 * hourMs },
        { of: 'Redis', aheadMs: 3 * hourMs },
      ];
    },
    says: /✗ clock +the clock of this machine is 3 h behind that of the database and Redis/,
    runbook: 'clock-is-off',
  },
  {
    wrong: 'no worker runs',
    make(world) {
      world.workers = 0;
    },
    says: /✗ workers +none is running/,
    runbook: 'nothing-runs',
  },
  {
    wrong: 'the only worker hangs',
    make(world) {
      world.workers = 0;
      world.hanging = ['app-1 (pid 7)'];
    },
    says: /✗ workers +app-1 \(pid 7\) hangs: no sign of life for 15 seconds; no other is listening/,
    runbook: 'worker-hangs',
  },
  {
    wrong: 'one of three workers hangs',
    make(world) {
      world.workers = 2;
      world.hanging = ['app-1 (pid 7)'];
    },
    says: /✗ workers +app-1 \(pid 7\) hangs: .* 2 others listening/,
    runbook: 'worker-hangs',
  },
  {
    wrong: 'a run waits for a newer release',
    make(world) {
      world.runs.all.set(
        'run7',
        aRun({ id: 'run7', status: 'queued', finishedAt: null, shape: dataShape + 1 }),
      );
    },
    says: /✗ releases +a newer release wrote run run7; workers of this one leave that alone/,
    runbook: 'two-versions',
  },
  {
    wrong: 'a newer release configured a store',
    make(world) {
      world.stores.all.set('store1', aStore({ shape: dataShape + 1 }));
    },
    says: /✗ releases +a newer release wrote the configuration of acme/,
    runbook: 'two-versions',
  },
];

describe('doctor', () => {
  it.each(rows)('exits 1 and names the runbook where $wrong', async ({ make, says, runbook }) => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    make(world);
    const { exitCode, stdout } = await world.run(['doctor']);
    expect(stdout).toMatch(says);
    expect(stdout).toContain(`docs/runbooks/${runbook}.md`);
    expect(stdout).not.toContain('All is well.');
    expect(exitCode).toBe(1);
  });

  it('takes a failure from before a change of the store for one to look at again', async () => {
    const world = new CliWorld();
    const finishedAt = new Date(world.clock.now().getTime() - hourMs);
    world.stores.all.set('store1', aStore({ updatedAt: world.clock.now() }));
    world.runs.all.set('run7', aRun({ id: 'run7', status: 'failed', finishedAt }));
    const { exitCode, stdout } = await world.run(['doctor']);
    expect(stdout).toMatch(
      /✓ last sync of acme .*\n +The store was changed since\.\n +→ .*sync acme --wait/,
    );
    expect(exitCode).toBe(0);
  });

  it('compares the clock with that of the directory', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', aStore());
    const { ports } = world;
    const says = new Date(world.clock.now().getTime() - 3 * hourMs);
    jest.spyOn(world, 'ports', 'get').mockReturnValue({
      ...ports,
      connectDirectory: (options) => {
        options.onClock?.(says);
        return ports.connectDirectory(options);
      },
    });
    const { exitCode, stdout } = await world.run(['doctor']);
    expect(stdout).toContain('is 3 h ahead of that of the directory of acme');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['settings', 78],
    ['services', 69],
  ] as const)('exits as other commands do where the %s can’t be used', async (unusable, code) => {
    const world = new CliWorld();
    world.openError = new ConfigError('not used');
    world.unusable = unusable;
    world.findings = [{ about: 'redis', ok: false, message: 'wrong' }];
    expect((await world.run(['doctor'])).exitCode).toBe(code);
  });

  it.each([
    ['http://localhost:3000', true],
    ['http://127.0.0.1:3000', true],
    ['http://[::1]:3000', true],
    ['https://rollcall.example.com', false],
  ])('says whether a directory that pushes can reach %s', async (publicUrl, isTold) => {
    const world = new CliWorld();
    world.publicUrl = publicUrl;
    world.stores.all.set('store1', aStore({ via: 'scim' }));
    const { exitCode, stdout } = await world.run(['doctor']);
    expect(stdout.includes('is reached from this machine alone')).toBe(isTold);
    expect(exitCode).toBe(0);
  });
});
