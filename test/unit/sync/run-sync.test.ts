import { Cancelled, SourceError } from '../../../src/core/errors.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { addMember } from '../../../src/manage/members/edit-member.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import { aMember, statusSync } from '../../builders/models.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { actor, MemoryWorld } from '../../fakes/memory-world.ts';

const person = (id: string, parts: Partial<Person> = {}): Person => ({
  id,
  email: `${id}@acme.test`,
  ...parts,
});
const renamed = (id: string): Person => person(id, { record: { firstname: 'Ada' } });
const withStatus = (parts: Partial<typeof statusSync>): Partial<StoreConfig> => ({
  settings: { statusSync: { ...statusSync, ...parts } },
});
const onlySales: Partial<StoreConfig> = {
  criteria: {
    users: { conditions: [{ attribute: 'department', operator: 'equals', value: 'Sales' }] },
  },
};

describe('a first run', () => {
  it('creates everyone, and says so in its counts and records', async () => {
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

  it('counts each listed person once, whatever becomes of them', async () => {
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
  it('deactivates a suspended user after asking for the full record, and follows them back', async () => {
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

  it('drops a removal that the full record does not bear out', async () => {
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

  it('leaves somebody alone whose record can not be read by id, and reports them', async () => {
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

  it('ignores the source where it was told to', async () => {
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
    };
    expect((await world.sync()).records).toEqual([]);
    members.delete('u1');
    expect((await world.sync()).records).toMatchObject([
      { externalId: 'u1', action: 'deactivate' },
    ]);
  });
});

describe('people who are no longer listed', () => {
  const leave = async (prepare: (world: MemoryWorld) => void) => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 8; i += 1) world.directory.set(person(`u${i}`));
    await world.sync();
    prepare(world);
    return { world, ...(await world.sync()) };
  };

  it('are deactivated once a request by id says 404, and counted as gone from then on', async () => {
    const { world, run, records } = await leave(({ directory }) => directory.people.delete('u3'));
    expect(records).toMatchObject([
      { externalId: 'u3', action: 'deactivate', cause: 'gone', status: 'applied' },
    ]);
    expect(run.counts).toMatchObject({ gone: 1, deactivate: 1, listed: 7 });
    world.directory.asked.length = 0;
    const again = await world.sync();
    expect(again.run.counts).toMatchObject({ gone: 1, deactivate: 0 });
    expect(again.records).toEqual([]);
    expect(world.directory.asked).toEqual([]);
  });

  it('are only counted when they were inactive already, and not asked for again', async () => {
    const { world } = await leave(({ directory }) =>
      directory.set(person('u3', { state: 'SUSPENDED' })),
    );
    world.directory.people.delete('u3');
    const preview = await world.sync('plan');
    expect(preview.run.counts).toMatchObject({ gone: 1 });
    expect(world.member('u3')?.inactiveCause).toBe('suspended');
    const { run, records } = await world.sync();
    expect(records).toEqual([]);
    expect(run.counts).toMatchObject({ gone: 1, update: 0, deactivate: 0 });
    world.directory.asked.length = 0;
    expect((await world.sync()).run.counts).toMatchObject({ gone: 1 });
    expect(world.directory.asked).toEqual([]);
  });

  it('stay when one of them answers by id: the listing is incomplete', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      directory.people.delete('u5');
      directory.byId.set('u5', person('u5'));
    });
    expect(run).toMatchObject({ status: 'succeeded', certificate: { complete: false } });
    expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
    expect(run.warnings.join()).toContain('u5');
    expect(world.member('u3')?.status).toBe('active');
  });

  it('stay when the source withholds rows, and the rest goes on', async () => {
    const { run } = await leave(({ directory }) => {
      directory.withheld.add('u3');
      directory.set(person('u9'));
    });
    expect(run.certificate).toMatchObject({
      complete: false,
      walks: 3,
      distinct: 8,
      totalAfter: 9,
    });
    expect(run.counts).toMatchObject({ create: 1, deactivate: 0, gone: 0 });
  });

  it('stay when the listing broke at a seam', async () => {
    const { run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      directory.broken = 'two pages do not meet';
    });
    expect(run.certificate?.complete).toBe(false);
    expect(run.warnings.join()).toContain('two pages do not meet');
    expect(run.counts.deactivate).toBe(0);
  });

  it('stay when a listed user is not found by id either', async () => {
    const { run, records } = await leave(({ directory }) => {
      directory.people.delete('u3');
      for (const id of directory.people.keys()) directory.byId.set(id, null);
    });
    expect(run.counts).toMatchObject({ gone: 0, deactivate: 0 });
    expect(records).toMatchObject([{ externalId: 'u3', action: 'problem', status: 'reported' }]);
  });

  it('stay, and the run fails, when nobody at all is listed', async () => {
    const { world, run, records } = await leave(({ directory }) => directory.people.clear());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'empty-listing' } });
    expect(records).toEqual([]);
    expect([...world.members.all.values()].every(({ status }) => status === 'active')).toBe(true);
  });

  it('fails when the source answers for nobody by id', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.people.delete('u3');
      for (let i = 1; i <= 8; i += 1) directory.failing.add(`u${i}`);
    });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'source-failed' } });
    expect(world.member('u3')?.status).toBe('active');
  });

  it('stay, though listed, when a 404 comes with an incomplete listing', async () => {
    const { world, run } = await leave(({ directory }) => {
      directory.set(person('u3', { state: 'SUSPENDED' }));
      directory.byId.set('u3', null);
      directory.broken = 'two pages do not meet';
    });
    expect(run.counts).toMatchObject({ problem: 1, deactivate: 0 });
    expect(world.member('u3')?.status).toBe('active');
  });

  it('are found on a second walk', async () => {
    const { run } = await leave(({ directory }) => {
      directory.withheld.add('u3');
      directory.onPage = (page) => {
        if (page === 3) directory.withheld.clear();
      };
    });
    expect(run.certificate).toMatchObject({ complete: true, walks: 2, distinct: 8 });
    expect(run.counts).toMatchObject({ listed: 8, unchanged: 8, gone: 0 });
  });
});

