import { isUnreadable, type ListedUser } from '../../../../src/core/model/source-user.ts';
import { createConnectDirectory } from '../../../../src/directories/index.ts';
import type { ConnectOptions, SourceDirectory } from '../../../../src/ports/directory.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';

let simulator: Simulator;
afterEach(() => simulator.close());

function connect(options: Partial<ConnectOptions> = {}): SourceDirectory {
  const connectDirectory = createConnectDirectory(
    {
      origins: { JUMPCLOUD_CONSOLE_URL: simulator.url, JUMPCLOUD_OAUTH_URL: simulator.url },
      retryBudgetMs: 10_000,
    },
    { now: Date.now, random: () => 0.5 },
  );
  return connectDirectory({
    directory: 'jumpcloud',
    connection: { region: 'us' },
    credential: { type: 'api-key', apiKey: simulator.apiKey },
    orgId: null,
    signal: new AbortController().signal,
    ...options,
  });
}

async function walk(directory = connect()) {
  const users: ListedUser[] = [];
  let withoutId = 0;
  let inOrder = true;
  const pages = directory.walkUsers();
  for (;;) {
    const next = await pages.next();
    if (next.done) {
      const ids = users.map(({ externalId }) => externalId);
      return { users, ids, withoutId, inOrder, end: next.value };
    }
    users.push(...next.value.users);
    withoutId += next.value.withoutId;
    inOrder &&= next.value.inOrder;
  }
}

describe('listing JumpCloud’s users', () => {
  it('lists 1,000 with twelve requests, each sorted by _id and of 100', async () => {
    simulator = await startSimulator({ users: 1000 });
    const { ids, end } = await walk();
    expect(ids).toEqual(simulator.people.ids);
    expect(end).toEqual({
      broken: null,
      totalBefore: 1000,
      totalAfter: 1000,
      pages: 12,
      requests: 12,
    });
    const listing = simulator.requests.filter(({ path }) => path === '/api/systemusers');
    expect(listing).toHaveLength(12);
    expect(listing.every(({ query }) => query['sort'] === '_id' && query['limit'] === '100')).toBe(
      true,
    );
  });

  it('keeps every field of the record', async () => {
    simulator = await startSimulator({ users: 120 });
    const { users } = await walk();
    expect(users.map((user) => (isUnreadable(user) ? null : user.record))).toEqual(
      simulator.people.all(),
    );
  });

  it('slows down for a rate limit, and still lists all users', async () => {
    simulator = await startSimulator({ users: 600, ratePerSecond: 10 });
    const { ids, end } = await walk();
    expect(ids).toEqual(simulator.people.ids);
    expect(end.broken).toBeNull();
  });

  it.each(['shift-left', 'shift-right', 'hire-midway', 'seam-withheld'])(
    'is whole despite %s',
    async (fault) => {
      simulator = await startSimulator({ users: 450, faults: [fault] });
      const before = [...simulator.people.ids];
      const { ids, end, inOrder } = await walk();
      expect(ids).toEqual(expect.arrayContaining(before.slice(1)));
      expect({ broken: end.broken, inOrder }).toEqual({ broken: null, inOrder: true });
    },
  );

  it.each(['ignore-sort', 'duplicate-row'])(
    'notices a lost order with %s, and still lists all users once',
    async (fault) => {
      simulator = await startSimulator({ users: 450, faults: [fault] });
      const { ids, inOrder } = await walk();
      expect(inOrder).toBe(false);
      expect(ids.toSorted()).toEqual(simulator.people.ids);
    },
  );

  it.each(['cut-listing', 'withhold-rows', 'ignore-skip', 'lying-total-high=500'])(
    'is reported as incomplete with %s',
    async (fault) => {
      simulator = await startSimulator({ users: 450, faults: [fault] });
      const { ids, end } = await walk();
      expect(end.broken !== null || ids.length < end.totalAfter).toBe(true);
    },
  );

  it('counts a row without an id once', async () => {
    simulator = await startSimulator({ users: 250, faults: ['row-without-id=99'] });
    const { ids, withoutId, end } = await walk();
    expect({ listed: ids.length, withoutId, broken: end.broken }).toEqual({
      listed: 249,
      withoutId: 1,
      broken: null,
    });
  });

  it('reads users whose fields have unexpected types', async () => {
    simulator = await startSimulator({ users: 20, faults: ['wrong-types-row=4'] });
    const { users } = await walk();
    expect(users.filter(isUnreadable)).toEqual([]);
    expect(users[4]).toMatchObject({ custom: {}, record: { department: 42 } });
  });
});

describe('signing in to JumpCloud', () => {
  it('works as a service account, and continues when a token expires', async () => {
    simulator = await startSimulator({ users: 300 });
    const directory = connect({
      credential: { type: 'client-credentials', ...simulator.serviceAccount },
    });
    await expect(walk(directory)).resolves.toMatchObject({ ids: simulator.people.ids });
    await expect(directory.organizations()).resolves.toHaveLength(1);
  });

  it('names the organization for a multi-tenant key', async () => {
    const other = { id: 'e'.repeat(24), name: 'Second Ltd', users: 30 };
    simulator = await startSimulator({ users: 20, extraOrganizations: [other] });
    await expect(connect().organizations()).resolves.toHaveLength(2);
    await expect(walk()).rejects.toMatchObject({ kind: 'auth' });
    const directory = connect({ orgId: other.id });
    const { users } = await walk(directory);
    expect(users).toHaveLength(30);
    expect(users.every((user) => !isUnreadable(user) && user.orgId === other.id)).toBe(true);
    await expect(directory.organizations()).resolves.toHaveLength(2);
  });
});

describe('JumpCloud’s groups', () => {
  it('are read completely although pages are short', async () => {
    simulator = await startSimulator({ users: 400, groups: 12, faults: ['short-pages'] });
    const [group] = simulator.people.groups
      .all()
      .toSorted(
        (a, b) =>
          simulator.people.groups.membersOf(b.id).length -
          simulator.people.groups.membersOf(a.id).length,
      );
    const found: string[] = [];
    for await (const page of connect().walkGroupMembers(group?.id ?? '')) found.push(...page);
    expect(found.toSorted()).toEqual(
      [...simulator.people.groups.membersOf(group?.id ?? '')].sort(),
    );
  });

  it.each(['group-members-cut=2', 'null-rows'])(
    'of one user are refused when %s leaves some out',
    async (fault) => {
      simulator = await startSimulator({ users: 5, groups: 12 });
      const [user = ''] = simulator.people.ids;
      const { groups } = simulator.people;
      for (const { id } of groups.all()) groups.addMember(id, user);
      expect(await connect().groupsOf(user)).toHaveLength(12);
      simulator.setFaults([fault]);
      await expect(connect().groupsOf(user)).rejects.toMatchObject({ code: 'user-failed' });
    },
  );

  it('are missing when the source says so, and fail when it fails', async () => {
    simulator = await startSimulator({ users: 20, faults: ['group-missing'] });
    const [group] = simulator.people.groups.all();
    await expect(connect().resolveGroups([group?.name ?? ''])).rejects.toMatchObject({
      code: 'group-missing',
    });
    await expect(
      connect()
        .walkGroupMembers(group?.id ?? '')
        .next(),
    ).rejects.toMatchObject({ code: 'group-missing' });
  });
});
