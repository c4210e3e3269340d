import { aUser, openScimWorld, type ScimWorld, standingOf, valuesOf } from './scim-world.ts';

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const patch = (...Operations: readonly object[]) => ({ schemas: [patchOp], Operations });

/** The requests of JumpCloud, as far as they are known: docs/scim.md names the sources. */
describe('JumpCloud pushes', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  it('tests the connection: a user and a group are created and removed, again and again', async () => {
    expect((await world.ask('GET', '/Users?startIndex=1&count=1')).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    });
    const lookup = '/Users?filter=userName%20eq%20%22test.user%22';
    expect((await world.ask('GET', lookup)).body['totalResults']).toBe(0);
    const user = await world.ask('POST', '/Users', aUser('test.user'));
    expect(user.status).toBe(201);
    expect(user.headers.get('location')).toBe(
      `https://rollcall.test/scim/v2/${world.store.id}/Users/${user.id}`,
    );
    const group = await world.ask('POST', '/Groups', {
      displayName: 'test group',
      members: [{ value: user.id }],
    });
    expect(group.status).toBe(201);
    expect(group.body['members']).toEqual([
      expect.objectContaining({ value: user.id, type: 'User' }),
    ]);
    expect((await world.ask('DELETE', `/Groups/${group.id}`)).status).toBe(204);
    expect((await world.ask('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect((await world.ask('GET', `/Users/${user.id}`)).status).toBe(404);
    expect((await world.ask('GET', '/Groups')).body['totalResults']).toBe(0);
    expect(await world.allMembers()).toMatchObject([{ status: 'inactive', inactiveCause: 'gone' }]);
    // Once more, since a changed configuration is tested again.
    const again = await world.ask('POST', '/Users', aUser('test.user'));
    expect(standingOf(again)).toMatchObject({ standing: 'active' });
    expect((await world.ask('DELETE', `/Users/${again.id}`)).status).toBe(204);
    expect((await world.endedRuns()).map(({ status }) => status)).not.toContain('held');
  });

  it('creates a member for a new user, as mapped, in a run of its own kind', async () => {
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const answer = await world.ask(
      'POST',
      '/Users',
      aUser('ada', {
        title: 'Engineer',
        phoneNumbers: [{ type: 'work', value: '+44 20 1' }],
        addresses: [{ type: 'work', locality: 'London' }],
        [enterprise]: { department: 'Engines', employeeNumber: 7, manager: 'boss' },
      }),
    );
    expect(answer.status).toBe(201);
    expect(standingOf(answer)).toEqual({
      standing: 'active',
      memberId: `${world.store.id}.${answer.id}`,
    });
    expect(await world.member(answer.id)).toMatchObject({
      status: 'active',
      fields: {
        email: 'ada@acme.test',
        firstName: 'ada',
        lastName: 'Test',
        jobTitle: 'Engineer',
        department: 'Engines',
        employeeId: '7',
        manager: 'boss',
        phone: '+44 20 1',
        city: 'London',
      },
    });
    const [run] = await world.endedRuns();
    expect(run).toMatchObject({
      mode: 'delta',
      trigger: 'push',
      status: 'succeeded',
      counts: { listed: 1, inScope: 1, create: 1, applied: 1 },
    });
  });

  it('changes a user field by field, and suspends it with a boolean or a text', async () => {
    const [id = ''] = await world.pushUsers(['ada']);
    const replaced = await world.ask(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'replace', path: 'name.givenName', value: 'Augusta' },
        { op: 'replace', path: 'name.familyName', value: 'King' },
      ),
    );
    expect(replaced.status).toBe(200);
    expect((await world.member(id))?.fields).toMatchObject({
      firstName: 'Augusta',
      lastName: 'King',
    });
    const suspended = await world.ask(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'replace', path: 'active', value: false }),
    );
    expect(standingOf(suspended)).toMatchObject({ standing: 'inactive' });
    expect(await world.member(id)).toMatchObject({
      status: 'inactive',
      inactiveCause: 'suspended',
    });
    await world.ask(
      'PATCH',
      `/Users/${id}`,
      patch({ op: 'replace', path: 'active', value: 'True' }),
    );
    expect(await world.member(id)).toMatchObject({ status: 'active' });
    const [newest] = await world.endedRuns();
    expect(newest?.counts).toMatchObject({ reactivate: 1, applied: 1 });
  });

  it('adds members again and again, and removes just the listed ones', async () => {
    const ids = await world.pushUsers(['ada', 'bob', 'cyd']);
    const group = await world.ask('POST', '/Groups', { displayName: 'Engineers' });
    expect(group.status).toBe(201);
    const at = `/Groups/${group.id}`;
    const add = patch({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });
    for (let times = 0; times < 3; times += 1) {
      expect((await world.ask('PATCH', at, add)).status).toBe(204);
    }
    const membersOf = async () => valuesOf((await world.ask('GET', at)).body['members']);
    expect(await membersOf()).toEqual(ids);
    const remove = patch({ op: 'remove', path: 'members', value: [{ value: ids[0] }] });
    expect((await world.ask('PATCH', at, remove)).status).toBe(204);
    expect((await world.ask('PATCH', at, remove)).status).toBe(204);
    expect(await membersOf()).toEqual(ids.slice(1));
    const rename = patch({ op: 'replace', path: 'displayName', value: 'Makers' });
    expect((await world.ask('PATCH', at, rename)).status).toBe(204);
    expect(await membersOf()).toEqual(ids.slice(1));
    const { body: user } = await world.ask('GET', `/Users/${ids[1]}`);
    expect(user['groups']).toMatchObject([{ value: group.id, display: 'Makers' }]);
  });

  it('takes over a group of the same name', async () => {
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const first = await world.ask('POST', '/Groups', {
      displayName: 'Engineers',
      members: [{ value: ada }],
    });
    const second = await world.ask('POST', '/Groups', {
      displayName: 'engineers',
      members: [{ value: bob }],
    });
    expect(second.status).toBe(201);
    expect(second.body).toMatchObject({
      id: first.id,
      displayName: 'engineers',
      members: [{ value: bob }],
    });
    const lookup = await world.ask('GET', '/Groups?filter=displayName eq "ENGINEERS"');
    expect(lookup.body['totalResults']).toBe(1);
  });

  it('follows the groups that the sync criteria name', async () => {
    await world.addStore({ criteria: { users: { conditions: [{ memberOf: 'Engineers' }] } } });
    const [ada = '', bob = ''] = await world.pushUsers(['ada', 'bob']);
    const before = await world.ask('GET', `/Users/${ada}`);
    expect(standingOf(before)).toMatchObject({ standing: 'problem' });
    const group = await world.ask('POST', '/Groups', {
      displayName: 'Engineers',
      members: [{ value: ada }],
    });
    expect((await world.allMembers()).map(({ externalId }) => externalId)).toEqual([ada]);
    expect(standingOf(await world.ask('GET', `/Users/${bob}`))).toMatchObject({
      standing: 'out-of-scope',
    });
    await world.ask(
      'PATCH',
      `/Groups/${group.id}`,
      patch({ op: 'remove', path: 'members', value: [{ value: ada }] }),
    );
    expect(await world.member(ada)).toMatchObject({
      status: 'inactive',
      inactiveCause: 'out-of-scope',
    });
  });
});
