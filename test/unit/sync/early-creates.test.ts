import { setImmediate } from 'node:timers/promises';
import { SourceError } from '../../../src/core/errors.ts';
import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { Stopped } from '../../../src/sync/run/lease.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const idOf = (number: number): string => `u${String(number).padStart(4, '0')}`;
const person = (number: number, parts: Partial<Person> = {}): Person => ({
  id: idOf(number),
  email: `${idOf(number)}@acme.test`,
  ...parts,
});

/** More people than one batch of writes takes. */
const people = 1200;
const pageSize = 100;

function largeWorld(
  parts: (number: number) => Partial<Person> = () => ({}),
  config: Partial<StoreConfig> = {},
): MemoryWorld {
  const world = new MemoryWorld(config);
  world.directory.pageSize = pageSize;
  for (let number = 0; number < people; number += 1) {
    world.directory.set(person(number, parts(number)));
  }
  return world;
}

/** A run whose source fails on its last page. */
async function failedRun(world: MemoryWorld) {
  world.directory.onPage = (page) => {
    if (page === people / pageSize) throw new SourceError('fatal', 'source-failed', 'it is down');
  };
  const failed = await world.sync();
  world.directory.onPage = () => undefined;
  return failed;
}

describe('people without a possible conflict', () => {
  it('are members before the listing has ended', async () => {
    const world = largeWorld();
    const seen: number[] = [];
    world.directory.onPage = () => seen.push(world.members.all.size);
    const { run, records } = await world.sync();
    expect(seen.at(-1)).toBeGreaterThan(0);
    expect(run.counts).toMatchObject({ create: people, applied: people, unchanged: 0 });
    expect(new Set(records.map(({ seq }) => seq)).size).toBe(people);
  });

  it('are created by no preview', async () => {
    const world = largeWorld();
    const { run } = await world.sync('plan');
    expect(run).toMatchObject({ status: 'planned', counts: { create: people, applied: 0 } });
    expect(world.members.all.size).toBe(0);
  });

  it('wait for the whole plan when a group list decides who is in scope', async () => {
    const criteria = { users: { conditions: [{ memberOf: 'Engineers' }] } };
    const world = largeWorld(() => ({}), { criteria });
    const members = new Set(world.directory.people.keys());
    world.directory.groups.set('g1', { name: 'Engineers', members });
    let early = 0;
    world.directory.onPage = () => {
      early = Math.max(early, world.members.all.size);
    };
    const { run } = await world.sync();
    expect(early).toBe(0);
    expect(run.counts).toMatchObject({ create: people, applied: people });
  });

  it('stay when the source fails later, are counted, and are not created again', async () => {
    const world = largeWorld();
    const { run, records } = await failedRun(world);
    const made = world.members.all.size;
    expect(made).toBeGreaterThan(0);
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'source-failed' },
      counts: { create: made, applied: made, failed: 0 },
    });
    expect(new Set(records.map(({ memberId }) => memberId))).toEqual(
      new Set(world.members.all.keys()),
    );
    const next = await world.sync();
    expect(next.run.counts).toMatchObject({ create: people - made, unchanged: made });
  });

  it.each(['fails', 'is cancelled'])('are the only change of a listing that %s', async (how) => {
    const world = largeWorld();
    await world.sync();
    const before = structuredClone(world.members.all);
    // Every second member has another name, every third has left, and as many new people are added.
    for (let number = 0; number < people; number += 2) {
      world.directory.set(person(number, { record: { firstname: 'Ada' } }));
    }
    for (let number = 0; number < people; number += 3) world.directory.people.delete(idOf(number));
    for (let number = people; number < 2 * people; number += 1) world.directory.set(person(number));
    const { id } = await world.enqueue();
    world.directory.onPage = (page) => {
      if (page * pageSize < 1.5 * people) return;
      if (how === 'fails') throw new SourceError('fatal', 'source-failed', 'it is down');
      throw new Stopped('cancelled');
    };
    await world.execute(id);
    const run = await world.runs.get(id);
    expect(run?.status).toBe(how === 'fails' ? 'failed' : 'cancelled');
    const created = [...world.members.all.keys()].filter((memberId) => !before.has(memberId));
    expect(created.length).toBeGreaterThan(0);
    expect(run?.counts).toMatchObject({ create: created.length, applied: created.length });
    for (const [memberId, member] of before) {
      expect(world.members.all.get(memberId)).toEqual(member);
    }
  });

  it('have a failed record when their address was taken in the last moment', async () => {
    const world = largeWorld();
    const insert = world.members.insertMany.bind(world.members);
    world.members.insertMany = async ([first, ...rest]) => {
      const { applied } = await insert(rest);
      return {
        applied,
        failed: [
          { recordId: first?.lastRecord ?? '', code: 'address-taken', error: 'it is taken' },
        ],
      };
    };
    const { run, records } = await world.sync();
    const failed = records.filter(({ status }) => status === 'failed');
    expect(failed.every(({ error }) => error === 'it is taken')).toBe(true);
    expect(run).toMatchObject({
      status: 'failed',
      counts: { create: people, applied: people - failed.length, failed: failed.length },
    });
    expect(world.members.all.size).toBe(people - failed.length);
  });
});