describe('e-mail addresses', () => {
  it('can be swapped', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(
      person('u1', { email: 'u2@acme.test' }),
      person('u2', { email: 'u1@acme.test' }),
    );
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { update: 2, conflict: 0 } });
    expect(world.member('u1')).toMatchObject({
      emailKey: 'u2@acme.test',
      fields: { email: 'u2@acme.test' },
    });
    expect(world.member('u2')).toMatchObject({ emailKey: 'u1@acme.test' });
    expect((await world.sync()).records).toEqual([]);
  });

  it('keep their claim when only the case of a letter changes', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    await world.sync();
    world.directory.set(person('u1', { email: 'U1@acme.test' }));
    await world.sync();
    expect(world.member('u1')).toMatchObject({
      emailKey: 'u1@acme.test',
      fields: { email: 'U1@acme.test' },
    });
  });

  it('left by a member kept from a removed store are free for who has them now', async () => {
    const world = new MemoryWorld();
    const origin = { directory: 'jumpcloud', orgId: 'org1' };
    world.members.all.set('old.u1', aMember({ id: 'old.u1', storeId: null, keptFrom: origin }));
    world.directory.set(
      person('u1', { email: 'new@acme.test' }),
      person('u2', { email: 'u1@acme.test' }),
    );
    const { run } = await world.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { adopt: 1, create: 1, conflict: 0 },
    });
    expect((await world.sync()).records).toEqual([]);
  });

  it('that conflict do not keep a suspended user active', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u2', { email: 'u1@acme.test', state: 'SUSPENDED' }));
    const { records } = await world.sync();
    expect(records).toMatchObject([
      {
        action: 'deactivate',
        status: 'applied',
        reason: expect.stringContaining('belongs to the member of user u1'),
      },
    ]);
    expect(world.member('u2')).toMatchObject({ status: 'inactive', emailKey: 'u2@acme.test' });
  });

  it('go to the lower id of two new users; the other is a conflict', async () => {
    const world = new MemoryWorld();
    world.directory.set(
      person('u1', { email: 'Same@acme.test' }),
      person('u2', { email: 'same@acme.test' }),
    );
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: 1, conflict: 1, inScope: 2, applied: 1 });
    expect(records[1]).toMatchObject({
      action: 'conflict',
      status: 'reported',
      reason: expect.stringContaining('u1'),
    });
  });

  it('of others are a conflict, and what counted on the move is one too', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'), person('u3'));
    await world.sync();
    // u3 wants u2's, u2 wants u1's, and u1 stays.
    world.directory.set(
      person('u2', { email: 'u1@acme.test' }),
      person('u3', { email: 'u2@acme.test' }),
    );
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ conflict: 2, update: 0 });
    expect(records.every(({ status }) => status === 'reported')).toBe(true);
    expect(world.member('u3')).toMatchObject({ emailKey: 'u3@acme.test' });
  });

  it('of somebody gone go to the person who has them now, who inherits nothing', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1', { record: { department: 'Sales' } }), person('u2'));
    await world.sync();
    world.directory.people.delete('u1');
    world.directory.set(person('u9', { email: 'u1@acme.test' }));
    const { run, records } = await world.sync();
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { create: 1, deactivate: 1, conflict: 0 },
    });
    expect(records.find(({ externalId }) => externalId === 'u1')?.changes).toContainEqual({
      field: 'emailKey',
      from: 'u1@acme.test',
      to: null,
    });
    expect(world.member('u9')).toMatchObject({
      emailKey: 'u1@acme.test',
      fields: { email: 'u1@acme.test' },
    });
    expect(world.member('u9')?.fields.department).toBeUndefined();
    expect(world.member('u1')).toMatchObject({ status: 'inactive', emailKey: null });
    expect((await world.sync()).records).toEqual([]);
  });

  it('of a member made inactive long ago are released once it is proven gone, even if status is ignored', async () => {
    const world = new MemoryWorld(withStatus({ mode: 'ignore' }));
    world.directory.set(person('u1', { state: 'SUSPENDED' }), person('u2'));
    await world.sync();
    world.directory.people.delete('u1');
    world.directory.set(person('u9', { email: 'u1@acme.test' }));
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ create: 1, update: 1, conflict: 0 });
    expect(world.member('u9')).toMatchObject({ emailKey: 'u1@acme.test' });
  });

  it('of a member added by hand link that member to the directory', async () => {
    const world = new MemoryWorld();
    const hand = await addMember(world.ports, {
      email: 'U1@acme.test',
      firstName: 'Ada',
      lastName: 'Byron',
      actor,
    });
    world.directory.set(person('u1', { record: { firstname: 'Augusta' } }));
    const { records } = await world.sync();
    expect(records).toMatchObject([{ action: 'adopt', status: 'applied', memberId: hand.id }]);
    expect(world.member('u1')).toMatchObject({
      id: hand.id,
      storeId: 'store1',
      fields: { firstName: 'Augusta' },
    });
    expect(world.member('u1')?.fields.lastName).toBeUndefined();
    expect((await world.sync()).records).toEqual([]);
  });
});

