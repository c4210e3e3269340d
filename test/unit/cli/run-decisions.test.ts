import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

const idOf = (n: number) => `u${String(n).padStart(2, '0')}`;
const person = (n: number, suspended = false) => ({
  id: idOf(n),
  email: `u${n}@acme.test`,
  state: suspended ? ('SUSPENDED' as const) : ('ACTIVATED' as const),
  record: { department: 'IT' },
});

/** A synced store whose latest run is held: six of twenty users are suspended. */
async function heldWorld(): Promise<{ readonly world: CliWorld; readonly run: string }> {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  world.startWorker();
  for (let n = 1; n <= 20; n += 1) world.directory.set(person(n));
  expect((await world.run(['sync', 'acme', '--wait'])).exitCode).toBe(0);
  for (let n = 1; n <= 6; n += 1) world.directory.set(person(n, true));
  const outcome = await world.run(['sync', 'acme', '--wait', '--json']);
  expect(outcome.exitCode).toBe(3);
  return { world, run: (outcome.json() as { id: string }).id };
}

describe('a held run', () => {
  it('says what to do about it', async () => {
    const { world, run } = await heldWorld();
    const { stdout } = await world.run(['runs', 'show', run]);
    expect(stdout).toContain('6 held');
    for (let n = 1; n <= 6; n += 1) world.directory.set(person(n));
    world.directory.set({ ...person(7, true) }, person(8, true), person(9, true));
    const again = await world.run(['runs', 'show', run, '--records']);
    expect(again.stdout).toMatch(/u1@acme\.test +deactivate +held/);
  });
});

