import { createPushService } from '../../../src/sync/push/push-service.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

/** A store that is pushed into, with timers that the test fires. */
function openWorld(config: ConstructorParameters<typeof MemoryWorld>[0] = {}) {
  const world = new MemoryWorld(config, { via: 'scim', orgId: '' });
  const { scim, alerts, runs, pushed } = world;
  const ended: string[] = [];
  const pusher = createPushService(
    { ...world.ports, runs, alerts, scim, pushed },
    {
      onRunEnded: ({ id }) => void ended.push(id),
      onGroupsPushed: () => undefined,
      onError: () => undefined,
    },
  );
  return {
    world,
    pusher,
    ended,
    push: async (name: string) => {
      const emails = [{ value: `${name}@acme.test` }];
      const user = await scim.users.insert({
        storeId: 'store1',
        resource: { userName: name, active: true, emails },
      });
      return user === 'taken' ? new Map() : pusher.push('store1', [user.id]);
    },
    pass: async (ms: number) => {
      world.clock.nowMs += ms;
      await jest.advanceTimersByTimeAsync(ms);
    },
  };
}

describe('a run of pushes', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] }));
  afterEach(() => jest.useRealTimers());

  it('ends after five seconds without a push', async () => {
    const { world, ended, push, pass } = openWorld();
    await push('ada');
    await pass(4_000);
    await push('bob');
    await pass(4_000);
    expect(ended).toEqual([]);
    await pass(1_000);
    expect(ended).toHaveLength(1);
    expect([...world.runs.all.values()]).toMatchObject([
      { status: 'succeeded', trigger: 'push', counts: { create: 2, applied: 2 } },
    ]);
  });

  it('ends after a minute, with any number of pushes', async () => {
    const { world, ended, push, pass } = openWorld();
    for (let at = 0; at < 25; at += 1) {
      await push(`user${at}`);
      await pass(3_000);
    }
    expect(ended.length).toBeGreaterThanOrEqual(1);
    const [first] = world.runs.all.values();
    const lastedMs = (first?.finishedAt?.getTime() ?? 0) - (first?.createdAt.getTime() ?? 0);
    expect(lastedMs).toBe(60_000);
  });

  it('joins pushes that arrive while others are at work', async () => {
    const { world, push, pusher } = openWorld();
    const batches: number[] = [];
    const insertMany = world.records.insertMany.bind(world.records);
    world.records.insertMany = async (records) => {
      batches.push(records.length);
      await insertMany(records);
    };
    await Promise.all(Array.from({ length: 20 }, (_, at) => push(`user${at}`)));
    await pusher.endRuns();
    expect(batches.reduce((sum, each) => sum + each, 0)).toBe(20);
    expect(batches.length).toBeLessThan(5);
    expect(world.runs.all.size).toBe(1);
  });

  it('fails the pushes of a failed batch, leaves its plan to a worker, and continues', async () => {
    const { world, push, pusher } = openWorld();
    const insertMany = world.members.insertMany.bind(world.members);
    world.members.insertMany = async () => {
      throw new Error('the database is away');
    };
    await expect(push('ada')).rejects.toThrow('away');
    world.members.insertMany = insertMany;
    await push('bob');
    const [left] = world.runs.all.values();
    expect(left).toMatchObject({ status: 'applying', finishedAt: null });
    await world.execute(left?.id ?? '');
    expect(world.runs.all.get(left?.id ?? '')).toMatchObject({
      status: 'succeeded',
      counts: { create: 1, applied: 1 },
    });
    // Pushed again, there is nothing left to do.
    const [ada] = world.scim.allUsers.keys();
    await pusher.push('store1', [ada ?? '']);
    await pusher.endRuns();
    expect(world.members.all.size).toBe(2);
  });

  it.each([
    ['source-id-taken', 'applied'],
    ['address-taken', 'applied'],
    ['changed', 'applied'],
    ['refused', 'failed'],
  ] as const)('plans anew after a race, whatever its text: %s ends as %s', async (code, status) => {
    const { world, push, pusher } = openWorld();
    const insertMany = world.members.insertMany.bind(world.members);
    world.members.insertMany = async (members) => {
      world.members.insertMany = insertMany;
      return {
        applied: [],
        failed: members.map(({ lastRecord }) => ({ recordId: lastRecord ?? '', code, error: 'x' })),
      };
    };
    await push('ada');
    await pusher.endRuns();
    expect([...world.records.all.values()].flat()).toMatchObject([{ status }]);
  });

  it('looks for all groups that the criteria name at once', async () => {
    const memberOf = Array.from({ length: 500 }, (_, at) => `Group ${at}`);
    const { world, push } = openWorld({ criteria: { users: { conditions: [{ memberOf }] } } });
    const { groups } = world.scim;
    const asked: number[] = [];
    const before = { ...groups };
    groups.namedLike = (storeId, names) => {
      asked.push(names.length);
      return before.namedLike(storeId, names);
    };
    await push('ada');
    expect(asked).toEqual([500]);
  });
});
