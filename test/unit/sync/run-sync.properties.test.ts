import fc from 'fast-check';
import type { Run } from '../../../src/core/model/run.ts';
import type { SourceState } from '../../../src/core/model/source-user.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly state: SourceState;
  readonly department: string;
}

const states: readonly SourceState[] = ['ACTIVATED', 'ACTIVATED', 'SUSPENDED', 'STAGED'];

/** A directory on some day: some of ten people, each with an address of their own. */
const day: fc.Arbitrary<readonly TestPerson[]> = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1 }),
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { minLength: 10 }),
    fc.array(fc.tuple(fc.constantFrom(...states), fc.constantFrom('', 'IT', 'Sales')), {
      minLength: 10,
      maxLength: 10,
    }),
  )
  .map(([ids, addresses, traits]) =>
    ids.map((id, index) => ({
      id: `u${id}`,
      email: `e${addresses[index]}@acme.test`,
      state: traits[index]?.[0] ?? 'ACTIVATED',
      department: traits[index]?.[1] ?? '',
    })),
  );

function show(world: MemoryWorld, people: readonly TestPerson[]): void {
  world.directory.people.clear();
  for (const { id, email, state, department } of people) {
    world.directory.set({ id, email, state, record: { department } });
  }
}

/** The differences between members and source after a run. */
function untruths(
  world: MemoryWorld,
  people: readonly TestPerson[],
  before: ReadonlySet<string>,
): readonly string[] {
  const expected = new Map<string, string>();
  for (const { id, email, state, department } of people) {
    if (state === 'STAGED' && !before.has(id)) continue;
    const status =
      state === 'STAGED' ? world.member(id)?.status : state === 'ACTIVATED' ? 'active' : 'inactive';
    expected.set(id, `${id} ${status} ${email} ${email} ${department}`);
  }
  const found = [...world.members.all.values()].map((member) => {
    const { externalId: id, status, emailKey, fields } = member;
    const line = `${id} ${status} ${emailKey} ${fields.email} ${fields.department ?? ''}`;
    const wanted = expected.get(id ?? '');
    expected.delete(id ?? '');
    const isGone = wanted === undefined && status === 'inactive';
    return isGone || line === wanted ? [] : [`is ${line}, should be ${wanted ?? 'inactive'}`];
  });
  return [...found.flat(), ...[...expected.values()].map((line) => `missing: ${line}`)];
}

/**
 * With so few people any change may be over a limit: it is approved, and the next run applies the
 * rest.
 */
async function approveUntilDone(world: MemoryWorld, first: Run): Promise<Run> {
  let run = first;
  while (run.status === 'held') {
    expect(await world.decide(run.id, 'approve')).toMatchObject({ decided: { error: null } });
    run = (await world.sync()).run;
  }
  return run;
}

const membersOf = (world: MemoryWorld) =>
  new Set([...world.members.all.values()].map(({ externalId }) => externalId ?? ''));

describe('any history of a directory', () => {
  it('is followed: after each run every member is as in the source, and a second run writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 4 }), async (days) => {
        const world = new MemoryWorld();
        for (const people of days) {
          const before = membersOf(world);
          show(world, people);
          const run = await approveUntilDone(world, (await world.sync()).run);
          expect(run).toMatchObject({ status: 'succeeded', counts: { conflict: 0, failed: 0 } });
          expect(untruths(world, people, before)).toEqual([]);
          const written = world.writes.members;
          expect((await world.sync()).records).toEqual([]);
          expect(world.writes.members).toBe(written);
        }
      }),
    );
  });

  it('ends the same when the worker dies at any write and another resumes', async () => {
    await fc.assert(
      fc.asyncProperty(day, day, fc.nat(25), async (first, second, deathAt) => {
        const world = new MemoryWorld();
        show(world, first);
        await world.sync();
        const before = membersOf(world);
        show(world, second);
        dieAt(world, deathAt);
        const execute = world.execute.bind(world);
        world.execute = (id) => execute(id).catch(() => execute(id));
        expect(await approveUntilDone(world, (await world.sync()).run)).toMatchObject({
          status: 'succeeded',
        });
        expect(untruths(world, second, before)).toEqual([]);
      }),
    );
  });

  it('removes no member on an incomplete listing', async () => {
    await fc.assert(
      fc.asyncProperty(day, day, fc.boolean(), async (first, second, broken) => {
        const world = new MemoryWorld();
        show(world, first);
        await world.sync();
        const active = [...world.members.all.values()].filter(({ status }) => status === 'active');
        show(world, second);
        if (broken) world.directory.broken = 'pages that do not meet';
        else world.directory.statedTotal = second.length + 1;
        await world.sync();
        const listed = new Set(second.map(({ id }) => id));
        const removed = active.filter(
          ({ id, externalId }) =>
            !listed.has(externalId ?? '') && world.members.all.get(id)?.status !== 'active',
        );
        expect(removed).toEqual([]);
      }),
    );
  });
});

/** Lets the n-th write of members or records fail half-way, once. */
function dieAt(world: MemoryWorld, n: number): void {
  let left = n;
  const strike = () => {
    left -= 1;
    if (left === -1) throw new Error('the worker died');
  };
  const { members, records } = world;
  const insert = members.insertMany.bind(members);
  members.insertMany = async (all) => {
    const applied: string[] = [];
    for (const one of all) {
      strike();
      applied.push(...(await insert([one])).applied);
    }
    return { applied, failed: [] };
  };
  const update = members.updateMany.bind(members);
  members.updateMany = async (all) => {
    const outcomes = [];
    for (const one of all) {
      strike();
      outcomes.push(await update([one]));
    }
    return {
      applied: outcomes.flatMap(({ applied }) => applied),
      failed: outcomes.flatMap(({ failed }) => failed),
    };
  };
  const release = members.releaseEmailKeys.bind(members);
  members.releaseEmailKeys = async (all) => {
    strike();
    await release(all);
  };
  const keep = records.insertMany.bind(records);
  records.insertMany = async (all) => {
    for (const one of all) {
      strike();
      await keep([one]);
    }
  };
  const replace = records.replaceMany.bind(records);
  records.replaceMany = async (all) => {
    for (const one of all) {
      strike();
      await replace([one]);
    }
  };
  const hold = records.hold.bind(records);
  records.hold = async (brake) => {
    await hold(brake);
    strike();
  };
  const decide = records.decide.bind(records);
  records.decide = async (decision) => {
    await decide(decision);
    strike();
  };
  const markApplied = records.markApplied.bind(records);
  records.markApplied = async (ids) => {
    for (const id of ids) {
      strike();
      await markApplied([id]);
    }
  };
}
