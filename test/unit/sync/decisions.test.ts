import { SourceError } from '../../../src/core/errors.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { aConfig, statusSync } from '../../builders/models.ts';
import {
  activeIn,
  addByHand,
  change,
  configure,
  idOf,
  leave,
  range,
  synced,
} from '../../fakes/synced-world.ts';

describe('approving', () => {
  it('applies all or some, stores who decided, and ends the run with the last one', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    const some = await world.decide(run.id, 'approve', [idOf(1), idOf(2)]);
    expect(some).toMatchObject({
      status: 'held',
      counts: { held: 4, applied: 2 },
      decision: null,
      decided: { verdict: 'approve', by: 'cli:ada', done: 2, failed: 0, error: null },
      resolvedAt: null,
    });
    expect(activeIn(world)).toBe(18);
    const all = await world.decide(run.id, 'approve');
    expect(all).toMatchObject({ status: 'succeeded', counts: { held: 0, applied: 6 } });
    expect(all.resolvedAt).not.toBeNull();
    expect(world.records.ofRun(run.id)[0]).toMatchObject({
      status: 'applied',
      decidedBy: 'cli:ada',
      decidedAt: expect.any(Date),
    });
    expect((await world.sync()).records).toEqual([]);
    await expect(world.decide(run.id, 'approve')).rejects.toThrow('holds nothing');
  });

  it('confirms each record again, and rejects those no longer true', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    change(world, [1], { state: 'ACTIVATED' });
    change(world, [2], { state: 'SUSPENDED', record: { department: 'Sales' } });
    leave(world, [3]);
    const decided = await world.decide(run.id, 'approve');
    expect(decided).toMatchObject({
      status: 'succeeded',
      decided: { done: 4, noLongerTrue: 2, failed: 0 },
    });
    expect(world.member(idOf(1))?.status).toBe('active');
    // Gone is another cause than the one that was approved.
    expect(world.member(idOf(3))?.status).toBe('active');
    expect(world.member(idOf(2))).toMatchObject({
      status: 'inactive',
      fields: { department: 'Sales' },
    });
    expect((await world.sync()).run.counts).toMatchObject({ deactivate: 1, gone: 1 });
  });

  it('keeps records held that the source can’t confirm', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    world.directory.failing.add(idOf(1));
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'held',
      counts: { held: 1, applied: 5 },
      decided: { done: 5, failed: 1 },
    });
  });

  it('keeps half of a swap held while the other half isn’t approved', async () => {
    const limits = { ...aConfig().safeguards, emailChanges: { percent: 0, floor: 1 } };
    const world = await synced(12, { safeguards: limits });
    change(world, [1], { email: 'u2@acme.test' });
    change(world, [2], { email: 'u1@acme.test' });
    const { run } = await world.sync();
    const half = await world.decide(run.id, 'approve', [idOf(1)]);
    expect(half).toMatchObject({
      status: 'held',
      counts: { update: 2, held: 2, conflict: 0 },
      decided: { done: 0, failed: 1 },
    });
    const [record] = world.records.ofRun(run.id);
    expect(record?.error).toContain(`belongs to the member of user ${idOf(2)}`);
    await world.decide(run.id, 'approve');
    expect(world.member(idOf(1))?.emailKey).toBe('u2@acme.test');
    expect(world.member(idOf(2))?.emailKey).toBe('u1@acme.test');
  });

  it('counts the actions that its records have afterwards', async () => {
    const world = await synced(20);
    for (const n of range(1, 6)) change(world, [n], { email: `new${n}@acme.test` });
    const { run } = await world.sync();
    world.directory.set({ id: 'u900', email: 'new1@acme.test' });
    await world.sync();
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'held',
      counts: { update: 6, conflict: 0, applied: 5, held: 1 },
      decided: { done: 5, failed: 1 },
    });
  });

  it('says once how many it could not confirm', async () => {
    const world = await synced(20);
    change(world, range(11, 16), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    for (const n of range(11, 16)) world.directory.failing.add(idOf(n));
    const { warnings } = await world.decide(run.id, 'approve');
    expect(warnings).toEqual([...run.warnings, expect.stringMatching(/^6 records could not be/)]);
    expect(world.records.ofRun(run.id)[0]?.error).toContain('500 for');
  });

  it('does nothing when the source fails altogether, and says why', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    world.directory.organizations = async () => {
      throw new SourceError('auth', 'source-auth', '401');
    };
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'held',
      counts: { held: 6, applied: 0 },
      decided: { done: 0, error: { code: 'source-auth' } },
      error: null,
    });
    expect(activeIn(world)).toBe(20);
    expect(world.stores.all.get('store1')?.status).toBe('needs-reauthorization');
    await expect(world.decide(run.id, 'approve')).rejects.toThrow('needs to be reauthorized');
  });

  it('does not delete a member that it was shown to deactivate', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    configure(world, {
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...statusSync, deactivated: 'delete' },
      },
    });
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      decided: { done: 0, noLongerTrue: 6 },
    });
    expect(activeIn(world)).toBe(20);
    expect((await world.sync()).run).toMatchObject({ counts: { delete: 6, held: 6 } });
  });

  it('does not link a member again that was unlinked meanwhile', async () => {
    const world = await synced(20);
    const id = addByHand(world, 'x@acme.test');
    world.directory.set({ id: 'u500', email: 'x@acme.test' });
    const { run: adoption } = await world.sync();
    change(world, range(1, 6), { state: 'SUSPENDED' });
    world.directory.set({ id: 'u500', email: 'x@acme.test', state: 'SUSPENDED' });
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ deactivate: 7, held: 7 });
    await world.undo(adoption.id);
    await world.decide(run.id, 'approve');
    expect(world.members.all.get(id)).toMatchObject({ storeId: null, status: 'active' });
  });

  it('does not change a member that belongs to another user by now', async () => {
    const world = await synced(20);
    const id = addByHand(world, 'x@acme.test');
    change(world, range(1, 6), { state: 'SUSPENDED' });
    world.directory.set({ id: 'u500', email: 'x@acme.test', state: 'SUSPENDED' });
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ adopt: 1, held: 7 });
    // While u500 can't be decided, its held records stay.
    world.directory.set(
      { id: 'u500', email: null, state: 'SUSPENDED' },
      { id: 'u600', email: 'x@acme.test' },
    );
    await world.sync();
    world.directory.set({ id: 'u500', email: 'y@acme.test', state: 'SUSPENDED' });
    expect(await world.decide(run.id, 'approve', ['u500'])).toMatchObject({
      decided: { done: 0, noLongerTrue: 1, failed: 0 },
    });
    expect(world.members.all.get(id)).toMatchObject({
      externalId: 'u600',
      status: 'active',
      fields: { email: 'x@acme.test' },
    });
  });

  it('closes the records of a member that no longer exists', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    world.members.all.delete(`store1.${idOf(1)}`);
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'succeeded',
      decided: { done: 5, noLongerTrue: 1, failed: 0 },
    });
  });

  it('refuses ids without held records, and changes nothing', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    await expect(world.decide(run.id, 'approve', [idOf(1), 'nobody'])).rejects.toThrow(
      'no held or rejected record of nobody',
    );
    expect(await world.runs.get(run.id)).toMatchObject({ status: 'held', decision: null });
  });
});

