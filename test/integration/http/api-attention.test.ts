import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

describe('what waits for a person', () => {
  let api: ApiWorld;
  let storeId: string;
  beforeEach(async () => {
    api = await openApiWorld();
    storeId = await api.addStore();
  });
  afterEach(() => api.close());

  const attention = async (as: 'owner' | 'viewer' = 'owner') =>
    (await api.get('/attention', as)).json.items;
  const person = (n: number, parts: object = {}) => {
    const record = { email: `u${n}@acme.test`, firstname: `F${n}` };
    api.world.directory.set({ id: `u${n}`, email: record.email, record, ...parts });
  };
  const sync = async () => {
    const { json } = await api.ask('POST', `/stores/${storeId}/runs`, { body: {} });
    await api.work();
    return json.id;
  };

  it('is a set-up that was not finished, until a sync is asked for', async () => {
    const store = { id: storeId, name: 'acme' };
    const since = '2026-02-01T00:00:00.000Z';
    expect(await attention()).toEqual([
      {
        kind: 'set-up',
        store,
        run: null,
        since,
        path: `/stores/${storeId}`,
        params: { via: 'api' },
      },
    ]);
    await api.ask('POST', `/stores/${storeId}/runs`, { body: {} });
    expect(await attention()).toEqual([]);
  });

  it('is a held run, with what it holds and the screen that decides, and stays with its store', async () => {
    for (let n = 1; n <= 12; n += 1) person(n);
    await sync();
    for (let n = 1; n <= 12; n += 1) person(n, { state: 'SUSPENDED' });
    const run = await sync();
    const [held, ...others] = await attention();
    expect(held).toMatchObject({
      kind: 'run-held',
      run,
      path: `/runs/${run}`,
      params: { held: 12 },
    });
    expect(others).toEqual([]);
    await api.ask('POST', `/stores/${storeId}/runs`, { body: { mode: 'plan' } });
    await api.work();
    const { json: store } = await api.get(`/stores/${storeId}`);
    expect(store).toMatchObject({
      held: { run, count: 12 },
      lastRun: { id: run },
      lastSync: { id: run },
      members: { active: 12, inactive: 0 },
    });
    expect((await api.get('/stores')).json.items).toMatchObject([{ held: store['held'] }]);
    await api.ask('POST', `/runs/${run}/reject`, { body: {} });
    await api.work();
    expect(await attention()).toEqual([]);
    expect((await api.get(`/stores/${storeId}`)).json['held']).toBeNull();
  });

  it('is an edit by hand no sync: the last sync stays', async () => {
    person(1);
    const run = await sync();
    const { json } = await api.get('/members');
    await api.ask('POST', `/members/${json.items[0]?.id}/deactivate`);
    const store = (await api.get(`/stores/${storeId}`)).json;
    expect(store['lastSync']).toMatchObject({ id: run });
    expect(store['lastRun']).toMatchObject({ mode: 'single' });
  });

  it('is a refused key, a failed sync, and people who could not be synced', async () => {
    person(1);
    await sync();
    await api.world.stores.setStatus(storeId, 'needs-reauthorization');
    expect(await attention()).toMatchObject([
      { kind: 'needs-reauthorization', path: `/stores/${storeId}#reauthorize`, run: null },
    ]);
    await api.ask('POST', `/stores/${storeId}/reauthorize`, { body: { sameKey: true } });
    api.world.directory.set({ id: 'u2', email: 'u1@acme.test', record: { email: 'u1@acme.test' } });
    const run = await sync();
    expect(await attention()).toMatchObject([
      {
        kind: 'reported',
        run,
        path: `/runs/${run}?status=reported`,
        params: { conflicts: 1, problems: 0 },
      },
    ]);
  });

  it('is a token about to expire, of which viewers see those of stores alone', async () => {
    person(1);
    await sync();
    api.world.tokens.add('brief', 'viewer', { expiresAt: new Date('2026-02-02') });
    expect(await attention()).toMatchObject([
      {
        kind: 'token-expires',
        store: null,
        path: '/access',
        params: { tokenName: 'brief', expiresAt: '2026-02-02T00:00:00.000Z' },
      },
    ]);
    expect(await attention('viewer')).toEqual([]);
  });

  it('is alerts that are not delivered', async () => {
    await sync();
    api.world.alerts.summary = async () => ({ waiting: 1, failing: 2, givenUp: 3, lastError: 'x' });
    expect(await attention()).toMatchObject([
      { kind: 'alerts-undelivered', path: '/system', params: { failing: 2, givenUp: 3 } },
    ]);
  });
});

describe('the set-up of a store', () => {
  let api: ApiWorld;
  beforeAll(async () => {
    api = await openApiWorld();
  });
  afterAll(() => api.close());

  it('tells its organization, and of the credential its age, who gave it and how it ends', async () => {
    const apiKey = 'jca_0123456789abcdefWXYZ';
    const credential = { type: 'api-key', apiKey };
    const body = { name: 'acme', directory: 'jumpcloud', credential };
    const added = await api.ask('POST', '/stores', { body });
    const told = {
      orgName: 'Acme',
      credential: {
        type: 'api-key',
        addedAt: '2026-02-01T00:00:00.000Z',
        addedBy: 'token:owner',
        hint: 'WXYZ',
      },
    };
    expect(added.json).toMatchObject(told);
    expect(added.text).not.toContain('0123456789');
    const url = `/stores/${added.json.id}/reauthorize`;
    api.world.clock.advance(86_400_000);
    const again = await api.ask('POST', url, { as: 'admin', body: { sameKey: true } });
    expect(again.json).toMatchObject(told);
    const short = { type: 'api-key', apiKey: 'short' };
    const renewed = await api.ask('POST', url, { as: 'admin', body: { credential: short } });
    expect(renewed.json['credential']).toEqual({
      type: 'api-key',
      addedAt: '2026-02-02T00:00:00.000Z',
      addedBy: 'token:admin',
      hint: null,
    });
  });

  it('tells with which tokens a directory pushes, and when it did last', async () => {
    const body = { name: 'pushed', directory: 'jumpcloud', via: 'scim' };
    const { json } = await api.ask('POST', '/stores', { body });
    expect(json).toMatchObject({ credential: null, orgName: null, lastPushAt: null });
    const url = `/stores/${json.id}`;
    await api.ask('POST', `${url}/reauthorize`, { body: { overlapMs: 60_000 } });
    await api.world.scim.users.insert({ storeId: json.id, resource: { userName: 'ada' } });
    const now = api.world.clock.now().getTime();
    expect((await api.get(url)).json).toMatchObject({
      lastPushAt: new Date(now).toISOString(),
      scimTokens: [{ endsAt: null }, { endsAt: new Date(now + 60_000).toISOString() }],
    });
  });

  it('names to admins who may own a store', async () => {
    api.world.tokens.add('late', 'admin', { expiresAt: new Date('2026-01-02') });
    expect((await api.get('/owners', 'admin')).json.items).toEqual([
      { id: 'admin', name: 'admin', role: 'admin' },
      { id: 'owner', name: 'owner', role: 'owner' },
    ]);
  });
});
