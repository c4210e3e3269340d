import { setImmediate } from 'node:timers/promises';
import type { Run } from '../../../src/core/model/run.ts';
import { executeRun } from '../../../src/sync/run/execute-run.ts';
import type { RunOutcome, SyncPorts } from '../../../src/sync/run/run-ports.ts';
import type { Person } from '../../fakes/memory-directory.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const person = (id: string, parts: Partial<Person> = {}): Person => ({
  id,
  email: `${id}@acme.test`,
  ...parts,
});

/**
 * Users of every kind: changed, moved, swapped, new, gone, suspended, with a problem or a conflict.
 */
async function someWorld(): Promise<MemoryWorld> {
  const world = new MemoryWorld();
  const ids = Array.from({ length: 12 }, (_, at) => `u${at + 10}`);
  world.directory.set(...ids.map((id) => person(id)));
  await world.sync();
  world.directory.people.delete('u11');
  world.directory.set(
    person('u10', { record: { firstname: 'Ada' } }),
    person('u12', { state: 'SUSPENDED' }),
    person('u13', { email: 'u14@acme.test' }),
    person('u14', { email: 'u13@acme.test' }),
    person('u15', { email: 'nonsense' }),
    person('u90'),
    person('u91', { email: 'u16@acme.test' }),
  );
  return world;
}

/** A run with an approval that is to be carried out. */
async function approvedWorld(): Promise<{ readonly world: MemoryWorld; readonly run: Run }> {
  const world = new MemoryWorld();
  const ids = Array.from({ length: 9 }, (_, at) => `u${at + 10}`);
  world.directory.set(...ids.map((id) => person(id)));
  await world.sync();
  world.directory.set(...ids.slice(1).map((id) => person(id, { state: 'SUSPENDED' })));
  const { run } = await world.sync();
  expect(run.status).toBe('held');
  const decision = {
    verdict: 'approve',
    people: null,
    rejected: [],
    by: 'cli:ada',
    at: world.clock.now(),
  };
  const opened = await world.runs.openDecision(run.id, { ...decision, verdict: 'approve' });
  if (opened === null) throw new Error('the run could not be opened');
  return { world, run: opened };
}

interface Stall {
  /** The call of a port at which it stalls, counted from 1. */
  readonly at: number;
  /** Sent to the database, past every check; or already answered. */
  readonly place: 'in flight' | 'behind';
  readonly meanwhile: () => Promise<void>;
}

/** Ports that stop at one call until something else has happened, as a paused process does. */
function stalling(ports: SyncPorts, stall: Stall): SyncPorts {
  let calls = 0;
  const slow = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          calls += 1;
          const isHere = calls === stall.at;
          if (isHere && stall.place === 'in flight') await stall.meanwhile();
          const answer: unknown = await Reflect.apply(method, target, args);
          if (isHere && stall.place === 'behind') await stall.meanwhile();
          return answer;
        };
      },
    });
  const { stores, members, records, runs } = ports;
  return {
    ...ports,
    stores: slow(stores),
    members: slow(members),
    records: slow(records),
    runs: slow(runs),
  };
}

