import { ask, askIds, askJson, control, simulatorsPerTest } from './asking.ts';

const start = simulatorsPerTest();

interface Brief {
  readonly id: string;
  readonly email: string;
  readonly state: string;
}

describe('the control interface', () => {
  it('returns the state', async () => {
    const simulator = await start({ users: 25, groups: 9, faults: ['always-500'] });
    await ask(simulator, '/api/systemusers');
    const state = await askJson<Record<string, unknown>>(simulator, '/_simulator/state');
    expect(state).toMatchObject({
      organization: simulator.organization,
      users: 25,
      states: { ACTIVATED: 23, STAGED: 1, SUSPENDED: 1 },
      faults: ['always-500'],
      ratePerSecond: 0,
      latencyMs: 0,
      requests: { total: 1, byStatus: { 500: 1 } },
    });
    expect(state['groups']).toHaveLength(9);
    expect(state['knownFaults']).toContainEqual(expect.objectContaining({ name: 'shift-left' }));
  });

  it('adds some users, or a given one, at the end of the directory', async () => {
    const simulator = await start({ users: 5 });
    const some = JSON.parse((await control(simulator, 'hire', { count: 2 })).text) as {
      people: Brief[];
    };
    const fields = { firstname: 'Ada', lastname: 'King', department: 'Sales' };
    const one = JSON.parse((await control(simulator, 'hire', { fields })).text) as {
      people: Brief[];
    };
    const ids = [...some.people, ...one.people].map(({ id }) => id);
    expect((await askIds(simulator)).slice(-3)).toEqual(ids);
    expect(simulator.people.get(ids[2] ?? '')).toMatchObject({
      ...fields,
      displayname: 'Ada King',
      state: 'ACTIVATED',
    });
  });

  it('renames, updates, suspends, activates, stages and deletes a user by e-mail or id', async () => {
    const simulator = await start({ users: 5 });
    const { people } = simulator;
    const [id = ''] = people.ids;
    const { email } = people.get(id);
    await control(simulator, 'rename', { email, firstname: 'Ada', lastname: 'King' });
    expect(people.get(id)).toMatchObject({ firstname: 'Ada', displayname: 'Ada King', email });
    await control(simulator, 'rename', {
      id,
      firstname: 'Ada',
      lastname: 'Lovelace',
      newEmail: 'ada@example.com',
    });
    expect(people.get('ada@example.com')).toMatchObject({ _id: id, lastname: 'Lovelace' });
    const fields = {
      attributes: [{ name: 'shirtSize', value: 'S' }],
      department: null,
      jobTitle: 'Analyst',
    };
    await control(simulator, 'update', { id, fields });
    const { department, ...rest } = people.get(id);
    expect(department).toBeUndefined();
    expect(rest).toMatchObject({ jobTitle: 'Analyst', attributes: fields.attributes });
    await control(simulator, 'suspend', { id });
    expect(people.get(id)).toMatchObject({ state: 'SUSPENDED', suspended: true });
    await control(simulator, 'activate', { id });
    expect(people.get(id)).toMatchObject({ state: 'ACTIVATED', suspended: false });
    await control(simulator, 'stage', { id });
    expect(people.get(id)).toMatchObject({ state: 'STAGED', activated: false });
    expect((await control(simulator, 'delete', { email: 'ada@example.com' })).status).toBe(200);
    expect((await ask(simulator, `/api/systemusers/${id}`)).text).toBe('null');
  });

  it('changes groups and their members', async () => {
    const simulator = await start({ users: 5, groups: 0 });
    const { groups, ids } = simulator.people;
    const [id = ''] = ids;
    await control(simulator, 'create-group', { group: 'Pilots' });
    await control(simulator, 'add-to-group', { id, group: 'Pilots' });
    expect(groups.membersOf('Pilots')).toEqual([id]);
    await control(simulator, 'remove-from-group', { id, group: 'Pilots' });
    expect(groups.membersOf('Pilots')).toEqual([]);
    await control(simulator, 'delete-group', { group: 'Pilots' });
    expect(groups.all()).toEqual([]);
  });

  it('sets faults, rate and latency, and no fault hides it', async () => {
    const simulator = await start();
    await control(simulator, 'faults', { faults: ['silent'] });
    await control(simulator, 'rate', { perSecond: 5 });
    await control(simulator, 'latency', { ms: 1 });
    const state = await askJson(simulator, '/_simulator/state');
    expect(state).toMatchObject({ faults: ['silent'], ratePerSecond: 5, latencyMs: 1 });
    await control(simulator, 'faults', { faults: [] });
    expect((await ask(simulator, '/api/organizations')).status).toBe(200);
  });

  it.each([
    [
      'rename',
      { email: 'nobody@example.com', firstname: 'A', lastname: 'B' },
      'nobody@example.com',
    ],
    ['rename', { firstname: 'A', lastname: 'B' }, 'give "id" or "email"'],
    ['suspend', [], 'Give a JSON object'],
    ['hire', { count: 'many' }, '"count" must be a number'],
    ['hire', { fields: { firstName: 'Ada' } }, 'Did you mean firstname?'],
    ['hire', { fields: { suspended: 'yes' } }, '"suspended" must be true or false'],
    ['hire', { fields: { state: 'ACTIVE' } }, 'ACTIVATED, STAGED, SUSPENDED'],
    ['hire', { fields: { email: null } }, '"email" must be a text'],
    ['hire', { fields: { addresses: 'here' } }, '"addresses" must be a list'],
    ['hire', { fields: { addresses: ['here'] } }, 'a list of objects'],
    ['hire', { fields: { addresses: [{ city: 'Bonn' }] } }, '"addresses" has no "city"'],
    ['hire', { fields: { employeeIdentifier: 'E10000' } }, 'belongs to'],
    ['delete-group', { group: 'Slaes' }, 'Did you mean Sales?'],
    ['create-group', { group: 'Sales' }, 'exists already'],
    ['faults', { faults: ['shift-lft'] }, 'Did you mean shift-left?'],
    ['faults', { faults: 'silent' }, '"faults" must be a list'],
    ['rate', { perSecond: -1 }, '"perSecond" must be a number'],
  ])('refuses %s of %j with a message, and changes nothing', async (operation, body, words) => {
    const simulator = await start();
    const before = simulator.people.all();
    const reply = await control(simulator, operation, body);
    expect(reply.status).toBe(400);
    expect((JSON.parse(reply.text) as { error: string }).error).toContain(words);
    expect(simulator.people.all()).toEqual(before);
  });

  it('refuses invalid JSON, another method, and an unknown operation', async () => {
    const simulator = await start();
    const garbled = await fetch(`${simulator.url}/_simulator/hire`, { method: 'POST', body: '{' });
    expect(garbled.status).toBe(400);
    expect((await ask(simulator, '/_simulator/hire')).status).toBe(405);
    const unknown = await control(simulator, 'hier', {});
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain('Did you mean');
  });
});
