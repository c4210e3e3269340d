import { RunFailure, SourceError } from '../../../src/core/errors.ts';
import { raiseForEnd } from '../../../src/sync/raise-alerts.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

function aWorld(): MemoryWorld {
  const world = new MemoryWorld();
  world.directory.set({ id: 'u1', email: 'u1@acme.test' });
  return world;
}

function refuse(world: MemoryWorld): void {
  world.directory.organizations = async () => {
    throw new SourceError('auth', 'source-auth', 'the source refuses the key');
  };
}

function fail(world: MemoryWorld): void {
  world.directory.organizations = async () => {
    throw new RunFailure('empty-listing', 'nobody is listed');
  };
}

describe('the end of a run', () => {
  it('raises an alert when the run failed', async () => {
    const world = aWorld();
    fail(world);
    const { run } = await world.sync();
    expect([...world.alerts.all.values()]).toEqual([
      {
        id: `run-failed_${run.id}`,
        kind: 'run-failed',
        storeId: 'store1',
        runId: run.id,
        createdAt: world.clock.now(),
        attempts: 0,
        triedAt: null,
        nextAttemptAt: world.clock.now(),
        deliveredAt: null,
        lastError: null,
      },
    ]);
  });

  it('raises it too when records could not be applied', async () => {
    const world = aWorld();
    world.members.insertMany = async (members) => ({
      applied: [],
      failed: members.map(({ lastRecord }) => ({ recordId: lastRecord ?? '', error: 'full' })),
    });
    const { run } = await world.sync();
    expect(run.error?.code).toBe('records-failed');
    expect([...world.alerts.all.keys()]).toEqual([`run-failed_${run.id}`]);
  });

  it('raises it before the run ends, and once though the run is ended twice', async () => {
    const world = aWorld();
    fail(world);
    const { id } = await world.enqueue();
    const update = world.runs.update.bind(world.runs);
    world.runs.update = async (runId, patch) => {
      if (patch.finishedAt !== undefined) throw new Error('the worker was killed');
      return update(runId, patch);
    };
    await expect(world.execute(id)).rejects.toThrow('the worker was killed');
    expect([...world.alerts.all.keys()]).toEqual([`run-failed_${id}`]);
    world.runs.update = update;
    expect(await world.execute(id)).toMatchObject({ run: { status: 'failed' } });
    expect([...world.alerts.all.keys()]).toEqual([`run-failed_${id}`]);
  });

  it('raises one alert when the credential is refused: to reauthorize the store', async () => {
    const world = aWorld();
    refuse(world);
    const { run } = await world.sync();
    expect([...world.alerts.all.values()]).toMatchObject([
      {
        id: `needs-reauthorization_store1_${run.id}`,
        kind: 'needs-reauthorization',
        runId: run.id,
      },
    ]);
  });

  it('raises an alert when changes are held', async () => {
    const world = aWorld();
    const { id } = await world.enqueue();
    await raiseForEnd(world.ports, id, { status: 'held' });
    expect([...world.alerts.all.keys()]).toEqual([`run-held_${id}`]);
  });

  it.each(['full', 'plan'] as const)('raises nothing when all is well (%s)', async (mode) => {
    const world = aWorld();
    await world.sync(mode);
    expect(world.alerts.all.size).toBe(0);
  });

  it('raises nothing when somebody cancelled the run', async () => {
    const world = aWorld();
    const { id } = await world.enqueue();
    const run = await world.runs.get(id);
    if (run !== null) world.runs.all.set(id, { ...run, cancelRequested: true });
    expect(await world.execute(id)).toMatchObject({ run: { status: 'cancelled' } });
    expect(world.alerts.all.size).toBe(0);
  });

  it('raises nothing when the run is handed back', async () => {
    const world = aWorld();
    world.worker.abort();
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'handed-back' });
    expect(world.alerts.all.size).toBe(0);
  });
});