describe('runs approve', () => {
  it('waits until all is applied, and prints the run', async () => {
    const { world, run } = await heldWorld();
    const outcome = await world.run(['runs', 'approve', run, '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({
      id: run,
      status: 'succeeded',
      counts: { held: 0, applied: 6 },
      decided: { verdict: 'approve', by: 'cli:ada', done: 6 },
    });
  });

  it('approves some by name, and says what is still held', async () => {
    const { world, run } = await heldWorld();
    const outcome = await world.run(['runs', 'approve', run, '--record', idOf(1), idOf(2)]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('2 records applied');
    expect(outcome.stdout).toContain('4 held still');
  });

  it('takes addresses in any spelling, and ids that look like one', async () => {
    const { world, run } = await heldWorld();
    const args = ['runs', 'approve', run, '--record', 'U1@ACME.test', idOf(2), 'u2@acme.test'];
    const outcome = await world.run(args);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('2 records applied');
    expect(world.members.all.get('store1.u01')).toMatchObject({ status: 'inactive' });
    const rejected = await world.run(['runs', 'reject', run, '--record', 'u3@acme.test']);
    expect(rejected.stdout).toContain('1 record rejected');
    const after = await world.run(['runs', 'approve', run, '--record', 'u3@acme.test']);
    expect(after.stdout).toContain('1 record applied');
  });

  it('refuses an address without a held record, and one that several records show', async () => {
    const { world, run } = await heldWorld();
    const approve = (name: string) => world.run(['runs', 'approve', run, '--record', name]);
    const none = await approve('u9@acme.test');
    expect(none).toMatchObject({ exitCode: 2 });
    expect(none.stderr).toContain('no held or rejected record of u9@acme.test');
    for (const [id, record] of world.records.all) {
      if (record.externalId === idOf(4)) {
        world.records.all.set(id, { ...record, email: 'u5@acme.test' });
      }
    }
    const several = await approve('u5@acme.test');
    expect(several).toMatchObject({ exitCode: 2 });
    expect(several.stderr).toContain('u5@acme.test is the address of u04, u05');
    expect(await world.runs.get(run)).toMatchObject({ status: 'held', decision: null });
    expect((await approve(idOf(4))).exitCode).toBe(0);
  });

  it('exits 1 and prints the run when it was done only in part', async () => {
    const { world, run } = await heldWorld();
    world.directory.failing.add(idOf(1));
    const outcome = await world.run(['runs', 'approve', run, '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.json()).toMatchObject({ status: 'held', decided: { done: 5, failed: 1 } });
  });

  it('exits 1 with the run when it holds nothing', async () => {
    const { world, run } = await heldWorld();
    await world.run(['runs', 'approve', run]);
    const outcome = await world.run(['runs', 'approve', run, '--json']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.json()).toMatchObject({ id: run, status: 'succeeded' });
    expect(outcome.stderr).toContain('holds nothing');
  });

  it('exits 2 for a person without held records, and for a run that doesn’t exist', async () => {
    const { world, run } = await heldWorld();
    const outcome = await world.run(['runs', 'approve', run, '--record', 'nobody']);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect((await world.run(['runs', 'reject', 'none'])).exitCode).toBe(2);
    expect(await world.runs.get(run)).toMatchObject({ status: 'held' });
  });

  it('says so when no worker claims it', async () => {
    const { world, run } = await heldWorld();
    const work = world.onSleep;
    world.workers = 0;
    world.onSleep = async (nth) => {
      if (world.clock.nowMs > Date.parse('2026-02-01T00:00:20Z')) await work(nth);
    };
    const outcome = await world.run(['runs', 'approve', run]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toContain('No worker is running');
  });
});

describe('runs reject', () => {
  it('leaves the members as they are', async () => {
    const { world, run } = await heldWorld();
    const outcome = await world.run(['runs', 'reject', run]);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('6 records rejected');
    const next = await world.run(['sync', 'acme', '--wait', '--json']);
    expect(next.json()).toMatchObject({ status: 'succeeded', counts: { rejectedEarlier: 6 } });
  });
});

describe('runs undo', () => {
  it('prints the new run, pauses the store, and says what to do next', async () => {
    const { world, run } = await heldWorld();
    await world.run(['runs', 'approve', run]);
    const preview = await world.run(['runs', 'undo', run, '--plan', '--json']);
    expect(preview.json()).toMatchObject({ status: 'planned', undoOf: run });
    expect(world.stores.all.get('store1')?.status).toBe('active');
    const outcome = await world.run(['runs', 'undo', run, '--json']);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({
      mode: 'undo',
      status: 'succeeded',
      undoOf: run,
      counts: { reactivate: 6, applied: 6 },
    });
    expect(outcome.stderr).toContain('acme is paused');
    expect(outcome.stderr).toContain('rollcall store resume acme');
    expect(world.stores.all.get('store1')?.status).toBe('paused');
  });

  it('exits 3 when it is held itself, and 1 with the run when there is nothing to undo', async () => {
    const { world, run } = await heldWorld();
    const first = await world.run(['runs', 'undo', 'run1', '--json']);
    expect(first.exitCode).toBe(3);
    expect(first.json()).toMatchObject({ mode: 'undo', status: 'held', counts: { held: 20 } });
    const nothing = await world.run(['runs', 'undo', run, '--json']);
    expect(nothing.exitCode).toBe(1);
    expect(nothing.json()).toMatchObject({ id: run });
  });
});

describe('store apply --preview', () => {
  it('shows the members that another configuration would change, and stores nothing', async () => {
    const { world } = await heldWorld();
    for (let n = 1; n <= 6; n += 1) world.directory.set(person(n));
    await world.run(['sync', 'acme', '--wait']);
    const input = 'mapping: { department: { value: Sales } }\n';
    const args = ['store', 'apply', 'acme', '-f', '-', '--preview'];
    const outcome = await world.run([...args, '--json'], { input });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.json()).toMatchObject({
      name: 'acme',
      changes: [{ path: 'mapping.department', to: '{ value: Sales }' }],
      run: { status: 'planned', counts: { update: 20 } },
    });
    const { records } = outcome.json() as { records: { changes: unknown[] }[] };
    expect(records).toHaveLength(20);
    expect(records[0]?.changes).toEqual([{ field: 'department', from: 'IT', to: 'Sales' }]);
    expect(world.stores.all.get('store1')?.configRevision).toBe(1);
    const people = await world.run(args, { input });
    expect(people.stdout).toContain('Would configure acme');
    expect(people.stdout).toContain('department: IT → Sales');
    expect(people.stdout).toContain('Nothing was kept or written');
    expect((await world.run(['sync', 'acme', '--plan', '--wait', '--json'])).json()).toMatchObject({
      counts: { update: 0 },
    });
  });
});
