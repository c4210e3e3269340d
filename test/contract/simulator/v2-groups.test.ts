import type { UserGroup } from '../../../src/simulator/directory/system-user.ts';
import { ask, askJson, simulatorsPerTest } from './asking.ts';

const start = simulatorsPerTest();
type Connection = { readonly to: { readonly id: string } };
type GraphObject = { readonly id: string; readonly type: string };

describe('GET /api/v2/usergroups', () => {
  it('gives a bare list of ten, the total in a header', async () => {
    const simulator = await start({ groups: 15 });
    const reply = await ask(simulator, '/api/v2/usergroups');
    expect(JSON.parse(reply.text)).toHaveLength(10);
    expect(reply.headers.get('x-total-count')).toBe('15');
  });

  it('refuses a limit over 100', async () => {
    expect((await ask(await start(), '/api/v2/usergroups?limit=101')).status).toBe(400);
  });

  it('sorts and projects by comma-separated names', async () => {
    const simulator = await start({ groups: 14 });
    const path = '/api/v2/usergroups?sort=type,-name&fields=name,type&limit=100';
    const groups = await askJson<UserGroup[]>(simulator, path);
    const names = groups.map(({ name }) => name);
    expect(names).toEqual(names.toSorted().toReversed());
    expect(Object.keys(groups[0] ?? {}).toSorted()).toEqual(['id', 'name', 'type']);
  });

  it.each([
    ['name:eq:Sales', ['Sales']],
    ['name:eq:sales', []],
    ['name:eq:S*', ['Sales', 'Support']],
    ['name:search:sup', ['Support']],
    ['name:in:Sales|Finance', ['Finance', 'Sales']],
    ['name:between:Finance|IT', ['Finance', 'IT']],
    ['name:ge:Sales,name:le:Support', ['Sales', 'Support']],
    ['name:gt:Sales,name:lt:VPN', ['Support']],
    ['attributes.sudo.enabled:eq:true', []],
    ['suggestionCounts.total:gt:0', []],
  ])('filters by %s', async (filter, expected) => {
    const path = `/api/v2/usergroups?filter=${encodeURIComponent(filter)}&limit=100`;
    const groups = await askJson<UserGroup[]>(await start({ groups: 8 }), path);
    expect(groups.map(({ name }) => name).toSorted()).toEqual(expected);
  });

  it('keeps a comma in a group’s name', async () => {
    const simulator = await start();
    simulator.people.groups.create('Ops, EMEA');
    const groups = await askJson<UserGroup[]>(
      simulator,
      '/api/v2/usergroups?filter=name:eq:Ops,+EMEA',
    );
    expect(groups).toHaveLength(1);
    const others = '/api/v2/usergroups?filter=name:ne:Ops,+EMEA&limit=100';
    expect(await askJson<UserGroup[]>(simulator, others)).toHaveLength(10);
  });

  it.each(['name:$eq:Sales', 'name', 'email:eq:x', 'name:like:x'])(
    'refuses the filter %s',
    async (filter) => {
      const path = `/api/v2/usergroups?filter=${encodeURIComponent(filter)}`;
      expect((await ask(await start(), path)).status).toBe(400);
    },
  );
});

describe('the members of a group', () => {
  async function withGroup(users = 400) {
    const simulator = await start({ users });
    const group = simulator.people.groups.find('Engineers');
    if (group === undefined) throw new Error('no group');
    return { simulator, group, members: simulator.people.groups.membersOf(group.id).toSorted() };
  }

  it('are at to.id in members and at id in membership', async () => {
    const { simulator, group, members } = await withGroup();
    const path = `/api/v2/usergroups/${group.id}`;
    const connections = await askJson<Connection[]>(simulator, `${path}/members?limit=100`);
    const objects = await askJson<GraphObject[]>(simulator, `${path}/membership?limit=100`);
    expect(connections.map(({ to }) => to.id).toSorted()).toEqual(members);
    expect(objects.map(({ id }) => id).toSorted()).toEqual(members);
    expect(await askJson(simulator, path)).toEqual(group);
  });

  it('come ten at a time, the total in a header', async () => {
    const { simulator, group, members } = await withGroup();
    expect(members.length).toBeGreaterThan(20);
    for (const kind of ['members', 'membership']) {
      const reply = await ask(simulator, `/api/v2/usergroups/${group.id}/${kind}`);
      expect(JSON.parse(reply.text)).toHaveLength(10);
      expect(reply.headers.get('x-total-count')).toBe(String(members.length));
      const path = `/api/v2/usergroups/${group.id}/${kind}?limit=1000`;
      expect((await ask(simulator, path)).status).toBe(400);
    }
  });

  it('can be filtered by object_id and type in membership', async () => {
    const { simulator, group, members } = await withGroup();
    const path = `/api/v2/usergroups/${group.id}/membership`;
    const one = await askJson<GraphObject[]>(
      simulator,
      `${path}?filter=object_id:eq:${members[0]}`,
    );
    expect(one.map(({ id }) => id)).toEqual([members[0]]);
    expect(await askJson(simulator, `${path}?filter=type:eq:user_group`)).toEqual([]);
  });

  it('have their groups in memberof', async () => {
    const { simulator, group, members } = await withGroup();
    const [userId = ''] = members;
    const objects = await askJson<GraphObject[]>(simulator, `/api/v2/users/${userId}/memberof`);
    expect(objects.map(({ id }) => id)).toContain(group.id);
    expect(objects.every(({ type }) => type === 'user_group')).toBe(true);
    simulator.people.groups.removeMember('Engineers', userId);
    const left = await askJson<GraphObject[]>(simulator, `/api/v2/users/${userId}/memberof`);
    expect(left.map(({ id }) => id)).not.toContain(group.id);
  });

  it('are 404 for an unknown group or user', async () => {
    const { simulator, group } = await withGroup();
    simulator.people.groups.remove(group.id);
    for (const path of [
      `/api/v2/usergroups/${group.id}`,
      `/api/v2/usergroups/${group.id}/members`,
      `/api/v2/usergroups/${group.id}/membership`,
      '/api/v2/usergroups/Sales',
      `/api/v2/users/${'0'.repeat(24)}/memberof`,
    ]) {
      expect((await ask(simulator, path)).status).toBe(404);
    }
  });
});
