import { addMember } from '../../../src/manage/members/edit-member.ts';
import { person, withStatus } from '../../builders/listed-person.ts';
import { aMember } from '../../builders/models.ts';
import { actor, MemoryWorld } from '../../fakes/memory-world.ts';

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

  it('of a member kept from a removed store are free for the user who has them now', async () => {
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

  it('of others are a conflict, and so is each claim that relied on the move', async () => {
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

  it('of a gone member go to the user who has them now, who inherits nothing', async () => {
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

describe('a status set by hand', () => {
  it('keeps a member inactive until it is changed by hand', async () => {
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
