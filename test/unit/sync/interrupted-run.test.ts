import { Cancelled } from '../../../src/core/errors.ts';
import { addMember } from '../../../src/manage/members/edit-member.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import { person, renamed } from '../../builders/listed-person.ts';
import { actor, MemoryWorld } from '../../fakes/memory-world.ts';

describe('a run that is interrupted', () => {
  it('is handed back while it lists, and lists again', async () => {
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

  it('continues with the records that are still planned, and applies nothing twice', async () => {
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

  it('counts written records as applied, though it is cancelled before it is resumed', async () => {
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

  it('finishes an edit by hand whose process died, and lists nothing for it', async () => {
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

  it('is given up when it is interrupted a sixth time without progress', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'));
    world.directory.organizations = async () => {
      throw new TypeError('a bug');
    };
    const { id } = await world.enqueue();
    for (let i = 0; i < 6; i += 1) await expect(world.execute(id)).rejects.toThrow('a bug');
    expect(await world.execute(id)).toMatchObject({
      run: {
        status: 'failed',
        error: {
          code: 'gave-up',
          message: expect.stringContaining('interrupted 6 times without progress'),
        },
      },
    });
  });

  it('resumes when the last resume that is allowed applied a record', async () => {
    const world = new MemoryWorld();
    world.directory.set(person('u1'), person('u2'));
    await world.sync();
    world.directory.set(renamed('u1'), renamed('u2'));
    const { id } = await world.enqueue();
    const update = world.members.updateMany.bind(world.members);
    const markApplied = world.records.markApplied.bind(world.records);
    world.members.updateMany = async () => {
      throw new Error('a bug');
    };
    for (let i = 0; i < 5; i += 1) await expect(world.execute(id)).rejects.toThrow('a bug');
    world.members.updateMany = ([first]) => update(first === undefined ? [] : [first]);
    world.records.markApplied = async (ids) => {
      await markApplied(ids.slice(0, 1));
      throw new Error('a bug');
    };
    await expect(world.execute(id)).rejects.toThrow('a bug');
    world.members.updateMany = update;
    world.records.markApplied = markApplied;
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'succeeded', counts: { applied: 2 } },
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

  it('respects a request to cancel that came while no worker had it', async () => {
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

  it('waits for its turn when another worker has the lease', async () => {
    const world = new MemoryWorld();
    world.leases.holders.set('store1', 'somebody');
    const { id } = await world.enqueue();
    expect(await world.execute(id)).toEqual({ outcome: 'lease-taken' });
    expect((await world.runs.get(id))?.status).toBe('queued');
  });
});