const execute = (ports: SyncPorts, runId: string, holder: string): Promise<RunOutcome> =>
  executeRun(ports, runId, {
    holder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

type Meanwhile = (world: MemoryWorld, runId: string) => Promise<void>;

const endedBySecond: Meanwhile = async (world, runId) => {
  expect(await execute(world.ports, runId, 'second')).toMatchObject({ outcome: 'ended' });
};
const cancelledBySecond: Meanwhile = async (world, runId) => {
  const run = await world.runs.get(runId);
  if (run !== null) world.runs.all.set(runId, { ...run, cancelRequested: true });
  await endedBySecond(world, runId);
};
const takenUpBySecond: Meanwhile = async (world, runId) => {
  const run = await world.runs.get(runId);
  if (run !== null) world.runs.all.set(runId, { ...run, holder: 'second' });
};

interface Trial {
  readonly place: Stall['place'];
  readonly meanwhile: Meanwhile;
  readonly prepare: () => Promise<{ readonly world: MemoryWorld; readonly run: Run }>;
  /** The state that must be the same at the end as when the first worker woke up. */
  readonly look: (world: MemoryWorld) => string;
}

/**
 * Lets a worker stall past its lease at every call of its ports, one trial each, and continue when
 * the other has done its part. Returns the calls after which it left a trace.
 */
async function tracesOf({ place, meanwhile, prepare, look }: Trial): Promise<readonly number[]> {
  const traces: number[] = [];
  // The first two calls, which read the run and its store, come before the lease.
  for (let at = 3; ; at += 1) {
    const { world, run } = await prepare();
    const pauses: Promise<string>[] = [];
    const pause = async (): Promise<string> => {
      world.clock.nowMs += 31_000;
      world.leases.holders.delete('store1');
      await meanwhile(world, run.id);
      return look(world);
    };
    const late = stalling(world.ports, {
      at,
      place,
      async meanwhile() {
        pauses.push(pause());
        await Promise.all(pauses);
      },
    });
    await execute(late, run.id, 'first');
    // A call made ahead of need may stall: the worker then finds out elsewhere, and ends before it.
    const [woken] = await Promise.all(pauses);
    if (woken === undefined) {
      if (at < 10) throw new Error(`the run made only ${at - 1} calls`);
      return traces;
    }
    await setImmediate();
    if (look(world) !== woken) traces.push(at);
  }
}

/**
 * Except for the seq of records: a plan made twice gives people other numbers, and is otherwise the
 * same.
 */
const all = ({ members, records, runs }: MemoryWorld): string =>
  JSON.stringify([[...members.all], [...records.all], [...runs.all]], (key, value: unknown) =>
    key === 'seq' ? undefined : value,
  );
const runsAlone = ({ runs }: MemoryWorld): string => JSON.stringify([...runs.all]);

const aSync = async () => {
  const world = await someWorld();
  return { world, run: await world.enqueue() };
};
/** A run interrupted while it listed, between the record of a new person and the member. */
const aResumedSync = async () => {
  const { world, run } = await aSync();
  const insert = world.members.insertMany.bind(world.members);
  world.members.insertMany = async () => {
    throw new Error('the process was killed');
  };
  await expect(world.execute(run.id)).rejects.toThrow('killed');
  world.members.insertMany = insert;
  expect(world.records.ofRun(run.id).map(({ status }) => status)).toContain('applied');
  return { world, run };
};

describe.each([
  ['a sync', aSync],
  ['a sync taken up again', aResumedSync],
  ['an approval', approvedWorld],
])('a worker that stalls past its lease, anywhere in %s', (_, prepare) => {
  it('changes nothing when another one has ended the run meanwhile', async () => {
    const trial = { place: 'behind', meanwhile: endedBySecond, prepare, look: all } as const;
    expect(await tracesOf(trial)).toEqual([]);
  });

  it('changes nothing when the run was cancelled meanwhile', async () => {
    const trial = { place: 'behind', meanwhile: cancelledBySecond, prepare, look: all } as const;
    expect(await tracesOf(trial)).toEqual([]);
  });

  it('can not change a run that another worker has claimed, not even by a write already sent', async () => {
    const trial = {
      place: 'in flight',
      meanwhile: takenUpBySecond,
      prepare,
      look: runsAlone,
    } as const;
    expect(await tracesOf(trial)).toEqual([]);
  });
});

describe.each([
  ['a sync', aSync],
  ['an approval', approvedWorld],
])('a write of %s that was already sent when its worker stalled', (_, prepare) => {
  it('changes nothing when another worker has ended the run meanwhile', async () => {
    const trial = { place: 'in flight', meanwhile: endedBySecond, prepare, look: all } as const;
    expect(await tracesOf(trial)).toEqual([]);
  });
});