describe('an approval that lifts a rejection', () => {
  it('leaves the record rejected when it can’t be carried out', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    await world.decide(run.id, 'reject', [idOf(1)]);
    const first = () => world.records.ofRun(run.id)[0];
    world.directory.failing.add(idOf(1));
    world.clock.nowMs += 60_000;
    const unknown = await world.decide(run.id, 'approve', [idOf(1), idOf(2)]);
    expect(unknown.decided).toMatchObject({ done: 1, noLongerTrue: 0, failed: 1 });
    expect(first()).toMatchObject({ status: 'rejected', blocksInStore: 'store1' });
    const organizations = world.directory.organizations.bind(world.directory);
    world.directory.organizations = async () => {
      throw new SourceError('retriable', 'source-failed', '503');
    };
    world.clock.nowMs += 60_000;
    const failed = await world.decide(run.id, 'approve', [idOf(1), idOf(3)]);
    expect(failed).toMatchObject({ counts: { held: 4 }, decided: { done: 0 } });
    expect(first()?.status).toBe('rejected');
    world.directory.organizations = organizations;
    world.directory.failing.clear();
    await world.decide(run.id, 'approve', [idOf(1)]);
    expect(world.member(idOf(1))?.status).toBe('inactive');
  });
});

describe('a record closed as no longer true', () => {
  it('can’t be approved by name any more', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    change(world, [1], { state: 'ACTIVATED' });
    await world.sync();
    await expect(world.decide(run.id, 'approve', [idOf(1)])).rejects.toThrow('no held or rejected');
  });
});

describe('rejecting', () => {
  it('keeps the member, and is not planned again while its cause stays the same', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    expect(await world.decide(run.id, 'reject', [idOf(1)])).toMatchObject({
      status: 'held',
      decided: { verdict: 'reject', done: 1 },
    });
    expect(await world.decide(run.id, 'reject')).toMatchObject({
      status: 'succeeded',
      counts: { held: 0, applied: 0 },
    });
    expect((await world.sync()).run).toMatchObject({
      status: 'succeeded',
      counts: { rejectedEarlier: 6, heldEarlier: 0, deactivate: 0 },
    });
    expect(activeIn(world)).toBe(20);
  });

  it('needs no source', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    await world.stores.setStatus('store1', 'needs-reauthorization');
    expect(await world.decide(run.id, 'reject')).toMatchObject({
      status: 'succeeded',
      decided: { done: 6, error: null },
    });
  });

  it('leaves members that are gone counted as gone', async () => {
    const world = await synced(20);
    leave(world, range(1, 6));
    const { run } = await world.sync();
    expect((await world.sync()).run.counts).toMatchObject({ gone: 6, heldEarlier: 6 });
    await world.decide(run.id, 'reject');
    expect((await world.sync()).run.counts).toMatchObject({ gone: 6, rejectedEarlier: 6 });
  });

  it('is lifted by approving the rejected record, or when the cause has changed', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    await world.decide(run.id, 'reject');
    expect(await world.decide(run.id, 'approve', [idOf(1)])).toMatchObject({
      decided: { done: 1 },
    });
    expect(world.member(idOf(1))?.status).toBe('inactive');
    leave(world, [2]);
    expect((await world.sync()).run.counts).toMatchObject({ deactivate: 1, rejectedEarlier: 4 });
    change(world, [3], { state: 'ACTIVATED' });
    await world.sync();
    change(world, [3], { state: 'SUSPENDED' });
    expect((await world.sync()).run.counts).toMatchObject({ deactivate: 1, rejectedEarlier: 3 });
  });
});
