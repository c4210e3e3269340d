import { type ApiWorld, apiKey, openApiWorld } from '../../fakes/api-world.ts';
import { describeMailRoutes } from '../../fakes/mail-routes.ts';

/**
 * A day of one administrator, with every route. `ApiWorld` checks each answer against the OpenAPI
 * document; the last test checks that every documented success was seen.
 */
describe('the API follows its document', () => {
  let api: ApiWorld;
  let store: string;
  beforeAll(async () => {
    api = await openApiWorld({ alertSenders: { slack: async () => null } });
    for (const n of [1, 2, 3]) person(n);
  });
  afterAll(() => api.close());

  function person(n: number, parts: object = {}) {
    const record = { email: `u${n}@acme.test`, firstname: `F${n}`, department: 'Sales' };
    api.world.directory.set({ id: `u${n}`, email: record.email, record, ...parts });
  }
  const post = (path: string, body?: unknown) => api.ask('POST', path, { body });

  it('signing in and out', async () => {
    const signedIn = await api.ask('POST', '/session', {
      as: 'none',
      body: { token: ' rc_admin ' },
    });
    expect(signedIn).toMatchObject({ status: 200, json: { name: 'admin', role: 'admin' } });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const asSession = { as: 'none', headers: { cookie } } as const;
    expect((await api.ask('GET', '/session', asSession)).json['name']).toBe('admin');
    expect((await api.ask('DELETE', '/session', asSession)).status).toBe(204);
    expect((await api.ask('GET', '/session', asSession)).status).toBe(401);
    const ways = await api.ask('GET', '/sign-in', { as: 'none' });
    expect(ways.json).toEqual({ provider: { name: 'idp.test', startAt: '/api/v1/session/oidc' } });
    const logout = await api.ask('POST', '/session/oidc/logout', {
      as: 'none',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'logout_token=x',
    });
    expect(logout.status).toBe(204);
  });

  it('people', async () => {
    const claims = { address: null, isVerified: false, name: 'Ada', groups: [] };
    await api.world.people.signIn({ issuer: 'https://idp.test', sub: 'a', claims });
    const [ada] = (await api.get('/people')).json.items;
    expect(ada).toMatchObject({ actor: 'user:person1', name: 'Ada', role: null, sessions: 0 });
    const ended = await api.ask('DELETE', `/people/${ada?.id}/sessions`);
    expect(ended.json).toEqual({ ended: 0 });
  });

  it('kinds of directory', async () => {
    const { json } = await api.get('/directories', 'viewer');
    expect(json['memberFields']).toContain('costCenter');
    expect(json.items).toMatchObject([
      {
        kind: 'jumpcloud',
        name: 'JumpCloud',
        capabilities: { pull: true, push: true, groups: true, connectionTest: true },
        connection: [{ name: 'region', choices: ['us', 'eu', 'in'], default: 'us' }],
        signIns: [
          {
            type: 'api-key',
            fields: [{ name: 'apiKey', label: 'API key', secret: true, choices: null }],
            refused: [],
          },
          {
            type: 'client-credentials',
            fields: [
              { name: 'clientId', secret: false },
              { name: 'clientSecret', secret: true },
            ],
            refused: [
              { field: 'region', value: 'eu' },
              { field: 'region', value: 'in' },
            ],
          },
        ],
        defaultMapping: { email: { attribute: 'email' } },
      },
    ]);
  });

  it('stores', async () => {
    const connection = { directory: 'jumpcloud', credential: apiKey };
    const tried = await post('/connection-tests', connection);
    expect(tried.json).toMatchObject({ ok: true, organizations: [{ id: 'org1', name: 'Acme' }] });
    const added = await post('/stores', { name: 'acme', ...connection });
    expect(added).toMatchObject({ status: 201, json: { name: 'acme', owner: 'token:owner' } });
    store = added.json.id;
    expect(added.headers.get('location')).toBe(`/api/v1/stores/${store}`);
    expect((await api.get('/stores')).json.items).toHaveLength(1);
    expect((await api.get('/attention')).json.items).toMatchObject([{ kind: 'set-up' }]);
    expect((await api.get('/owners')).json.items).toHaveLength(2);
    expect((await api.get(`/stores/${store}`)).json).toEqual(added.json);
    expect((await post(`/stores/${store}/connection-test`)).json['ok']).toBe(true);
    expect((await post(`/stores/${store}/pause`)).json['status']).toBe('paused');
    expect((await post(`/stores/${store}/resume`)).json['status']).toBe('active');
    const { json } = await post(`/stores/${store}/reauthorize`, { credential: apiKey });
    expect(json['status']).toBe('active');
    const owner = await api.ask('PATCH', `/stores/${store}`, {
      body: { name: 'Acme Ltd', owner: 'admin' },
    });
    expect(owner.json).toMatchObject({ name: 'Acme Ltd', owner: 'token:admin' });
  });

  it('stores that are pushed into, and their groups', async () => {
    const added = await post('/stores', { name: 'pushed', directory: 'jumpcloud', via: 'scim' });
    expect(added.status).toBe(201);
    const { id, syncEndpoint, scimToken } = added.json;
    expect(syncEndpoint).toMatch(new RegExp(`/scim/v2/${id}$`));
    const shown = await api.get(`/stores/${id}`);
    expect(shown.json).toMatchObject({ via: 'scim', syncEndpoint });
    expect(shown.json).not.toHaveProperty('scimToken');
    const renewed = await post(`/stores/${id}/reauthorize`, { overlapMs: 60_000 });
    expect(renewed.json['scimToken']).not.toBe(scimToken);
    expect((await post(`/stores/${store}/reauthorize`, {})).status).toBe(409);
    expect((await post(`/stores/${store}/reauthorize`, { sameKey: true })).status).toBe(200);
    expect((await post(`/stores/${id}/connection-test`)).status).toBe(409);
    expect((await post('/stores', { name: 'x', directory: 'jumpcloud' })).status).toBe(400);
    const audit = await api.get(`/audit?store=${String(id)}`);
    expect(audit.json.items).toHaveLength(2);
    expect(audit.text).not.toContain(String(scimToken));

    const { groups } = api.world.scim;
    for (const displayName of ['A', 'B']) {
      const group = await groups.insert({ storeId: String(id), resource: { displayName } });
      if (group !== 'taken') await groups.join(group, ['u1', 'u2']);
    }
    const first = await api.get(`/stores/${id}/groups?limit=1`);
    expect(first.json.items).toMatchObject([{ name: 'A', members: 2 }]);
    const searched = await post(`/stores/${id}/groups/search`, { name: 'b' });
    expect(searched.json).toEqual({
      groups: [{ id: expect.any(String), name: 'B', members: 2 }],
      more: false,
    });
    const second = await api.get(`/stores/${id}/groups?limit=1&cursor=${first.json['next']}`);
    expect(second.json).toMatchObject({ items: [{ name: 'B' }], next: null });
    const { id: groupId } = second.json.items[0] as { id: string };
    const members = (of: string) => api.get(`/stores/${of}/groups/${groupId}/members`);
    expect((await members(String(id))).json.items).toEqual([
      { externalId: 'u1', member: null },
      { externalId: 'u2', member: null },
    ]);
    const one = await api.get(`/stores/${id}/groups/${groupId}`);
    expect(one.json).toMatchObject({ id: groupId, name: 'B', status: null, members: 2, roles: [] });
    expect((await api.get(`/stores/${store}/groups/${groupId}`)).status).toBe(404);
    expect((await members(store)).status).toBe(404);
    expect((await api.ask('DELETE', `/stores/${id}?members=delete`)).status).toBe(200);
  });

  it('configuration', async () => {
    const read = await api.get(`/stores/${store}/configuration`);
    expect(read.headers.get('etag')).toBe('"1"');
    const { revision: _, ...whole } = read.json;
    const change = (ifMatch: string, body: unknown) =>
      api.ask('PATCH', `/stores/${store}/configuration`, {
        body,
        headers: ifMatch === '' ? {} : { 'if-match': ifMatch },
      });
    const safeguards = { removals: { percent: 0, floor: 0 } };
    const schedule = { frequency: 'daily', time: '02:00', timezone: 'UTC' };
    const done = await change('"1"', { safeguards, schedule });
    expect(done.json).toMatchObject({ revision: 2, changes: [{}, {}, {}] });
    expect(done.headers.get('etag')).toBe('"2"');
    expect((await change('"1"', { schedule: null })).status).toBe(412);
    expect((await change('', { schedule: null })).status).toBe(428);
    const history = await api.get(`/stores/${store}/configuration/revisions`);
    expect(history.json.items).toMatchObject([{ revision: 2, present: true }, { revision: 1 }]);
    const earlier = await api.get(`/stores/${store}/configuration/revisions/1`);
    expect(earlier.json['configuration']).toEqual(whole);
    // An answer can be sent back unchanged.
    expect((await change('"2"', whole)).json['revision']).toBe(3);
    expect((await change('"3"', { safeguards, schedule })).json['revision']).toBe(4);
    expect((await change('"4"', { safeguards, schedule })).json).toMatchObject({
      revision: 4,
      changes: [],
    });
  });

  it('questions to the directory', async () => {
    const attributes = await api.get(`/stores/${store}/attributes`);
    expect(attributes.json).toMatchObject({ users: 3 });
    expect(attributes.json['attributes']).toContainEqual({
      kind: 'attribute',
      name: 'department',
      users: 3,
      examples: ['Sales'],
      mappedTo: ['department'],
    });
    const mapping = { department: { attribute: 'department', transform: ['uppercase'] } };
    const mapped = await post(`/stores/${store}/mapping-preview`, { mapping, limit: 1 });
    expect(mapped.json['users']).toMatchObject([{ externalId: 'u1' }]);
    expect(mapped.text).toContain('{"field":"department","value":"SALES","problem":null}');
    const sample = await api.get(`/stores/${store}/sample?limit=2`);
    expect(sample.json).toMatchObject({
      users: [{ externalId: 'u1', state: 'ACTIVATED', record: { department: 'Sales' } }, {}],
      cut: false,
    });
    const one = await post(`/stores/${store}/sample`, { email: 'U2@acme.test' });
    expect(one.json['users']).toMatchObject([{ externalId: 'u2' }]);
    for (const name of ['Sales', 'Sales EU', 'Support']) {
      api.world.directory.groups.set(name, { name, members: new Set() });
    }
    const groups = await post(`/stores/${store}/groups/search`, { name: 'SALES', limit: 1 });
    expect(groups.json).toEqual({
      groups: [{ id: 'Sales', name: 'Sales', members: null }],
      more: true,
    });
    const criteria = {
      users: { conditions: [{ attribute: 'firstname', operator: 'equals', value: 'F1' }] },
    };
    const counted = await post(`/stores/${store}/criteria-count`, { criteria });
    expect(counted.json).toEqual({
      listed: 3,
      inScope: 1,
      outOfScope: 2,
      unknown: 0,
      total: 3,
      complete: true,
      unseen: [],
    });
    const counting = await post(`/stores/${store}/criteria-count/events`, { criteria });
    expect(counting.text).toContain('event: end');
    const save = async (saved: object) => {
      const read = await api.get(`/stores/${store}/configuration`);
      const headers = { 'if-match': read.headers.get('etag') ?? '' };
      const body = { criteria: saved };
      return api.ask('PATCH', `/stores/${store}/configuration`, { body, headers });
    };
    const names = Array.from({ length: 500 }, (_, at) => `${'g'.repeat(400)}${at}`);
    const inGroups = { users: { conditions: [{ memberOf: names }], pattern: 'any' } };
    expect(await save(inGroups)).toMatchObject({ status: 200, json: { criteria: inGroups } });
    const conditions = [{ attribute: 'departmnt', operator: 'equals', value: 'Sales' }];
    const saved = await save({ users: { conditions } });
    expect(saved.json).toMatchObject({
      scope: { listed: 3, inScope: 0, complete: true, unseen: ['attribute departmnt'] },
      notes: [{}, 'None of the 3 users has the attribute departmnt.'],
    });
    expect((await save({ users: 'all' })).json['scope']).toMatchObject({ inScope: 3 });
    const due = await api.get(`/stores/${store}/next-runs?count=2`);
    expect(due.json['times']).toEqual(['2026-02-01T02:00:00.000Z', '2026-02-02T02:00:00.000Z']);
    const schedule = { frequency: 'cron', cron: '0 0 29 2 *', timezone: 'UTC' };
    const times = await post(`/stores/${store}/schedule-preview`, { schedule, count: 1 });
    expect(times.json).toEqual({ times: ['2028-02-29T00:00:00.000Z'], skipped: null });
    const monthly = { frequency: 'monthly', dates: [30], time: '02:00', timezone: 'UTC' };
    const skipping = await post(`/stores/${store}/schedule-preview`, {
      schedule: monthly,
      count: 1,
    });
    expect(skipping.json['skipped']).toBe('there is no 30th in February');
  });

  it('runs', async () => {
    const asked = await post(`/stores/${store}/runs`);
    expect(asked).toMatchObject({ status: 202, json: { mode: 'full', status: 'queued' } });
    const again = await post(`/stores/${store}/runs`, { mode: 'full' });
    expect(again.json.id).toBe(asked.json.id);
    const run = asked.headers.get('location')?.replace('/api/v1', '') ?? '';
    expect((await api.get(run)).json.id).toBe(asked.json.id);
    const cancelled = await post(`${run}/cancel`);
    expect(cancelled).toMatchObject({ status: 202, json: { status: 'cancelled' } });
    const plan = await post(`/stores/${store}/runs`, { mode: 'plan' });
    await api.work();
    const records = await api.get(`/runs/${plan.json.id}/records?action=create&limit=2`);
    expect(records.json.items).toHaveLength(2);
    const rest = await api.get(
      `/runs/${plan.json.id}/records?action=create&limit=2&cursor=${records.json.next}`,
    );
    expect(rest.json).toMatchObject({ items: [{ externalId: 'u3' }], next: null });
    const wider = await post(`/stores/${store}/configuration/preview`, {
      criteria: { users: 'all' },
      settings: { statusSync: { mode: 'ignore' } },
    });
    expect(wider).toMatchObject({ status: 202, json: { run: { mode: 'plan' } } });
    await api.work();
    const listed = await api.get(`/runs?store=${store}&mode=plan&mode=undo&status=planned`);
    expect(listed.json.items).toHaveLength(2);
  });

  it('decisions, undo, and following a run to its end', async () => {
    await post(`/stores/${store}/runs`);
    await api.work();
    for (const n of [1, 2]) person(n, { state: 'SUSPENDED' });
    const { json: run } = await post(`/stores/${store}/runs`);
    const events = api.get(`/runs/${run.id}/events`);
    await api.work();
    const followed = await events;
    expect(followed.headers.get('content-type')).toBe('text/event-stream');
    expect(followed.text).toMatch(/id: end\nevent: end\ndata: .*"status":"held".*\n\n$/);
    const back = { headers: { 'last-event-id': 'end' } };
    expect((await api.ask('GET', `/runs/${run.id}/events`, back)).status).toBe(204);
    const records = `/runs/${run.id}/records`;
    const filter = { reason: ['suspended'], risk: 'removal', field: 'status', q: 'f1' };
    const held = await post(`${records}/search`, { ...filter, status: 'held', limit: 1 });
    expect(held.json).toMatchObject({
      items: [
        {
          externalId: 'u1',
          member: `${store}.u1`,
          name: 'F1',
          department: 'Sales',
          reasonCode: 'suspended',
          risk: 'removal',
          heldKind: 'removal',
        },
      ],
      next: null,
      total: 1,
    });
    const marks = await post(`${records}/marks`, { status: 'held', every: 100 });
    expect(marks.json).toEqual({ total: 2, cursors: [] });
    const facets = await post(`${records}/facets`, { by: ['reason', 'location'] });
    expect(facets.json['facets']).toEqual([
      { by: 'reason', values: [{ value: 'suspended', count: 2 }], blank: 0, others: 0 },
      { by: 'location', values: [], blank: 2, others: 0 },
    ]);
    const file = await api.get(`${records}.csv?status=held`);
    expect(file.text.split('\r\n')).toHaveLength(4);
    expect((await post(`/runs/${run.id}/reject`, { records: ['u1'] })).status).toBe(202);
    await api.work();
    expect((await post(`/runs/${run.id}/approve`)).json['decision']).toMatchObject({
      verdict: 'approve',
      by: 'token:owner',
    });
    await api.work();
    expect((await api.get(`/runs/${run.id}`)).json).toMatchObject({
      status: 'succeeded',
      decided: { verdict: 'approve', done: 1 },
    });
    const undo = await post(`/runs/${run.id}/undo`, { plan: true });
    expect(undo).toMatchObject({ status: 202, json: { mode: 'plan', undoOf: run.id } });
    await api.work();
    expect((await post(`/runs/${run.id}/undo`)).json['mode']).toBe('undo');
    await api.work();
    expect((await api.get(`/stores/${store}`)).json['status']).toBe('paused');
  });

  it('what happened lately', async () => {
    const { json } = await api.get('/activity');
    expect(json).toMatchObject({ day: { counts: { create: 3 } } });
    const [{ runs }] = json.items as unknown as [{ runs: { mode: string; changed: number }[] }];
    expect(runs.at(-1)).toMatchObject({ mode: 'full', status: 'cancelled', changed: 0 });
    expect(runs.map(({ mode }) => mode)).not.toContain('plan');
  });

  it('following the lists', async () => {
    expect((await api.get('/watch')).text).toBe('event: quiet\ndata: null\n\n');
  });

  it('the system', async () => {
    expect((await api.get('/system')).json).toMatchObject({
      ready: true,
      versions: { database: '8.0.1', redis: '7.4.0' },
      workers: [{ host: 'desk', pid: '7', state: 'alive' }],
      queues: [{ queue: 'runs', waiting: 1 }],
    });
  });

  it('members', async () => {
    const all = await api.get('/members?limit=2');
    expect(all.json.items).toHaveLength(2);
    const more = await api.get(`/members?limit=2&cursor=${all.json.next}`);
    expect(more.json).toMatchObject({ items: [{ externalId: 'u3' }], next: null });
    const found = await api.get(`/members?store=${store}&status=active&email=U2`);
    expect(found.json.items).toMatchObject([{ externalId: 'u2' }]);
    expect((await api.get('/members?name=f2')).json.items).toMatchObject([{ externalId: 'u2' }]);
    const path = `/members/${found.json.items[0]?.id}`;
    expect((await api.get(path)).json).toEqual(found.json.items[0]);
    expect((await post(`${path}/deactivate`)).json).toMatchObject({
      status: 'inactive',
      statusBy: 'person',
    });
    expect((await post(`${path}/activate`)).json['status']).toBe('active');
    const history = await api.get(`${path}/history?limit=1`);
    expect(history.json.items).toMatchObject([{ action: 'reactivate', by: 'token:owner' }]);
    const earlier = await api.get(`${path}/history?cursor=${history.json.next}`);
    expect(earlier.json.items.at(-1)).toMatchObject({ action: 'create' });
    const why = await post('/members/why', { email: 'u2@acme.test', field: 'department' });
    expect(why.json).toMatchObject({ imported: true, field: { stored: 'Sales' } });
    const absent = await post('/members/why', { email: 'nobody@acme.test', store });
    expect(absent.json).toMatchObject({ imported: false, reason: { code: 'not-in-directory' } });
    const ada = { email: 'ada@acme.test', firstName: 'Ada', lastName: '=cmd|calc' };
    expect(await post('/members', ada)).toMatchObject({ status: 201, json: { store: null } });
    const csv = await api.get('/members.csv');
    expect(csv.headers.get('content-disposition')).toContain('members.csv');
    expect(csv.text.split('\r\n')).toHaveLength(6);
    expect(csv.text).toContain(",Ada,'=cmd|calc,");
    const known = await post('/members/erase', { email: ada.email });
    expect(known.json).toEqual({
      erased: false,
      members: 1,
      records: 1,
      copies: 0,
      mentions: 0,
      runs: [],
      configurations: [],
    });
    const erased = await post('/members/erase', { email: ada.email, confirm: true });
    expect(erased.json).toMatchObject({ erased: true, members: 1, records: 1 });
    expect((await api.get('/members?email=ada')).json.items).toEqual([]);
  });

  it('searches for members', async () => {
    const first = await post('/members/search', { limit: 2 });
    expect(first.json).toMatchObject({ total: 3, totalIsExact: true });
    const cursor = first.json['next'];
    const last = await post('/members/search', { limit: 2, cursor });
    expect(last.json).toMatchObject({ total: null, next: null });
    expect(last.json['items']).toHaveLength(1);
    expect((await post('/members/search', { sort: 'updated', cursor })).status).toBe(400);
    const found = await post('/members/search', { text: 'U2@ac', store, department: 'Sales' });
    expect(found.json['items']).toMatchObject([{ externalId: 'u2' }]);
    expect((await post('/members/search', { cause: 'gone' })).json).toMatchObject({ total: 0 });
    const marks = await post('/members/marks', { every: 100, text: 'acme' });
    expect(marks.json).toEqual({ every: 100, total: 3, marks: [] });
    const csv = await post('/members.csv', { text: 'u2' });
    expect(csv.text.split('\r\n')).toHaveLength(3);
    const audit = await api.get('/audit?action=members-exported&limit=1');
    expect(audit.text).not.toContain('u2');
  });

  it('takes back edits by hand, and leaves a status to the sync', async () => {
    const path = `/members/${store}.u3`;
    const edited = await post(`${path}/deactivate`);
    const { revision } = edited.json;
    expect((await post(`${path}/take-back`, { revision: 1 })).status).toBe(409);
    const back = await post(`${path}/take-back`, { revision });
    expect(back.json).toMatchObject({ status: 'active', statusBy: 'sync' });
    expect((await post(`${path}/take-back`, { revision })).status).toBe(409);
    await post(`${path}/deactivate`);
    const left = await post(`${path}/release`);
    expect(left.json).toMatchObject({ status: 'active', statusBy: 'sync' });
    expect((await post(`${path}/release`)).json).toEqual(left.json);
    const history = await api.get(`${path}/history`);
    expect(history.json.items.map(({ reason }) => reason)).toEqual([
      'left to the sync by hand',
      'deactivated by hand',
      'an edit by hand was taken back',
      'deactivated by hand',
      expect.any(String),
    ]);
    expect((await api.get(`/stores/${store}`)).json['status']).toBe('paused');
  });

  it('explains store by store, also by the id of a member', async () => {
    const why = await post('/members/why', { member: `${store}.u2` });
    expect(why.json).toMatchObject({ imported: true, email: 'u2@acme.test' });
    expect((await post('/members/why', {})).status).toBe(400);
    const lines = async (body: object) =>
      (await post('/members/why/stores', body)).text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    expect(await lines({ email: 'nobody@acme.test' })).toMatchObject([
      { is: 'stores', stores: [{ store }] },
      { is: 'store', store, why: { reason: { code: 'not-in-directory' } } },
      { is: 'end' },
    ]);
    expect(await lines({ member: `${store}.u2` })).toMatchObject([
      { is: 'stores', stores: [] },
      { is: 'member', why: { imported: true } },
      { is: 'end' },
    ]);
  });

  describeMailRoutes(() => api);

  it('tokens', async () => {
    const made = await post('/tokens', { name: 'screen', role: 'viewer' });
    expect(made).toMatchObject({ status: 201, json: { name: 'screen', token: 'rc_once1' } });
    const listed = await api.get('/tokens');
    expect(listed.text).not.toContain('rc_once');
    expect((await api.ask('DELETE', `/tokens/${made.json.id}`)).status).toBe(204);
    const last = await api.ask('DELETE', '/tokens/owner');
    expect(last).toMatchObject({ status: 409, json: { title: 'Conflict' } });
  });

  it('the audit', async () => {
    const first = await api.get(`/audit?store=${store}&limit=3`);
    expect(first.json.items).toHaveLength(3);
    const second = await api.get(`/audit?store=${store}&limit=3&cursor=${first.json.next}`);
    const [third, fourth] = [first.json.items[2]?.id ?? '', second.json.items[0]?.id ?? ''];
    expect(fourth < third).toBe(true);
    const rename = await api.get('/audit?action=store-renamed&by=token:owner');
    expect(rename.json.items).toMatchObject([
      {
        by: 'token:owner',
        from: '127.0.0.1',
        storeName: 'acme',
        outcome: 'done',
        changes: [{ path: 'name', from: 'acme', to: 'Acme Ltd' }],
      },
    ]);
    const signIn = await api.get('/audit?action=signed-in');
    expect(signIn.json.items).toMatchObject([{ by: 'token:admin', token: 'admin' }]);
    const several = await api.get('/audit?action=store-renamed&action=signed-in&by=admin');
    expect(several.json.items).toMatchObject([{ action: 'signed-in' }]);
    expect((await api.get('/audit?to=2000-01-01T00:00:00Z')).json.items).toEqual([]);
    const file = await api.get('/audit.csv?action=store-renamed&from=2000-01-01T00:00:00Z');
    expect(file.text).toContain('token:owner');
    expect(file.text).not.toContain('signed-in');
    const everything = JSON.stringify(api.world.audit.all);
    for (const secret of ['jca_secret', 'rc_', '@acme.test']) {
      expect(everything).not.toContain(secret);
    }
  });

  it('removing a store', async () => {
    const removed = await api.ask('DELETE', `/stores/${store}?members=keep`);
    expect(removed.json).toEqual({
      id: store,
      name: 'Acme Ltd',
      removed: true,
      members: { kept: 3 },
    });
    expect((await api.get(`/stores/${store}`)).status).toBe(404);
  });

  it('removing a store that takes long', async () => {
    const id = await api.addStore();
    const { stores } = api.world;
    const remove = stores.remove.bind(stores);
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    stores.remove = async (...asked) => {
      await gate;
      return remove(...asked);
    };
    const headers = { prefer: 'respond-async' };
    const begun = await api.ask('DELETE', `/stores/${id}?members=keep`, { headers });
    expect(begun).toMatchObject({ status: 202, json: { id, removed: false, left: 0 } });
    goOn();
  });

  it('complete: every documented success was seen', () => {
    const promised = api.contract.operations.flatMap(({ id, success }) =>
      success.map((status) => `${id} ${status}`),
    );
    expect(promised.filter((each) => !api.contract.seen.has(each))).toEqual([]);
  });
});
