import { SourceError } from '../../../src/core/errors.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { aConfig, aMember, statusSync } from '../../builders/models.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const person = (n: number, parts: Partial<Person> = {}): Person => ({
  id: `u${String(n).padStart(3, '0')}`,
  email: `u${n}@acme.test`,
  ...parts,
});
const idOf = (n: number) => person(n).id;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** A store with so many synced members. */
async function synced(count: number, config: Partial<StoreConfig> = {}): Promise<MemoryWorld> {
  const world = new MemoryWorld(config);
  world.directory.pageSize = 50;
  world.directory.set(...range(1, count).map((n) => person(n, { record: { department: 'IT' } })));
  await world.sync();
  return world;
}
const change = (world: MemoryWorld, ns: readonly number[], parts: Partial<Person>) =>
  world.directory.set(...ns.map((n) => person(n, { record: { department: 'IT' }, ...parts })));
const leave = (world: MemoryWorld, ns: readonly number[]) => {
  for (const n of ns) world.directory.people.delete(idOf(n));
};
const configure = (world: MemoryWorld, config: Partial<StoreConfig>) => {
  const store = world.stores.all.get('store1');
  if (store === undefined) throw new Error('no store');
  world.stores.all.set('store1', { ...store, config: { ...store.config, ...config } });
};
/** A member that was added by hand. */
const addByHand = (world: MemoryWorld, email: string): string => {
  const id = `manual.${email}`;
  const parts = { id, storeId: null, externalId: null, fields: { email }, emailKey: email };
  world.members.all.set(id, aMember(parts));
  return id;
};
const activeIn = (world: MemoryWorld) =>
  [...world.members.all.values()].filter(({ status }) => status === 'active').length;

describe('too many removals in one run', () => {
  it('are all held, while everything else goes on', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    change(world, [7], { record: { department: 'Sales' } });
    world.directory.set(person(21));
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'held',
      resolvedAt: null,
      counts: { deactivate: 6, held: 6, create: 1, update: 1, applied: 2, failed: 0 },
    });
    expect(run.warnings).toEqual([
      expect.stringMatching(/^held: 6 removals in one run, over the limit of 5$/),
    ]);
    expect(run.finishedAt).not.toBeNull();
    expect(records.filter(({ status }) => status === 'held')).toHaveLength(6);
    expect(activeIn(world)).toBe(21);
    expect(world.member(idOf(7))?.fields.department).toBe('Sales');
  });

  it('are shown as held in a preview, which leaves no trace', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const preview = await world.sync('plan');
    expect(preview.run).toMatchObject({ status: 'planned', counts: { held: 6, heldEarlier: 0 } });
    const { run, records } = await world.sync();
    const bare = (all: typeof records) =>
      all.map(({ externalId, action, status, changes, risks }) => ({
        externalId,
        action,
        status,
        changes,
        risks,
      }));
    expect(bare(records)).toEqual(bare(preview.records));
    expect(run.counts).toMatchObject({ held: 6, heldEarlier: 0 });
    await expect(world.decide(preview.run.id, 'approve')).rejects.toThrow('is a preview');
  });

  it('count what the window saw, but for what people approved or took back', async () => {
    const world = await synced(100);
    change(world, range(1, 15), { state: 'SUSPENDED' });
    const first = await world.sync();
    expect(first.run.status).toBe('succeeded');
    change(world, range(16, 21), { state: 'SUSPENDED' });
    const second = await world.sync();
    expect(second.run).toMatchObject({ status: 'held', counts: { held: 6 } });
    expect(second.run.warnings[0]).toContain('15 within the last 24h');
    expect(await world.decide(second.run.id, 'approve')).toMatchObject({ status: 'succeeded' });
    // 79 are active, and 15 were removed without approval: 18.8 may be.
    change(world, range(22, 24), { state: 'SUSPENDED' });
    expect((await world.sync()).run).toMatchObject({ status: 'succeeded', counts: { held: 0 } });
    change(world, [25], { state: 'SUSPENDED' });
    expect((await world.sync()).run.status).toBe('held');
    world.clock.nowMs += 25 * 3_600_000;
    change(world, range(26, 36), { state: 'SUSPENDED' });
    expect((await world.sync()).run).toMatchObject({
      status: 'succeeded',
      counts: { deactivate: 11, heldEarlier: 1 },
    });
  });

  it('count what was applied by a run that waits for its decision to be carried out', async () => {
    const world = await synced(100);
    change(world, range(1, 15), { state: 'SUSPENDED' });
    for (const n of range(50, 75)) change(world, [n], { email: `new${n}@acme.test` });
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { held: 26, applied: 15 } });
    const decision = { verdict: 'approve', people: null, rejected: [], by: 'cli:ada' } as const;
    change(world, range(16, 21), { state: 'SUSPENDED' });
    world.directory.onPage = () => {
      void world.runs.openDecision(run.id, { ...decision, at: world.clock.now() });
    };
    expect((await world.sync()).run).toMatchObject({ status: 'held', counts: { held: 6 } });
  });

  it('hold when nobody would be left active', async () => {
    const world = await synced(3);
    change(world, [1, 2, 3], { state: 'SUSPENDED' });
    expect((await world.sync()).run).toMatchObject({ status: 'held', counts: { held: 3 } });
    expect(activeIn(world)).toBe(3);
  });
});

