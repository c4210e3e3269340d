import { Unavailable } from '../../../src/core/errors.ts';
import { noGroupCounts } from '../../../src/core/model/group.ts';
import { noCounts, type Run } from '../../../src/core/model/run.ts';
import { aStore } from '../../builders/models.ts';
import { CliWorld, Sink } from '../../fakes/cli-world.ts';

function worldWith(parts: Parameters<typeof aStore>[0] = {}): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore(parts));
  return world;
}

/** Ends the run when the command has read it a few times. */
function endRun(world: CliWorld, patch: Partial<Run>): void {
  world.onSleep = (nth) => {
    if (nth === 1) world.patchRun('run1', { status: 'listing', startedAt: world.clock.now() });
    if (nth === 3) world.patchRun('run1', { finishedAt: world.clock.now(), ...patch });
  };
}

describe('sync', () => {
  it('queues a run, enqueues its job and prints it', async () => {
    const world = worldWith();
    const outcome = await world.run(['sync', 'acme', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toEqual({
      id: 'run1',
      store: 'store1',
      storeName: 'acme',
      mode: 'full',
      trigger: 'manual',
      status: 'queued',
      certificate: null,
      counts: { ...noCounts, groups: noGroupCounts },
      warnings: [],
      guards: [],
      error: null,
      configRevision: 1,
      proposed: false,
      baseRevision: null,
      requestedBy: 'cli:ada',
      undoOf: null,
      decision: null,
      decided: null,
      cancelRequested: false,
      createdAt: '2026-02-01T00:00:00.000Z',
      startedAt: null,
      finishedAt: null,
      resolvedAt: null,
    });
    expect(world.enqueued).toEqual(['run1']);
  });

  it('returns the run that is queued already, and enqueues its job again', async () => {
    const world = worldWith();
    await world.run(['sync', 'acme']);
    const again = await world.run(['sync', 'acme', '--json']);
    expect(again.json()).toMatchObject({ id: 'run1' });
    expect(world.runs.all.size).toBe(1);
    expect(world.enqueued).toEqual(['run1', 'run1']);
  });

  it.each([
    ['succeeded', 0],
    ['failed', 1],
    ['held', 3],
    ['cancelled', 4],
  ] as const)('--wait follows a run that ends as %s and exits %i', async (status, exitCode) => {
    const world = worldWith();
    endRun(world, { status, error: status === 'failed' ? { code: 'x', message: 'why' } : null });
    const outcome = await world.run(['sync', 'acme', '--wait', '--json']);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.json()).toMatchObject({ id: 'run1', status });
  });

  it('--plan --wait exits 0 once the plan is stored', async () => {
    const world = worldWith();
    endRun(world, { status: 'planned', counts: { ...noCounts, deactivate: 2 } });
    const outcome = await world.run(['sync', 'acme', '--plan', '--wait', '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({ mode: 'plan', status: 'planned' });
    const shown = await world.run(['runs', 'show', 'run1']);
    expect(shown.stdout).toContain('would be: 2 deactivated');
  });

  it('prints the result for people', async () => {
    const world = worldWith();
    const counts = {
      ...noCounts,
      listed: 1200,
      applied: 1100,
      inScope: 1199,
      outOfScope: 1,
      create: 1100,
      conflict: 1,
    };
    endRun(world, { status: 'succeeded', counts, warnings: ['Something to know.'] });
    const { stdout } = await world.run(['sync', 'acme', '--wait']);
    expect(stdout).toContain('Run run1 succeeded after 1.0 s: 1,100 created, 1 conflict');
    expect(stdout).toContain('1,200 people in the directory, 1,199 in scope');
    expect(stdout).toContain('Warning: Something to know.');
  });

  it('shows progress as lines without a terminal', async () => {
    const world = worldWith();
    world.progress = { phase: 'listing', done: 300, total: 1000 };
    endRun(world, { status: 'succeeded' });
    const { stderr } = await world.run(['sync', 'acme', '--wait']);
    expect(stderr).toBe('Reading the directory: 300 of 1,000 people\n');
  });

  it('shows a bar on a terminal', async () => {
    const world = worldWith();
    world.progress = { phase: 'listing', done: 300, total: 1000 };
    endRun(world, { status: 'succeeded' });
    const stderr = new Sink(100);
    await world.run(['sync', 'acme', '--wait'], { stderr });
    expect(stderr.text).toContain('█');
    expect(stderr.text).toContain('1,000/1,000 people');
  });

  it('says after ten seconds that no worker is running, once, and continues', async () => {
    const world = worldWith();
    world.workers = 0;
    world.onSleep = (nth) => {
      if (nth === 100) world.patchRun('run1', { status: 'succeeded', finishedAt: new Date() });
    };
    const { stderr, exitCode } = await world.run(['sync', 'acme', '--wait']);
    expect(stderr.match(/No worker is running/g)).toHaveLength(1);
    expect(stderr).toContain('rollcall serve worker');
    expect(exitCode).toBe(0);
  });

  it('leaves the run going on Ctrl-C and says how to see it', async () => {
    const world = worldWith();
    world.onSleep = (nth) => {
      if (nth === 2) world.signals.emit('SIGINT');
    };
    const outcome = await world.run(['sync', 'acme', '--wait', '--json']);
    expect(outcome.exitCode).toBe(130);
    expect(outcome.json()).toMatchObject({ id: 'run1', status: 'queued' });
    expect(outcome.stderr).toContain('rollcall runs show run1');
    expect(world.runs.all.get('run1')?.cancelRequested).toBe(false);
    expect(world.signals.listenerCount('SIGINT')).toBe(0);
  });

  it('creates no run while the store needs reauthorization, and says why it does', async () => {
    const world = worldWith();
    await world.run(['sync', 'acme']);
    const at = new Date();
    const error = { code: 'source-auth', message: 'JumpCloud refused the key (401).' };
    world.patchRun('run1', { status: 'failed', finishedAt: at, error });
    await world.stores.setStatus('store1', 'needs-reauthorization');
    const outcome = await world.run(['sync', 'acme', '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.json()).toMatchObject({ error: { code: 'conflict' } });
    expect(outcome.stderr).toContain('JumpCloud refused the key (401).');
    expect(outcome.stderr).toContain('store reauthorize acme');
    expect(world.runs.all.size).toBe(1);
  });

  it('prints the queued run when Redis is away', async () => {
    const world = worldWith();
    world.enqueueError = new Unavailable("Redis can't be used.");
    const outcome = await world.run(['sync', 'acme', '--json']);
    expect(outcome.exitCode).toBe(69);
    expect(outcome.json()).toMatchObject({ id: 'run1', status: 'queued' });
    expect(outcome.stderr).toContain("Redis can't be used.");
  });
});
