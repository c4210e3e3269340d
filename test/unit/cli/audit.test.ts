import { CliWorld } from '../../fakes/cli-world.ts';

const add = ['store', 'add', 'acme', '--directory', 'jumpcloud', '--api-key-stdin'];
const key = { input: 'jca_secret\n' };

describe('audit list', () => {
  let world: CliWorld;
  beforeEach(() => {
    world = new CliWorld();
  });
  const audit = async (...options: string[]) =>
    (await world.run(['audit', 'list', ...options, '--json'])).json() as readonly Record<
      string,
      unknown
    >[];
  const actions = async (...options: string[]) =>
    (await audit(...options)).map(({ action }) => action);

  it('prints the actor, the time, the place and the changes', async () => {
    await world.run(add, key);
    expect(await audit()).toEqual([
      {
        id: expect.any(String),
        at: '2026-02-01T00:00:00.000Z',
        by: 'cli:ada',
        byToken: null,
        from: 'desk',
        action: 'store-added',
        outcome: 'done',
        error: null,
        store: 'store1',
        storeName: 'acme',
        run: null,
        token: null,
        changes: [
          { path: 'directory', from: null, to: 'jumpcloud' },
          { path: 'via', from: null, to: 'api' },
          { path: 'region', from: null, to: 'us' },
          { path: 'orgId', from: null, to: 'org1' },
        ],
      },
    ]);
    const { stdout } = await world.run(['audit', 'list']);
    expect(stdout).toMatch(/cli:ada +desk +store-added +acme/);
  });

  it('has every change that commands make, newest first', async () => {
    world.startWorker();
    world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    await world.run(add, key);
    const file = 'safeguards: { window: 12h }';
    await world.run(['store', 'apply', 'acme', '-f', '-'], { input: file });
    await world.run(['store', 'apply', 'acme', '-f', '-'], { input: file });
    await world.run(['store', 'apply', 'acme', '-f', '-', '--preview'], { input: file });
    await world.run(['sync', 'acme', '--plan']);
    await world.run(['store', 'reauthorize', 'acme', '--api-key-stdin'], key);
    await world.run(['sync', 'acme', '--wait']);
    const first = [...world.runs.all.values()].at(-1)?.id ?? '';
    await world.run(['members', 'deactivate', 'u1@acme.test']);
    await world.run(['members', 'activate', 'u1@acme.test']);
    const ada = ['members', 'add', 'ada@acme.test', '--first-name', 'Ada', '--last-name', 'L'];
    await world.run(ada);
    await world.run(['members', 'erase', 'ada@acme.test', '--yes']);
    await world.run(['runs', 'undo', first]);
    await world.run(['store', 'resume', 'acme']);
    await world.run(['store', 'pause', 'acme']);
    await world.run(['sync', 'acme']);
    await world.run(['runs', 'cancel', [...world.runs.all.values()].at(-1)?.id ?? '']);
    await world.run(['store', 'remove', 'acme', '--members', 'keep']);
    await world.run(['token', 'create', '--role', 'viewer', '--name', 'screen']);
    await world.run(['token', 'revoke', 'token1']);
    expect(await actions()).toEqual([
      'token-revoked',
      'token-created',
      'store-removed',
      'run-cancelled',
      'store-paused',
      'store-resumed',
      'run-undone',
      'member-erased',
      'member-added',
      'member-activated',
      'member-deactivated',
      'store-reauthorized',
      'run-previewed',
      'run-previewed',
      'store-configured',
      'store-added',
    ]);
    expect(await audit('--action', 'store-configured')).toMatchObject([
      { changes: [{ path: 'safeguards.window', from: '"24h"', to: '"12h"' }] },
    ]);
    expect(world.audit.all.every(({ outcome }) => outcome === 'done')).toBe(true);
    const told = JSON.stringify(world.audit.all);
    for (const secret of ['jca_secret', 'rc_once', '@acme.test']) {
      expect(told).not.toContain(secret);
    }
  });

  it('has decisions, with the number of their records', async () => {
    const safeguards = 'safeguards: { removals: { percent: 0, floor: 0 } }';
    world.startWorker();
    for (const n of [1, 2, 3]) world.directory.set({ id: `u${n}`, email: `u${n}@acme.test` });
    await world.run(add, key);
    await world.run(['store', 'apply', 'acme', '-f', '-'], { input: safeguards });
    await world.run(['sync', 'acme', '--wait']);
    for (const n of [1, 2]) {
      world.directory.set({ id: `u${n}`, email: `u${n}@acme.test`, state: 'SUSPENDED' });
    }
    await world.run(['sync', 'acme', '--wait']);
    const held = [...world.runs.all.values()].at(-1)?.id ?? '';
    await world.run(['runs', 'reject', held, '--record', 'u1']);
    await world.run(['runs', 'approve', held]);
    expect((await audit()).slice(0, 2)).toMatchObject([
      { action: 'run-approved', run: held, changes: [{ to: 'all that are held' }] },
      { action: 'run-rejected', run: held, changes: [{ to: '1' }] },
    ]);
  });

  it('filters by store and by actor', async () => {
    await world.run(add, key);
    await world.run(['token', 'create', '--role', 'viewer', '--name', 'screen']);
    expect(await actions('--store', 'acme')).toEqual(['store-added']);
    expect(await actions('--by', 'cli:eve')).toEqual([]);
    const { exitCode, stderr } = await world.run(['audit', 'list', '--action', 'store-aded']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean store-added?');
  });

  it('reads all its pages', async () => {
    for (let n = 0; n < 501; n += 1) {
      const about = { storeId: null, storeName: null, runId: null, tokenId: null, changes: [] };
      const by = { by: 'cli:ada', byTokenId: null };
      await world.audit.begin({ ...about, ...by, from: 'desk', action: 'signed-in' });
    }
    expect(await audit()).toHaveLength(501);
  });
});

describe('token revoke', () => {
  it('refuses to revoke the last owner, and says so', async () => {
    const world = new CliWorld();
    for (const name of ['ada', 'bob']) {
      await world.run(['token', 'create', '--role', 'owner', '--name', name]);
    }
    expect((await world.run(['token', 'revoke', 'token1'])).exitCode).toBe(0);
    const { exitCode, stderr } = await world.run(['token', 'revoke', 'token2']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('"bob" is the last token of the role owner');
    expect(world.tokens.all.size).toBe(1);
  });

  it('lets two concurrent revocations run one after the other', async () => {
    const world = new CliWorld();
    for (const name of ['ada', 'bob']) {
      await world.run(['token', 'create', '--role', 'owner', '--name', name]);
    }
    const outcomes = await Promise.all(
      ['token1', 'token2'].map((id) => world.run(['token', 'revoke', id])),
    );
    expect(new Set(outcomes.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 1]));
    expect(world.tokens.all.size).toBe(1);
  });
});