describe('a held removal', () => {
  it('is not planned again, while other changes to that member go on', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    await world.sync();
    change(world, range(1, 6), { state: 'SUSPENDED', record: { department: 'Sales' } });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { heldEarlier: 6, held: 0, update: 6, deactivate: 0 },
    });
    expect(records.every(({ action }) => action === 'update')).toBe(true);
    expect(world.member(idOf(1))).toMatchObject({
      status: 'active',
      fields: { department: 'Sales' },
    });
    expect((await world.sync()).records).toEqual([]);
  });

  it('is closed as no longer true when the source wants it no more, and its run with the last one', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run: held } = await world.sync();
    change(world, range(1, 5), { state: 'ACTIVATED' });
    await world.sync();
    expect(await world.runs.get(held.id)).toMatchObject({ status: 'held', counts: { held: 1 } });
    change(world, [6], { state: 'ACTIVATED' });
    expect((await world.sync()).run.counts).toMatchObject({ heldEarlier: 0, reactivate: 0 });
    expect(await world.runs.get(held.id)).toMatchObject({
      status: 'succeeded',
      counts: { held: 0 },
      resolvedAt: expect.any(Date),
    });
    expect(world.records.ofRun(held.id).map(({ status, reason }) => [status, reason])).toEqual(
      Array.from({ length: 6 }, () => ['rejected', 'no longer true']),
    );
    change(world, [6], { state: 'SUSPENDED' });
    expect((await world.sync()).run.counts).toMatchObject({ deactivate: 1, applied: 1 });
  });

  it('is not closed by a worker that was stalled while another one applied it', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run: held } = await world.sync();
    change(world, range(1, 6), { state: 'ACTIVATED' });
    const standing = world.records.blocking.bind(world.records);
    world.records.blocking = async (...asked) => {
      const found = await standing(...asked);
      await world.records.replaceMany(
        found.map((record) => ({ ...record, status: 'applied', blocksInStore: null })),
      );
      world.clock.nowMs += 60_000;
      return found;
    };
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'lease-taken' });
    expect(world.records.ofRun(held.id).every(({ status }) => status === 'applied')).toBe(true);
  });

  it('lets nobody take the address of a member who is held', async () => {
    const world = await synced(3);
    leave(world, [1, 2]);
    change(world, [3], { state: 'SUSPENDED' });
    world.directory.set({ id: 'u900', email: 'u1@acme.test' });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { held: 3, conflict: 1, failed: 0 } });
    expect(records.find(({ externalId }) => externalId === 'u900')?.action).toBe('conflict');
    await world.decide(run.id, 'approve');
    expect((await world.sync()).run.counts).toMatchObject({ create: 1, conflict: 0 });
    expect(world.member('u900')?.emailKey).toBe('u1@acme.test');
  });
});

