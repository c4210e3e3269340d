import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { addMember } from '../../../src/manage/members/edit-member.ts';
import { aConfig, aMember, statusSync } from '../../builders/models.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { actor, MemoryWorld } from '../../fakes/memory-world.ts';

const person = (n: number, parts: Partial<Person> = {}): Person => ({
  id: `u${n}`,
  email: `u${n}@acme.test`,
  record: { department: 'IT' },
  ...parts,
});

async function synced(count: number, config: Partial<StoreConfig> = {}): Promise<MemoryWorld> {
  const world = new MemoryWorld(config);
  for (let n = 1; n <= count; n += 1) world.directory.set(person(n));
  await world.sync();
  return world;
}
const bare = (world: MemoryWorld) =>
  [...world.members.all.values()]
    .map(({ revision: _r, lastRecord: _l, updatedAt: _u, fingerprint: _f, ...rest }) => rest)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

describe('undoing a run', () => {
  it('undoes a bad mapping, pauses the store, and marks the undone records', async () => {
    const world = await synced(3);
    const before = bare(world);
    world.directory.set(
      person(1, { record: { department: 'Wrong' } }),
      person(2, { email: 'wrong@acme.test' }),
      person(3, { state: 'SUSPENDED' }),
    );
    const { run: bad } = await world.sync();
    const { run, records } = await world.undo(bad.id);
    expect(run).toMatchObject({
      mode: 'undo',
      status: 'succeeded',
      undoOf: bad.id,
      certificate: null,
      counts: { update: 2, reactivate: 1, applied: 3 },
    });
    expect(records.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining(bad.id)),
    );
    expect(bare(world)).toEqual(before);
    expect(world.stores.all.get('store1')?.status).toBe('paused');
    expect(world.records.ofRun(bad.id).map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'undone'),
    );
    await expect(world.undo(bad.id)).rejects.toThrow('nothing to take back');
    // The changes that would come back.
    expect((await world.sync('plan')).run.counts).toMatchObject({ update: 2, deactivate: 1 });
  });

  it('does not reduce the applied count of the run when the rest is decided', async () => {
    const world = await synced(9);
    for (let n = 1; n <= 8; n += 1) world.directory.set(person(n, { state: 'SUSPENDED' }));
    const { run: held } = await world.sync();
    expect(await world.decide(held.id, 'approve', ['u1'])).toMatchObject({
      counts: { applied: 1 },
    });
    await world.undo(held.id);
    expect(await world.decide(held.id, 'approve')).toMatchObject({
      status: 'succeeded',
      counts: { applied: 8, held: 0 },
    });
  });

  it('pauses a store that needs a new key for when it has one', async () => {
    const world = await synced(2);
    world.directory.set(person(1, { state: 'SUSPENDED' }));
    const { run: bad } = await world.sync();
    await world.stores.setStatus('store1', 'needs-reauthorization');
    const wasSet: string[] = [];
    const setStatus = world.stores.setStatus.bind(world.stores);
    world.stores.setStatus = async (id, status) => {
      wasSet.push(status);
      await setStatus(id, status);
    };
    await world.undo(bad.id);
    // The second undo keeps that the store was paused.
    expect(wasSet).toEqual(['paused', 'needs-reauthorization']);
    expect(world.member('u1')?.status).toBe('active');
  });

  it('is previewed without a write, and without pausing the store', async () => {
    const world = await synced(2);
    world.directory.set(person(1, { record: { department: 'Wrong' } }));
    const { run: bad } = await world.sync();
    const before = [...world.members.all.values()];
    const preview = await world.undo(bad.id, true);
    expect(preview.run).toMatchObject({ mode: 'plan', status: 'planned', counts: { update: 1 } });
    expect([...world.members.all.values()]).toEqual(before);
    expect(world.stores.all.get('store1')?.status).toBe('active');
    const { records } = await world.undo(bad.id);
    expect(records.map(({ changes }) => changes)).toEqual(
      preview.records.map(({ changes }) => changes),
    );
  });

  it('can be undone itself, and that again', async () => {
    const world = await synced(2);
    world.directory.set(person(1, { record: { department: 'Wrong' } }));
    const { run: bad } = await world.sync();
    const wrong = bare(world);
    const undone = await world.undo(bad.id);
    const right = bare(world);
    const redone = await world.undo(undone.run.id);
    expect(bare(world)).toEqual(wrong);
    expect(world.records.ofRun(bad.id)[0]?.status).toBe('applied');
    expect(world.records.ofRun(undone.run.id)[0]?.status).toBe('undone');
    await world.undo(redone.run.id);
    expect(bare(world)).toEqual(right);
    expect(world.records.ofRun(bad.id)[0]?.status).toBe('undone');
  });

  it('restores deleted members whole under their old ids', async () => {
    const world = await synced(6, {
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...statusSync, deleted: 'delete' },
      },
    });
    const before = bare(world);
    world.directory.people.delete('u1');
    world.directory.people.delete('u2');
    const { run: bad } = await world.sync();
    expect(world.members.all.size).toBe(4);
    await world.undo(bad.id);
    expect(bare(world)).toEqual(before);
  });

  it('restores the address of members that release 0.1 deleted', async () => {
    const world = await synced(2, {
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...statusSync, deleted: 'delete' },
      },
    });
    world.directory.people.delete('u1');
    const { run: bad, records } = await world.sync();
    const wasKept = ['email', 'department', 'status'];
    await world.records.replaceMany(
      records.map((record) => ({
        ...record,
        risks: [],
        changes: record.changes.filter(({ field }) => wasKept.includes(field)),
      })),
    );
    await world.undo(bad.id);
    expect(world.member('u1')).toMatchObject({
      status: 'active',
      emailKey: 'u1@acme.test',
      fields: { email: 'u1@acme.test', department: 'IT' },
    });
  });

  it('is held when it would remove too many, and continues when that is approved', async () => {
    const world = await synced(8);
    const first = [...world.runs.all.values()][0];
    const { run } = await world.undo(first?.id ?? '');
    expect(run).toMatchObject({ status: 'held', counts: { delete: 8, held: 8, applied: 0 } });
    expect(world.members.all.size).toBe(8);
    world.directory.set(person(1, { record: { department: 'Sales' } }));
    await world.sync();
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'succeeded',
      decided: { done: 7, noLongerTrue: 1 },
    });
    expect([...world.members.all.keys()]).toEqual(['store1.u1']);
  });

  it('swaps addresses back, except one that another member has meanwhile', async () => {
    const world = await synced(4);
    const before = bare(world);
    world.directory.set(
      person(1, { email: 'u2@acme.test' }),
      person(2, { email: 'u1@acme.test' }),
      person(3, { email: 'away@acme.test', record: { department: 'Wrong' } }),
    );
    const { run: bad } = await world.sync();
    world.directory.set(person(5, { email: 'u3@acme.test' }));
    await world.sync();
    const { records } = await world.undo(bad.id);
    expect(bare(world).slice(0, 2)).toEqual(before.slice(0, 2));
    expect(world.member('u3')?.fields).toMatchObject({
      email: 'away@acme.test',
      department: 'IT',
    });
    expect(records.find(({ externalId }) => externalId === 'u3')?.reason).toContain(
      'belongs to the member of user u5',
    );
  });

  it('leaves an address that a member kept from a removed store has meanwhile', async () => {
    const world = await synced(2);
    world.directory.set(person(1, { email: 'away@acme.test' }));
    const { run: bad } = await world.sync();
    const keptFrom = { directory: 'jumpcloud', orgId: 'org2' };
    const gone = { status: 'inactive', inactiveCause: 'gone' } as const;
    const kept = aMember({ id: 'old.k1', storeId: null, externalId: 'k1', keptFrom, ...gone });
    world.members.all.set(kept.id, kept);
    const { run, records } = await world.undo(bad.id);
    expect(run.status).toBe('succeeded');
    expect(records).toMatchObject([{ action: 'conflict', status: 'reported' }]);
    expect(world.members.all.get(kept.id)).toEqual(kept);
  });

  it('unlinks the members that the run adopted', async () => {
    const world = new MemoryWorld();
    const ada = { email: 'u1@acme.test', firstName: 'Ada', lastName: 'L', actor };
    const { id } = await addMember(world.ports, ada);
    world.directory.set(person(1));
    const { run: bad } = await world.sync();
    expect(world.members.all.get(id)).toMatchObject({ storeId: 'store1', externalId: 'u1' });
    await world.undo(bad.id);
    expect(world.members.all.get(id)).toMatchObject({
      storeId: null,
      externalId: null,
      fields: { firstName: 'Ada' },
    });
  });

  it('undoes edits by hand', async () => {
    const world = await synced(2);
    await world.setStatus('u1', 'inactive');
    const byHand = [...world.runs.all.values()].find(({ mode }) => mode === 'single');
    await world.undo(byHand?.id ?? '');
    expect(world.member('u1')).toMatchObject({ status: 'active', statusBy: 'sync' });
  });

  it.each(['sync', 'person'] as const)(
    'has a member asked for again that a %s made inactive and that is gone meanwhile',
    async (by) => {
      const world = await synced(3);
      if (by === 'person') await world.setStatus('u1', 'inactive');
      else {
        world.directory.set(person(1, { state: 'SUSPENDED' }));
        await world.sync();
      }
      const made = [...world.runs.all.values()].at(-1);
      world.directory.people.delete('u1');
      await world.sync();
      expect(world.member('u1')).toMatchObject({ status: 'inactive', inactiveCause: 'gone' });
      const { records } = await world.undo(made?.id ?? '');
      expect(records[0]?.reason).not.toContain('stay');
      expect(world.member('u1')).toMatchObject({
        status: 'active',
        statusBy: 'sync',
        inactiveCause: null,
      });
      expect((await world.sync()).run.counts).toMatchObject({ gone: 1, deactivate: 1, applied: 1 });
    },
  );

  it('refuses a run under way and a preview, which have nothing to undo', async () => {
    const world = await synced(2);
    const queued = await world.enqueue();
    await expect(world.undo(queued.id)).rejects.toThrow('still under way');
    world.directory.set(person(1, { record: { department: 'New' } }));
    const preview = await world.sync('plan');
    await expect(world.undo(preview.run.id)).rejects.toThrow('nothing to take back');
  });

  it('does not count undone records for the window', async () => {
    const world = await synced(20, {
      safeguards: { ...aConfig().safeguards, removals: { percent: 0, floor: 5 } },
    });
    for (const n of [1, 2, 3, 4]) world.directory.set(person(n, { state: 'SUSPENDED' }));
    const { run: bad } = await world.sync();
    await world.undo(bad.id);
    for (const n of [5, 6, 7, 8, 9]) world.directory.set(person(n, { state: 'SUSPENDED' }));
    for (const n of [1, 2, 3, 4]) world.directory.set(person(n));
    expect((await world.sync()).run).toMatchObject({ status: 'succeeded', counts: { held: 0 } });
  });
});
