import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

const mapped = (value: string) => ({ mapping: { country: { value } } });

describe('the history of a configuration over HTTP', () => {
  let api: ApiWorld;
  let store: string;
  beforeAll(async () => {
    api = await openApiWorld();
    store = await api.addStore();
  });
  afterAll(() => api.close());

  const path = () => `/stores/${store}/configuration`;
  const save = (revision: number, body: object, as: 'owner' | 'admin' = 'owner') =>
    api.ask('PATCH', path(), { as, body, headers: { 'if-match': `"${revision}"` } });
  const sync = async () => {
    const { json } = await api.ask('POST', `/stores/${store}/runs`, {});
    await api.work();
    return json.id;
  };

  it('has who changed what, and the syncs that used each', async () => {
    const record = { email: 'a@acme.test' };
    api.world.directory.set({ id: 'a', email: record.email, record });
    const first = await sync();
    expect((await save(1, mapped('India'), 'admin')).status).toBe(200);
    const [second, third] = [await sync(), await sync()];
    const { json } = await api.get(`${path()}/revisions`, 'viewer');
    const at = expect.any(String);
    expect(json.items).toEqual([
      {
        revision: 2,
        present: true,
        by: 'token:admin',
        at,
        changes: [{ path: 'mapping.country', from: expect.any(String), to: '{ value: India }' }],
        emptied: false,
        runs: 2,
      },
      {
        revision: 1,
        present: false,
        by: 'token:owner',
        at,
        changes: null,
        emptied: false,
        runs: 1,
      },
    ]);
    const page = await api.get(`${path()}/revisions?limit=1`);
    expect(page.json).toMatchObject({ items: [{ revision: 2 }], next: expect.any(String) });
    const rest = await api.get(`${path()}/revisions?limit=1&cursor=${page.json.next}`);
    expect(rest.json).toMatchObject({ items: [{ revision: 1 }], next: null });
    const one = await api.get(`${path()}/revisions/2`, 'viewer');
    expect(one.json['latestRuns']).toMatchObject([{ id: third }, { id: second }]);
    const older = await api.get(`${path()}/revisions/1`);
    expect(older.json['latestRuns']).toMatchObject([{ id: first }]);
    expect((await api.get(`${path()}/revisions/7`)).status).toBe(404);
  });

  it('tells a change that comes too late what changed, who did it, and what is there now', async () => {
    const late = await save(1, { schedule: null });
    expect(late).toMatchObject({
      status: 412,
      json: {
        current: {
          revision: 2,
          by: 'token:admin',
          at: expect.any(String),
          changes: [{ path: 'mapping.country', to: '{ value: India }' }],
          configuration: { mapping: { country: { value: 'India' } } },
        },
      },
    });
    const { json } = await api.ask('PATCH', path(), {
      body: { schedule: null },
      headers: { 'if-match': '"x"' },
    });
    expect(json['current']).toMatchObject({ revision: 2, changes: null });
  });

  it('restores a whole configuration, with what it did not map and schedule', async () => {
    const schedule = { frequency: 'daily', time: '02:00', timezone: 'UTC' };
    await save(2, { schedule, mapping: { 'custom.shirt': { custom: 'shirt' }, city: null } });
    const { json } = await api.get(`${path()}/revisions/1`);
    const configuration = json['configuration'] as object;
    const restored = await save(3, configuration);
    expect(restored).toMatchObject({ status: 200, json: { revision: 4, ...configuration } });
    const list = await api.get(`${path()}/revisions`);
    expect(list.json.items.map((each) => each['revision'])).toEqual([4, 3, 2, 1]);
  });

  it('loses what named a person who is erased', async () => {
    const who = (value: string) => ({
      criteria: { users: { conditions: [{ attribute: 'email', operator: 'notEquals', value }] } },
    });
    expect((await save(4, who('a@acme.test'))).status).toBe(200);
    expect((await save(5, { criteria: { users: 'all' } })).status).toBe(200);
    const body = { email: 'a@acme.test', confirm: true };
    expect((await api.ask('POST', '/members/erase', { body })).status).toBe(200);
    const erased = await api.get(`${path()}/revisions/5`);
    expect(erased.json['emptied']).toBe(true);
    expect(erased.text).not.toContain('a@acme.test');
    expect((await api.get(`${path()}/revisions`)).text).not.toContain('a@acme.test');
  });
});