describe('approving', () => {
  it('applies all or some, says who decided, and ends the run with the last one', async () => {
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

  it('confirms each record afresh, and rejects what is no longer true', async () => {
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

  it('goes on holding whom the source can’t be asked for', async () => {
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

  it('holds on to the half of a swap whose other half isn’t approved', async () => {
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

  it('counts the actions that its records have by then', async () => {
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

  it('says once for how many it could not be confirmed', async () => {
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

  it('does not delete whom it was shown to deactivate', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    configure(world, { settings: { statusSync: { ...statusSync, deactivated: 'delete' } } });
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      decided: { done: 0, noLongerTrue: 6 },
    });
    expect(activeIn(world)).toBe(20);
    expect((await world.sync()).run).toMatchObject({ counts: { delete: 6, held: 6 } });
  });

  it('does not link again who was unlinked meanwhile', async () => {
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

  it('leaves a member alone that is another user’s by now', async () => {
    const world = await synced(20);
    const id = addByHand(world, 'x@acme.test');
    change(world, range(1, 6), { state: 'SUSPENDED' });
    world.directory.set({ id: 'u500', email: 'x@acme.test', state: 'SUSPENDED' });
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ adopt: 1, held: 7 });
    // While u500 can't be decided, what is held of them stays.
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

  it('is done with whose member is not there any more', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    world.members.all.delete(`store1.${idOf(1)}`);
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      status: 'succeeded',
      decided: { done: 5, noLongerTrue: 1, failed: 0 },
    });
  });

  it('refuses names that hold nothing, and changes nothing', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { state: 'SUSPENDED' });
    const { run } = await world.sync();
    await expect(world.decide(run.id, 'approve', [idOf(1), 'nobody'])).rejects.toThrow(
      'no held or rejected record of nobody',
    );
    expect(await world.runs.get(run.id)).toMatchObject({ status: 'held', decision: null });
  });
});

describe('an approval that is to lift a rejection', () => {
  it('leaves it a rejection when it can’t be carried out', async () => {
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

describe('what was closed as no longer true', () => {
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

  it('leaves those who are gone counted as gone', async () => {
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

describe('e-mail changes and blanks', () => {
  it('hold too many e-mail changes, and let a person decide', async () => {
    const world = await synced(20);
    for (const n of range(1, 6)) change(world, [n], { email: `new${n}@acme.test` });
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { update: 6, held: 6 } });
    change(world, [1], { email: 'new1@acme.test', record: { department: 'Sales' } });
    const { run: next } = await world.sync();
    expect(next.counts).toMatchObject({ heldEarlier: 6, update: 1, held: 0, applied: 1 });
    expect(world.member(idOf(1))?.fields).toMatchObject({
      email: 'u1@acme.test',
      department: 'Sales',
    });
    await world.decide(run.id, 'approve');
    expect(world.member(idOf(1))).toMatchObject({
      emailKey: 'new1@acme.test',
      fields: { email: 'new1@acme.test', department: 'Sales' },
    });
    expect((await world.sync()).records).toEqual([]);
  });

  it('leave a member that is adopted its address until the new one is approved', async () => {
    const world = await synced(20);
    const keptFrom = { directory: 'jumpcloud', orgId: 'org1' };
    for (const n of range(31, 36)) {
      const email = `u${n}@acme.test`;
      const link = { id: `old.${n}`, storeId: null, externalId: idOf(n), keptFrom };
      world.members.all.set(link.id, aMember({ ...link, fields: { email }, emailKey: email }));
      change(world, [n], { email: `new${n}@acme.test` });
    }
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ adopt: 6, held: 6 });
    expect((await world.sync()).run.counts).toMatchObject({ adopt: 6, heldEarlier: 6, applied: 6 });
    const address = { emailKey: 'u31@acme.test', fields: { email: 'u31@acme.test' } };
    expect(world.member(idOf(31))).toMatchObject({ storeId: 'store1', ...address });
    await world.decide(run.id, 'approve');
    expect(world.member(idOf(31))?.emailKey).toBe('new31@acme.test');
    expect((await world.sync()).records).toEqual([]);
  });

  it('hold a mapped field that would become blank for too many', async () => {
    const world = await synced(20);
    change(world, range(1, 6), { record: {} });
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { held: 6 } });
    expect(records[0]?.risks).toEqual(['blank:department']);
    expect(world.member(idOf(1))?.fields.department).toBe('IT');
    await world.decide(run.id, 'reject');
    expect((await world.sync()).run.counts).toMatchObject({ rejectedEarlier: 6, update: 0 });
    change(world, [1], { record: { department: 'Sales' } });
    await world.sync();
    expect(world.member(idOf(1))?.fields.department).toBe('Sales');
  });

  it('remember a rejection while the field can not be computed', async () => {
    const expression = "broken ? $error('no') : department";
    const mapping = { ...aConfig().mapping, department: { expression } };
    const world = await synced(20, { mapping });
    change(world, range(1, 6), { record: {} });
    const { run } = await world.sync();
    await world.decide(run.id, 'reject');
    change(world, [1], { record: { broken: true, jobTitle: 'Boss' } });
    expect((await world.sync()).run.counts).toMatchObject({ rejectedEarlier: 6, update: 1 });
    change(world, [1], { record: { jobTitle: 'Boss' } });
    expect((await world.sync()).run.counts).toMatchObject({ rejectedEarlier: 6, update: 0 });
    expect(world.member(idOf(1))?.fields.department).toBe('IT');
  });
});

describe('more members missing than a run may remove', () => {
  it('are held after fifty at random were asked for, each confirmed when it is approved', async () => {
    const world = await synced(200);
    leave(world, range(1, 80));
    world.directory.asked = [];
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { deactivate: 80, held: 80, gone: 50 } });
    const asked = new Set(world.directory.asked);
    expect([...asked].filter((id) => id <= idOf(80))).toHaveLength(50);
    expect(world.directory.asked.length).toBeLessThanOrEqual(52);
    change(world, [1], {});
    world.directory.asked = [];
    expect(await world.decide(run.id, 'approve')).toMatchObject({
      decided: { done: 79, noLongerTrue: 1 },
    });
    expect(new Set(world.directory.asked).size).toBeGreaterThanOrEqual(80);
    expect(activeIn(world)).toBe(121);
  });

  it('proves the listing incomplete when one of the fifty answers', async () => {
    const world = await synced(200);
    for (const n of range(1, 80)) world.directory.withheld.add(idOf(n));
    world.directory.statedTotal = 120;
    const { run } = await world.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      certificate: { complete: false },
      counts: { deactivate: 0, held: 0, gone: 0 },
    });
  });

  it('are not asked for again while they are held', async () => {
    const world = await synced(200);
    leave(world, range(1, 80));
    await world.sync();
    world.directory.asked = [];
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ heldEarlier: 80, held: 0, gone: 50 });
    expect(world.directory.asked).toEqual([]);
  });

  it('are only counted as removals when they would be', async () => {
    const world = await synced(200, {
      settings: { statusSync: { ...statusSync, deleted: 'deactivate' } },
      safeguards: { ...aConfig().safeguards, removals: { percent: 0, floor: 60 } },
    });
    leave(world, range(1, 60));
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { gone: 60, deactivate: 60 } });
  });
});

