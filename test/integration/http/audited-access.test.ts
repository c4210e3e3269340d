import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

describe('the audit of access', () => {
  let api: ApiWorld;
  let store: string;
  beforeEach(async () => {
    api = await openApiWorld();
    api.world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    store = await api.addStore();
  });
  afterEach(() => api.close());

  const last = async () => (await api.get('/audit?limit=1')).json.items[0];

  it('names a token by its id: another one may get its name', async () => {
    expect(await last()).toMatchObject({
      action: 'store-added',
      by: 'token:owner',
      byToken: 'owner',
    });
    const first = await api.ask('POST', '/tokens', { body: { name: 'ops', role: 'admin' } });
    await api.ask('DELETE', `/tokens/${first.json.id}`);
    const { json } = await api.ask('POST', '/tokens', { body: { name: 'ops', role: 'admin' } });
    const headers = { authorization: `Bearer ${String(json['token'])}` };
    await api.ask('POST', `/stores/${store}/pause`, { as: 'none', headers });
    expect(await last()).toMatchObject({
      action: 'store-paused',
      by: 'token:ops',
      byToken: json.id,
    });
    expect(json.id).not.toBe(first.json.id);
  });

  it('has the token’s id in the access log', async () => {
    await api.get('/stores', 'viewer');
    const line = api.http.logged.findLast((each) => each.includes('Answered.')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ route: '/api/v1/stores', tokenId: 'viewer' });
  });

  it('has exports', async () => {
    expect((await api.get(`/members.csv?store=${store}&status=active`, 'viewer')).status).toBe(200);
    expect(await last()).toMatchObject({
      action: 'members-exported',
      outcome: 'done',
      byToken: 'viewer',
      store,
      changes: [{ path: 'status', from: null, to: 'active' }],
    });
  });

  it('has previews of runs, configurations, undos and mappings', async () => {
    const post = (path: string, body: object) =>
      api.ask('POST', path, { as: 'admin', body }).then(({ status }) => status);
    const run = (await api.ask('POST', `/stores/${store}/runs`)).json.id;
    expect((await last())?.['action']).toBe('store-added');
    await api.work();
    expect(await post(`/stores/${store}/runs`, { mode: 'plan' })).toBe(202);
    expect(await last()).toMatchObject({
      action: 'run-previewed',
      byToken: 'admin',
      store,
      run: expect.any(String),
    });
    await api.work();
    const safeguards = { window: '12h' };
    expect(await post(`/stores/${store}/configuration/preview`, { safeguards })).toBe(202);
    expect(await last()).toMatchObject({
      action: 'run-previewed',
      changes: [{ path: 'safeguards.window', from: '"24h"', to: '"12h"' }],
    });
    await api.work();
    expect(await post(`/runs/${run}/undo`, { plan: true })).toBe(202);
    expect(await last()).toMatchObject({
      action: 'run-previewed',
      changes: [{ path: 'takes back', to: run }],
    });
    const mapping = { country: { value: 'India' } };
    expect(await post(`/stores/${store}/mapping-preview`, { mapping })).toBe(200);
    expect(await last()).toMatchObject({ action: 'mapping-previewed', outcome: 'done', store });
    expect((await api.get(`/stores/${store}/sample`)).status).toBe(200);
    expect(await last()).toMatchObject({ action: 'users-sampled', outcome: 'done', store });
  });

  it('has what a token was not allowed to do, and can not be filled with it', async () => {
    const refused = () => api.ask('DELETE', `/stores/${store}?members=delete`, { as: 'viewer' });
    expect((await refused()).status).toBe(403);
    expect(await last()).toMatchObject({
      action: 'access-refused',
      outcome: 'refused',
      error: 'This takes a token of the role owner.',
      by: 'token:viewer',
      byToken: 'viewer',
      from: '127.0.0.1',
      changes: [{ path: 'request', from: null, to: 'DELETE /api/v1/stores/:storeId' }],
    });
    for (let n = 0; n < 40; n += 1) expect((await refused()).status).toBe(403);
    const audited = (await api.get('/audit?action=access-refused')).json.items;
    expect(audited).toHaveLength(30);
    const logged = api.http.logged.filter((line) => line.includes('A request was not allowed.'));
    expect(logged).toHaveLength(41);
  });
});