describe('a person’s word on the status', () => {
  it('keeps a member inactive until a person says otherwise', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    await world.sync();
    await world.setStatus('u1', 'inactive');
    expect((await world.sync()).records).toEqual([]);
    await world.setStatus('u1', 'active');
    expect(world.member('u1')).toMatchObject({ status: 'active', statusBy: 'sync' });
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    await world.sync();
    expect(world.member('u1')?.status).toBe('inactive');
  });

  it('keeps a suspended user active, until the source agrees and then changes its mind', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1', { state: 'SUSPENDED' }), person('u2'));
    await world.sync();
    await world.setStatus('u1', 'active');
    expect((await world.sync()).records).toEqual([]);
    expect(world.member('u1')).toMatchObject({ status: 'active', statusBy: 'person' });
    world.directory.set(person('u1'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    await world.sync();
    expect(world.member('u1')).toMatchObject({ status: 'inactive', statusBy: 'sync' });
  });
});

describe('a run that cannot trust its source', () => {
  it('leaves no half of a plan behind when it fails while it lists', async () => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 9; i += 1) world.directory.set(person(`u${i}`));
    world.directory.onPage = (page) => {
      if (page === 3) throw new SourceError('retriable', 'source-failed', '503 for too long');
    };
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'source-failed' } });
    expect(records).toEqual([]);
  });

  it('fails at once on a configuration that it can not work by', async () => {
    const world = new MemoryWorld({ mapping: { email: { attribute: 'email[' } } });
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'bad-configuration', message: expect.stringContaining('mapping.email') },
    });
  });

  it('fails on another organization’s records and writes nothing', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2', { orgId: 'org2' }));
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'other-organization' } });
    expect(world.members.all.size).toBe(0);
    expect(world.stores.all.get('store1')?.status).toBe('needs-reauthorization');
    const asked = world.directory.asked.length;
    const again = await world.sync();
    expect(again.run).toMatchObject({
      status: 'failed',
      error: { code: 'needs-reauthorization' },
      startedAt: expect.any(Date),
    });
    expect(world.directory.asked).toHaveLength(asked);
  });

  it('fails when a group of the criteria is missing', async () => {
    const world = new MemoryWorld({
      criteria: { users: { conditions: [{ memberOf: 'Nobody' }] } },
    });
    world.directory.set(person('u1'));
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'group-missing' },
    });
  });

  it('asks for reauthorization when the credential is refused', async () => {
    const world = new MemoryWorld();
    world.directory.organizations = async () => {
      throw new SourceError('auth', 'source-auth', 'the source refuses the key');
    };
    expect((await world.sync()).run).toMatchObject({
      status: 'failed',
      error: { code: 'source-auth' },
    });
    expect(world.stores.all.get('store1')?.status).toBe('needs-reauthorization');
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

describe('a run that is interrupted', () => {
  it('is handed back while it lists, and lists anew', async () => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 9; i += 1) world.directory.set(person(`u${i}`));
    world.directory.onPage = (page) => {
      if (page === 2) world.worker.abort();
    };
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'handed-back' });
    expect(world.leases.holders.size).toBe(0);
    expect(world.members.all.size).toBe(0);
    world.directory.onPage = () => undefined;
    const next = {
      holder: 'worker2',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    expect(await executeRun(world.ports, id, next)).toMatchObject({
      outcome: 'ended',
      run: { status: 'succeeded', counts: { listed: 9, create: 9, applied: 9 } },
    });
  });

  it('is handed back too when a request is cut off in the middle', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    world.directory.organizations = async () => {
      world.worker.abort();
      throw new Cancelled('the request was cut off');
    };
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'handed-back' });
  });

  it('goes on with the records that are still planned, and applies nothing twice', async () => {
    const world = new MemoryWorld();
    for (let i = 1; i <= 5; i += 1) world.directory.set(person(`u${i}`));
    await world.sync();
    for (let i = 1; i <= 5; i += 1) world.directory.set(renamed(`u${i}`));
    const { id } = await world.enqueue();
    const markApplied = world.records.markApplied.bind(world.records);
    world.records.markApplied = async () => {
      throw new Error('the database went away');
    };
    await expect(world.execute(id)).rejects.toThrow('the database went away');
    world.records.markApplied = markApplied;
    const outcome = await world.execute(id);
    expect(outcome).toMatchObject({
      outcome: 'ended',
      run: { status: 'succeeded', counts: { applied: 5, failed: 0 } },
    });
    const members = [...world.members.all.values()];
    expect(members.map(({ fields }) => fields.firstName)).toEqual(Array(5).fill('Ada'));
    expect(members.every(({ revision }) => revision === 2)).toBe(true);
  });

  it('says of what was written that it is applied, though it is cancelled before it goes on', async () => {
    const world = new MemoryWorld();
    for (let i = 0; i < 5; i += 1) world.directory.set(person(`u${i}`));
    await world.sync();
    for (let i = 0; i < 5; i += 1) world.directory.set(renamed(`u${i}`));
    const { id } = await world.enqueue();
    const markApplied = world.records.markApplied.bind(world.records);
    world.records.markApplied = async () => {
      throw new Error('the process was killed');
    };
    await expect(world.execute(id)).rejects.toThrow('killed');
    world.records.markApplied = markApplied;
    const run = await world.runs.get(id);
    if (run !== null) world.runs.all.set(id, { ...run, cancelRequested: true });
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'cancelled', counts: { applied: 5 } },
    });
    expect(world.records.ofRun(id).every(({ status }) => status === 'applied')).toBe(true);
  });

  it('finishes an edit by hand whose maker died, and lists nothing for it', async () => {
    const world = new MemoryWorld();
    const insert = world.members.insertMany.bind(world.members);
    world.members.insertMany = async () => {
      throw new Error('the command was killed');
    };
    const hand = { email: 'ada@acme.test', firstName: 'Ada', lastName: 'Byron', actor };
    await expect(addMember(world.ports, hand)).rejects.toThrow('killed');
    world.members.insertMany = insert;
    const [run] = [...world.runs.all.values()];
    expect(await world.execute(run?.id ?? '')).toMatchObject({
      outcome: 'ended',
      run: { status: 'succeeded', counts: { create: 1, applied: 1, listed: 0 } },
    });
    expect([...world.members.all.values()]).toMatchObject([{ fields: { firstName: 'Ada' } }]);
  });

  it('is given up after it was taken up five times without getting on', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    world.directory.organizations = async () => {
      throw new TypeError('a bug');
    };
    const { id } = await world.enqueue();
    for (let i = 0; i < 6; i += 1) await expect(world.execute(id)).rejects.toThrow('a bug');
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'failed', error: { code: 'gave-up' } },
    });
  });

  it('is given up too when it applied something once and nothing since', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(renamed('u1'), renamed('u2'));
    const { id } = await world.enqueue();
    const update = world.members.updateMany.bind(world.members);
    world.members.updateMany = async ([first]) => {
      if (first?.id !== 'store1.u1') throw new Error('a bug');
      return update([first]);
    };
    let crashes = 0;
    let outcome: unknown = null;
    while (outcome === null && crashes < 20) {
      const markApplied = world.records.markApplied.bind(world.records);
      world.records.markApplied = async (ids) => {
        await markApplied(ids);
        throw new Error('a bug');
      };
      outcome = await world.execute(id).catch(() => null);
      crashes += 1;
    }
    expect(outcome).toMatchObject({
      run: { status: 'failed', error: { code: 'gave-up' }, counts: { applied: 1 } },
    });
  });

  it('never applies a removal that was not confirmed', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    const keep = world.records.replaceMany.bind(world.records);
    world.records.replaceMany = (records) =>
      keep(records.map((record) => ({ ...record, confirmed: false })));
    const { run, records } = await world.sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'records-failed' } });
    expect(records).toMatchObject([
      { status: 'failed', error: expect.stringContaining('not confirmed') },
    ]);
    expect(world.member('u1')?.status).toBe('active');
  });

  it('heeds a request to cancel that came while no worker had it', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    const { id } = await world.enqueue();
    world.runs.all.set(id, {
      ...(await world.enqueue()),
      id,
      status: 'applying',
      cancelRequested: true,
    });
    expect(await world.execute(id)).toMatchObject({ run: { status: 'cancelled' } });
  });

  it('is cancelled when its store was paused after the schedule had queued it', async () => {
    const world = new MemoryWorld({}, { status: 'paused' });
    const queued = await world.enqueue();
    world.runs.all.set(queued.id, { ...queued, trigger: 'schedule' });
    expect(await world.execute(queued.id)).toMatchObject({ run: { status: 'cancelled' } });
  });

  it('goes before a run that was queued after it', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(person('u1', { state: 'SUSPENDED' }));
    const first = await world.enqueue();
    const updateMany = world.members.updateMany.bind(world.members);
    world.members.updateMany = async () => {
      throw new Error('the process was killed');
    };
    await expect(world.execute(first.id)).rejects.toThrow('killed');
    world.members.updateMany = updateMany;
    world.directory.set(person('u1'));
    const second = await world.enqueue();
    expect(await world.execute(second.id)).toEqual({ outcome: 'lease-taken' });
    expect(await world.execute(first.id)).toMatchObject({ run: { status: 'succeeded' } });
    expect(await world.execute(second.id)).toMatchObject({ run: { counts: { reactivate: 1 } } });
    expect(world.member('u1')?.status).toBe('active');
  });

  it('waits for its turn when somebody else has the lease', async () => {
    const world = new MemoryWorld();
    world.leases.holders.set('store1', 'somebody');
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'lease-taken' });
    expect((await world.runs.get(id))?.status).toBe('queued');
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
});
