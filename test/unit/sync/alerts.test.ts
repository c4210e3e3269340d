import { RunFailure, SourceError } from '../../../src/core/errors.ts';
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

/** A store of twenty members and one new user, and a run that holds the changes of six. */
async function holding(beforeRun: (world: MemoryWorld) => void = () => undefined) {
  const world = new MemoryWorld();
  const person = (n: number) => ({ id: `u${n}`, email: `u${n}@acme.test` });
  const people = Array.from({ length: 20 }, (_, index) => person(index + 1));
  world.directory.set(...people);
  await world.sync();
  world.directory.set(
    ...people.slice(0, 6).map((one) => ({ ...one, state: 'SUSPENDED' as const })),
    person(21),
  );
  beforeRun(world);
  const { run } = await world.sync();
  return { world, run };
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
      failed: members.map(({ lastRecord }) => ({
        recordId: lastRecord ?? '',
        code: 'refused',
        error: 'full',
      })),
    });
    const { run } = await world.sync();
    expect(run.error?.code).toBe('records-failed');
    expect([...world.alerts.all.keys()]).toEqual([`run-failed_${run.id}`]);
  });

  it('asks for reauthorization when the credential reads another organization', async () => {
    const world = aWorld();
    world.directory.orgId = 'org2';
    const { run } = await world.sync();
    expect(run.error?.code).toBe('other-organization');
    expect([...world.alerts.all.values()].map(({ kind }) => kind)).toEqual([
      'needs-reauthorization',
    ]);
  });

  it('raises it before the run ends, and once even if the run is ended twice', async () => {
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

  it('raises an alert when changes are held, and no other one when they are decided', async () => {
    const { world, run } = await holding();
    expect(run.status).toBe('held');
    expect([...world.alerts.all.keys()]).toEqual([`run-held_${run.id}`]);
    expect(await world.decide(run.id, 'approve', ['u1'])).toMatchObject({ status: 'held' });
    expect(await world.decide(run.id, 'reject')).toMatchObject({ status: 'succeeded' });
    expect([...world.alerts.all.keys()]).toEqual([`run-held_${run.id}`]);
  });

  it('raises two when some changes failed and others are held', async () => {
    const { world, run } = await holding(({ members: store }) => {
      const insertMany = store.insertMany.bind(store);
      store.insertMany = async (members) => {
        store.insertMany = insertMany;
        const error = 'full';
        return {
          applied: [],
          failed: members.map(({ lastRecord }) => ({
            recordId: lastRecord ?? '',
            code: 'refused',
            error,
          })),
        };
      };
    });
    expect(run).toMatchObject({ status: 'failed', counts: { held: 6, failed: 1 } });
    const both = [`run-failed_${run.id}`, `run-held_${run.id}`];
    expect([...world.alerts.all.keys()]).toEqual(both);
    world.alerts.all.clear();
    await world.decide(run.id, 'reject');
    expect([...world.alerts.all.keys()]).toEqual([`run-failed_${run.id}`]);
  });

  it('raises one too when the credential is refused while a decision is carried out', async () => {
    const { world, run } = await holding();
    refuse(world);
    expect(await world.decide(run.id, 'approve')).toMatchObject({ status: 'held', error: null });
    expect(world.alerts.all.get(`needs-reauthorization_store1_${run.id}`)).toMatchObject({
      kind: 'needs-reauthorization',
    });
  });

  it.each(['full', 'plan'] as const)('raises nothing when all is well (%s)', async (mode) => {
    const world = aWorld();
    await world.sync(mode);
    expect(world.alerts.all.size).toBe(0);
  });

  it('raises nothing when the run was cancelled on request', async () => {
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
