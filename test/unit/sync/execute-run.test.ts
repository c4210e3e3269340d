import { SourceError } from '../../../src/core/errors.ts';
import { onlySales, person, withStatus } from '../../builders/listed-person.ts';
import { aMember } from '../../builders/models.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

describe('a first run', () => {
  it('creates all members, and says so in its counts and records', async () => {
    const world = new MemoryWorld();
    world.directory.set(
      person('u1', { record: { firstname: 'Ada' } }),
      person('u2', { state: 'SUSPENDED' }),
    );
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      certificate: { complete: true, distinct: 2 },
    });
    expect(run.counts).toMatchObject({
      listed: 2,
      inScope: 2,
      create: 2,
      applied: 2,
      unchanged: 0,
    });
    expect(
      records.map(({ externalId, action, status, seq }) => [externalId, action, status, seq]),
    ).toEqual([
      ['u1', 'create', 'applied', 1],
      ['u2', 'create', 'applied', 2],
    ]);
    expect(world.member('u1')).toMatchObject({ status: 'active', fields: { firstName: 'Ada' } });
    expect(world.member('u2')).toMatchObject({ status: 'inactive', inactiveCause: 'suspended' });
  });

  it('counts each listed person once, whatever the result', async () => {
    const world = new MemoryWorld(onlySales);
    const sales = { record: { department: 'Sales' } };
    world.directory.set(
      person('u1', sales),
      person('u2', { record: { department: 'IT' } }),
      person('u3', { ...sales, state: 'STAGED' }),
      person('u4', { ...sales, email: 'nonsense' }),
      person('u5', { ...sales, email: null }),
    );
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({
      listed: 5,
      inScope: 1,
      outOfScope: 1,
      skipped: 1,
      problem: 2,
    });
    expect(
      records.filter(({ status }) => status === 'reported').map(({ reason }) => reason),
    ).toEqual([
      expect.stringContaining('malformed e-mail address'),
      expect.stringContaining('no e-mail address'),
    ]);
  });
});

describe('a run over an unchanged directory', () => {
  it('writes no member, no record, and five documents in all', async () => {
    const world = new MemoryWorld();
    for (let i = 0; i < 20; i += 1) world.directory.set(person(`u${i}`));
    await world.sync();
    Object.assign(world.writes, { members: 0, records: 0, runs: 0, leases: 0 });
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ unchanged: 20, create: 0, update: 0 });
    expect(world.writes).toEqual({ members: 0, records: 0, runs: 3, leases: 2 });
  });
});

describe('status sync', () => {
  it('deactivates a suspended user after asking for the full record, and reactivates the user later', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED', record: { department: 'IT' } }));
    const gone = await world.sync();
    expect(gone.records).toMatchObject([
      {
        action: 'deactivate',
        confirmed: true,
        cause: 'suspended',
        reason: expect.stringContaining('suspended'),
      },
    ]);
    expect(world.directory.asked).toContain('u1');
    expect(world.member('u1')).toMatchObject({ status: 'inactive', fields: { department: 'IT' } });
    world.directory.set(person('u1'));
    const back = await world.sync();
    expect(back.run.counts).toMatchObject({ reactivate: 1, update: 0 });
    expect(world.member('u1')).toMatchObject({ status: 'active', inactiveCause: null, fields: {} });
  });

  it('drops a removal that the full record does not confirm', async () => {
    const world = new MemoryWorld(onlySales);
    world.directory.set(person('u1', { record: { department: 'Sales' } }), person('u2'));
    await world.sync();
    world.directory.set(person('u1'));
    world.directory.byId.set('u1', person('u1', { record: { department: 'Sales' } }));
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run.counts).toMatchObject({ inScope: 1, outOfScope: 1, unchanged: 1, deactivate: 0 });
    expect(world.member('u1')).toMatchObject({ status: 'active' });
  });

  it('leaves a member unchanged whose record can not be read by id, and reports it', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    world.directory.failing.add('u1');
    const { run, records } = await world.sync();
    expect(records).toMatchObject([{ externalId: 'u1', action: 'problem', status: 'reported' }]);
    expect(run.counts).toMatchObject({ listed: 2, inScope: 1, problem: 1, deactivate: 0 });
    expect(world.member('u1')).toMatchObject({ status: 'active' });
  });

  it('deletes where deletion was chosen', async () => {
    const world = new MemoryWorld(withStatus({ deactivated: 'delete', deleted: 'delete' }));
    world.directory.set(person('u1'), person('u2'), person('u3'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    world.directory.people.delete('u2');
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ delete: 2, gone: 1, applied: 2 });
    expect([...world.members.all.values()].map(({ externalId }) => externalId)).toEqual(['u3']);
  });

  it('ignores the source where it is set to', async () => {
    const world = new MemoryWorld(withStatus({ mode: 'ignore' }));
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    world.directory.people.delete('u2');
    const { records } = await world.sync();
    expect(records).toEqual([]);
  });

  it('decides memberOf removals on the user’s own group list', async () => {
    const world = new MemoryWorld({
      criteria: { users: { conditions: [{ memberOf: 'Engineers' }] } },
    });
    const members = new Set(['u1', 'u2']);
    world.directory.groups.set('g1', { name: 'Engineers', members });
    world.directory.set(person('u1'), person('u2'), person('u3'));
    await world.sync();
    world.directory.walkGroupMembers = async function* () {
      yield ['u2'];
      return null;
    };
    expect((await world.sync()).records).toEqual([]);
    members.delete('u1');
    expect((await world.sync()).records).toMatchObject([
      { externalId: 'u1', action: 'deactivate' },
    ]);
  });
});

