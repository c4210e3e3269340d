import type { SyncRecord } from '../../../src/core/model/record.ts';
import { aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';

function worldWithRun(): CliWorld {
  const world = new CliWorld();
  world.stores.all.set('store1', aStore());
  return world;
}

function aRecord(seq: number): SyncRecord {
  return {
    id: `run1.u${seq}`,
    runId: 'run1',
    kind: 'user',
    seq,
    externalId: `u${seq}`,
    memberId: `store1.u${seq}`,
    email: `u${seq}@acme.test`,
    name: null,
    department: null,
    location: null,
    action: 'update',
    status: 'applied',
    reason: 'changed at the source',
    changes: [{ field: 'department', from: null, to: 'Sales' }],
    moves: null,
    fromRevision: 1,
    claim: null,
    fingerprint: null,
    undecidedRuns: null,
    cause: null,
    confirmed: false,
    risks: [],
    heldKind: null,
    blocksInStore: null,
    error: null,
    decidedBy: null,
    decidedAt: null,
  };
}

describe('runs', () => {
  it('lists them newest first, of one store on request', async () => {
    const world = worldWithRun();
    world.stores.all.set('store2', aStore({ id: 'store2', name: 'other' }));
    await world.run(['sync', 'acme']);
    await world.run(['sync', 'other']);
    const all = (await world.run(['runs', 'list', '--json'])).json();
    expect(all).toMatchObject([{ id: 'run2', storeName: 'other' }, { id: 'run1' }]);
    const some = await world.run(['runs', 'list', '--store', 'acme', '--json']);
    expect(some.json()).toMatchObject([{ id: 'run1', store: 'store1' }]);
  });

  it('shows all records by seq, however many there are', async () => {
    const world = worldWithRun();
    await world.run(['sync', 'acme']);
    await world.records.insertMany(Array.from({ length: 1203 }, (_, index) => aRecord(index)));
    const shown = await world.run(['runs', 'show', 'run1', '--records', '--json']);
    const { id, records } = shown.json() as { id: string; records: { seq: number }[] };
    expect(id).toBe('run1');
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 1203 }, (_, seq) => seq));
    expect(records[7]).toEqual({
      seq: 7,
      kind: 'user',
      externalId: 'u7',
      email: 'u7@acme.test',
      member: 'store1.u7',
      name: null,
      department: null,
      location: null,
      reasonCode: 'update',
      risk: null,
      heldKind: null,
      action: 'update',
      status: 'applied',
      reason: 'changed at the source',
      changes: [{ field: 'department', from: null, to: 'Sales' }],
      error: null,
      decidedBy: null,
      decidedAt: null,
    });
    const people = await world.run(['runs', 'show', 'run1', '--records']);
    expect(people.stdout).toContain('department: (blank) → Sales');
  });

  it('shows a run without records as an empty list', async () => {
    const world = worldWithRun();
    await world.run(['sync', 'acme']);
    const shown = await world.run(['runs', 'show', 'run1', '--records', '--json']);
    expect(shown.json()).toMatchObject({ records: [] });
    expect((await world.run(['runs', 'show', 'run1', '--json'])).json()).not.toHaveProperty(
      'records',
    );
  });

  it('refuses an invalid id', async () => {
    const outcome = await worldWithRun().run(['runs', 'show', 'nonsense', '--json']);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.json()).toMatchObject({ error: { code: 'not-found' } });
  });

  it('cancels a queued run, asks one under way to stop, and refuses one that ended', async () => {
    const world = worldWithRun();
    await world.run(['sync', 'acme']);
    const cancelled = await world.run(['runs', 'cancel', 'run1', '--json']);
    expect(cancelled.json()).toMatchObject({ status: 'cancelled' });
    const again = await world.run(['runs', 'cancel', 'run1']);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('it is cancelled');
    await world.run(['sync', 'acme']);
    world.patchRun('run2', { status: 'applying' });
    const asked = await world.run(['runs', 'cancel', 'run2']);
    expect(asked.exitCode).toBe(0);
    expect(asked.stdout).toContain('asked to stop');
  });
});
