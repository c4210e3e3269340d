import type { Criteria } from '../../../src/core/model/store-config.ts';
import { defaultNotifications } from '../../../src/core/store-file/default-config.ts';
import { aConfig, aMember, statusSync } from '../../builders/models.ts';
import {
  activeIn,
  change,
  configure,
  idOf,
  leave,
  person,
  range,
  synced,
} from '../../fakes/synced-world.ts';

describe('too many removals in one run', () => {
  it('are all held, while everything else is applied', async () => {
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

  it('count the records of the window, except approved and undone ones', async () => {
    const world = await synced(100);
    change(world, range(1, 15), { state: 'SUSPENDED' });
    const first = await world.sync();
    expect(first.run.status).toBe('succeeded');
    change(world, range(16, 21), { state: 'SUSPENDED' });
    const second = await world.sync();
    expect(second.run).toMatchObject({ status: 'held', counts: { held: 6 } });
    expect(second.run.warnings[0]).toContain('15 within the last 24h');
    expect(await world.decide(second.run.id, 'approve')).toMatchObject({ status: 'succeeded' });
    // 79 are active, and 15 were removed without approval: the limit is 18.8.
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

  it('hold when no active member would remain', async () => {
    const world = await synced(3);
    change(world, [1, 2, 3], { state: 'SUSPENDED' });
    expect((await world.sync()).run).toMatchObject({ status: 'held', counts: { held: 3 } });
    expect(activeIn(world)).toBe(3);
  });
});

describe('a scope of nobody', () => {
  const only = (department: string): Criteria => ({
    users: { conditions: [{ attribute: 'department', operator: 'equals', value: department }] },
  });
  const nobody = (listed: number) =>
    `nobody is in scope: the criteria match none of the ${listed} listed users`;

  it('is told in a first run', async () => {
    const world = await synced(20, { criteria: only('Lab') });
    const [first] = [...world.runs.all.values()];
    expect(first).toMatchObject({ status: 'succeeded', warnings: [nobody(20)] });
    const { run } = await world.sync();
    expect(run.warnings).toEqual([]);
    change(world, [1], { record: { department: 'Lab' } });
    expect((await world.sync()).run).toMatchObject({ counts: { create: 1 }, warnings: [] });
  });

  it('is told when a run brings it about, whose removals are held though they are few', async () => {
    const world = await synced(20, { criteria: only('Lab') });
    change(world, [1, 2], { record: { department: 'Lab' } });
    await world.sync();
    configure(world, { criteria: only('Lap') });
    const preview = await world.sync('plan');
    expect(preview.run).toMatchObject({ counts: { held: 2 }, warnings: [{}, nobody(20)] });
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { held: 2, applied: 0 } });
    expect(run.warnings).toEqual([expect.stringContaining('held: all removals'), nobody(20)]);
    expect(activeIn(world)).toBe(2);
    expect((await world.sync()).run).toMatchObject({ counts: { heldEarlier: 2 }, warnings: [] });
    expect(await world.decide(run.id, 'approve')).toMatchObject({ status: 'succeeded' });
    expect(activeIn(world)).toBe(0);
  });

  it('holds the removal of the only member', async () => {
    const world = await synced(1, { criteria: only('IT') });
    change(world, [1], { record: { department: 'Lab' } });
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'held', counts: { held: 1 }, warnings: [{}, nobody(1)] });
    expect(run.warnings[0]).toBe('held: all removals, since nobody is in scope');
  });

  it('is not told of while anyone is in it', async () => {
    const world = await synced(20, { criteria: only('IT') });
    change(world, range(2, 20), { record: { department: 'Lab' } });
    const { run } = await world.sync();
    expect(run.warnings).toEqual([expect.stringContaining('held: 19 removals in one run')]);
  });
});

describe('a held removal', () => {
  it('is not planned again, while other changes to that member are applied', async () => {
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

  it('is closed as no longer true when the source reverts it, and its run with the last one', async () => {
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

  it('gives no other user the address of a held member', async () => {
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

describe('e-mail changes and blanks', () => {
  it('hold too many e-mail changes for a decision', async () => {
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

  it('leave an adopted member its address until the new one is approved', async () => {
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

  it('keep a rejection while the field can not be computed', async () => {
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
      settings: {
        notifications: defaultNotifications,
        statusSync: { ...statusSync, deleted: 'deactivate' },
      },
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

  it('is acted on once it was, for long enough, and counts as gone all the time', async () => {
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

  it('starts again when the person is listed in between', async () => {
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