describe('a field that can not be computed', () => {
  it('stays as it was, is named, and does not stop the rest', async () => {
    const world = new MemoryWorld({
      mapping: {
        email: { attribute: 'email' },
        jobTitle: { attribute: 'jobTitle' },
        displayName: { expression: '$number(jobTitle)' },
      },
    });
    world.directory.set(person('u1', { record: { jobTitle: '7' } }));
    await world.sync();
    world.directory.set(person('u1', { record: { jobTitle: 'Clerk' } }));
    const { run, records } = await world.sync();
    expect(world.member('u1')?.fields).toMatchObject({ jobTitle: 'Clerk', displayName: '7' });
    expect(records).toMatchObject([
      { action: 'update', reason: expect.stringContaining('displayName') },
    ]);
    expect(run.warnings.join()).toContain('displayName');
    const again = await world.sync();
    expect(again.run.counts).toMatchObject({ listed: 1, inScope: 0, problem: 1 });
    expect(again.records).toMatchObject([
      { action: 'problem', reason: expect.stringContaining('displayName') },
    ]);
  });
});

describe('a preview', () => {
  it('plans and writes no member', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    const { run, records } = await world.sync('plan');
    expect(run).toMatchObject({ status: 'planned', counts: { create: 1, applied: 0 } });
    expect(run.finishedAt).not.toBeNull();
    expect(records).toMatchObject([{ action: 'create', status: 'planned' }]);
    expect(world.members.all.size).toBe(0);
  });
});

describe('members kept from a removed store', () => {
  it('are linked again by origin and source id', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1', { email: 'new@acme.test' }));
    const kept = aMember({
      id: 'old.u1',
      storeId: null,
      keptFrom: { directory: 'jumpcloud', orgId: 'org1' },
    });
    world.members.all.set(kept.id, kept);
    const { records } = await world.sync();
    expect(records).toMatchObject([{ action: 'adopt', memberId: 'old.u1' }]);
    expect(world.members.all.get('old.u1')).toMatchObject({
      storeId: 'store1',
      keptFrom: null,
      emailKey: 'new@acme.test',
    });
    expect(world.members.all.size).toBe(1);
  });

  it('joins what went wrong and what would be right to sentences', async () => {
    const world = new MemoryWorld({ criteria: { users: { conditions: [{ memberOf: 'qa' }] } } });
    const hint = 'Name a group.';
    const failures = ['no group "qa". Did you mean QA?', 'no group "qa".', 'no group "qa"'];
    const said: string[] = [];
    for (const message of failures) {
      world.directory.resolveGroups = async () => {
        throw new SourceError('fatal', 'group-missing', message, { hint });
      };
      said.push((await world.sync()).run.error?.message ?? '');
    }
    expect(said).toEqual([
      'no group "qa". Did you mean QA? Name a group.',
      'no group "qa". Name a group.',
      'no group "qa". Name a group.',
    ]);
  });
});