describe('one address for two new users, far apart', () => {
  const both = { email: 'same@acme.test' };
  it('goes to the lower id, and the other is a conflict that says so', async () => {
    const world = largeWorld((number) => (number === 1 || number === people - 1 ? both : {}));
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: people - 1, conflict: 1, applied: people - 1 });
    expect(records.find(({ action }) => action === 'conflict')).toMatchObject({
      externalId: idOf(people - 1),
      reason: expect.stringContaining(idOf(1)),
    });
  });

  it('is a conflict for the second on the same page as well', async () => {
    const world = largeWorld((number) => (number === 1 || number === 2 ? both : {}));
    const { run } = await world.sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { conflict: 1 } });
    expect(world.member(idOf(1))?.emailKey).toBe(both.email);
  });

  it('waits for a member that moves to it before', async () => {
    const world = new MemoryWorld();
    world.directory.set(person(1));
    await world.sync();
    world.directory.set(person(1, both), person(2, both));
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ update: 1, conflict: 1, applied: 1 });
    expect(world.member(idOf(1))?.fields.email).toBe(both.email);
  });

  it('is lost to a member that only wants it later', async () => {
    const world = new MemoryWorld();
    world.directory.set(person(9));
    await world.sync();
    world.directory.set(person(1, both), person(9, both));
    const { run, records } = await world.sync();
    expect(run.counts).toMatchObject({ create: 1, conflict: 1, applied: 1 });
    expect(records.find(({ action }) => action === 'conflict')?.reason).toContain(idOf(1));
    expect(world.member(idOf(9))?.fields.email).toBe(person(9).email);
  });
});

/** A listing whose worker dies between the records of some people and their members. */
async function interrupted(world: MemoryWorld): Promise<string> {
  const { id } = await world.enqueue();
  const insert = world.members.insertMany.bind(world.members);
  let batches = 0;
  world.members.insertMany = async (members) => {
    batches += 1;
    // One batch is written, one in part, one not at all.
    if (batches > 1) await insert(members.slice(0, batches === 2 ? 10 : 0));
    else return insert(members);
    throw new Error('the process was killed');
  };
  await expect(world.execute(id)).rejects.toThrow('killed');
  world.members.insertMany = insert;
  await setImmediate();
  return id;
}

const appliedOf = (world: MemoryWorld, runId: string) =>
  world.records.ofRun(runId).filter(({ status }) => status === 'applied');

describe('a listing that is interrupted between records and members', () => {
  it('completes them when it is claimed again, each once', async () => {
    const world = largeWorld();
    const id = await interrupted(world);
    expect(appliedOf(world, id).length).toBeGreaterThan(world.members.all.size);
    expect(await world.execute(id)).toMatchObject({
      run: {
        status: 'succeeded',
        counts: { listed: people, create: people, applied: people, unchanged: 0 },
      },
    });
    expect(world.members.all.size).toBe(people);
    const records = world.records.ofRun(id);
    expect(new Set(records.map(({ seq }) => seq)).size).toBe(people);
    for (const { id: recordId, memberId } of records) {
      expect(world.members.all.get(memberId ?? '')).toMatchObject({
        revision: 1,
        lastRecord: recordId,
      });
    }
  });

  it('leaves later changes at the source of the created people to the next run', async () => {
    const world = largeWorld();
    const id = await interrupted(world);
    world.directory.set(person(0, { record: { department: 'Sales' } }));
    world.directory.people.delete(idOf(1));
    await world.execute(id);
    expect(world.members.all.size).toBe(people);
    const { run } = await world.sync();
    expect(run.counts).toMatchObject({ update: 1, deactivate: 1, unchanged: people - 2 });
  });

  it('does not restore a person who was erased meanwhile', async () => {
    const world = largeWorld();
    const id = await interrupted(world);
    const [first] = appliedOf(world, id);
    world.records.all.set(first?.id ?? '', { ...first, changes: [], email: null } as never);
    world.members.all.delete(first?.memberId ?? '');
    world.directory.people.delete(first?.externalId ?? '');
    await world.execute(id);
    expect(world.members.all.has(first?.memberId ?? '')).toBe(false);
  });

  it('does not restore a member that was removed meanwhile', async () => {
    const world = largeWorld();
    const id = await interrupted(world);
    const [first] = appliedOf(world, id).filter(({ memberId }) =>
      world.members.all.has(memberId ?? ''),
    );
    // As a push does, which takes no lease.
    world.members.all.delete(first?.memberId ?? '');
    world.directory.people.delete(first?.externalId ?? '');
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'succeeded', counts: { listed: people - 1, create: people - 1 } },
    });
    expect(world.members.all.has(first?.memberId ?? '')).toBe(false);
  });

  it('creates again the members that could not be created before', async () => {
    const world = largeWorld();
    const { id } = await world.enqueue();
    const insert = world.members.insertMany.bind(world.members);
    world.members.insertMany = async ([first, ...rest]) => {
      world.members.insertMany = async () => {
        throw new Error('the process was killed');
      };
      const { applied } = await insert(rest);
      return {
        applied,
        failed: [
          { recordId: first?.lastRecord ?? '', code: 'address-taken', error: 'it is taken' },
        ],
      };
    };
    await expect(world.execute(id)).rejects.toThrow('killed');
    world.members.insertMany = insert;
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'succeeded', counts: { create: people, applied: people, failed: 0 } },
    });
    expect(new Set(world.records.ofRun(id).map(({ seq }) => seq)).size).toBe(people);
  });

  it('counts none of them as created when it is cancelled instead', async () => {
    const world = largeWorld();
    const id = await interrupted(world);
    const run = await world.runs.get(id);
    if (run !== null) world.runs.all.set(id, { ...run, cancelRequested: true });
    const made = world.members.all.size;
    expect(await world.execute(id)).toMatchObject({
      run: { status: 'cancelled', counts: { applied: made } },
    });
    expect(appliedOf(world, id)).toHaveLength(made);
    expect(world.members.all.size).toBe(made);
  });
});