describe('an absence that must be confirmed several times', () => {
  const thrice = {
    safeguards: { ...aConfig().safeguards, absence: { confirmations: 3, over: '48h' } },
  };
  const dayMs = 86_400_000;

  it('is acted on once it was, for long enough, and counts as gone all along', async () => {
    const world = await synced(20, thrice);
    leave(world, [1]);
    for (const _of of [1, 2, 3]) {
      const { run, records } = await world.sync();
      expect(run.counts).toMatchObject({ gone: 1, deactivate: 0 });
      expect(run.warnings).toEqual([expect.stringContaining('confirmed 3 times over 48h')]);
      expect(records).toEqual([]);
      world.clock.nowMs += dayMs / 2;
    }
    world.clock.nowMs += dayMs / 2;
    const preview = await world.sync('plan');
    expect(preview.run.counts.deactivate).toBe(1);
    const { run } = await world.sync();
    expect(run).toMatchObject({ counts: { gone: 1, deactivate: 1, applied: 1 }, warnings: [] });
  });

  it('begins anew when the person is listed in between', async () => {
    const world = await synced(20, thrice);
    leave(world, [1]);
    await world.sync();
    await world.sync();
    change(world, [1], {});
    await world.sync();
    expect(world.member(idOf(1))?.absence).toBeNull();
    leave(world, [1]);
    world.clock.nowMs += 3 * dayMs;
    expect((await world.sync()).run.counts.deactivate).toBe(0);
    expect(world.member(idOf(1))?.absence).toMatchObject({ confirmations: 1 });
  });

  it('writes nothing in a preview', async () => {
    const world = await synced(20, thrice);
    leave(world, [1]);
    await world.sync('plan');
    expect(world.member(idOf(1))?.absence).toBeNull();
  });
});
