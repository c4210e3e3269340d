import { createExpressions } from '../../../src/expressions/index.ts';
import { type ApiWorld, apiKey, openApiWorld } from '../../fakes/api-world.ts';
import { blocking } from '../expressions/bombs.ts';

describe('the API under attack', () => {
  let api: ApiWorld;
  beforeAll(async () => {
    api = await openApiWorld({ expressions: createExpressions() });
  });
  afterAll(() => api.close());

  /** For tests that count requests. */
  function startAfresh(): void {
    let shared: ApiWorld;
    beforeEach(async () => {
      shared = api;
      api = await openApiWorld({ expressions: createExpressions() });
    });
    afterEach(async () => {
      await api.close();
      api = shared;
    });
  }

  const withoutToken = (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ) => api.ask(method, path, { as: 'none', headers, ...(body !== undefined && { body }) });
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

  describe('takes no operator as a value', () => {
    it.each([
      ['POST', '/session', { token: { $ne: '' } }],
      ['POST', '/members/why', { email: { $gt: '' } }],
      ['POST', '/members/erase', { email: { $regex: '.*' }, confirm: true }],
      ['PATCH', '/stores/store1', { owner: { $ne: null } }],
      ['POST', '/runs/run1/approve', { records: [{ $gt: '' }] }],
    ])('in the body of %s %s', async (method, path, body) => {
      expect((await api.ask(method, path, { body })).status).toBe(400);
    });

    it.each([
      'members?store[$ne]=x',
      'members?status[$in][]=active',
      'members?email[$regex]=.*',
      'runs?store[$gt]=',
      'audit?by[$ne]=x',
    ])('in the query of /%s', async (path) => {
      const { status, json } = await api.get(`/${path}`);
      expect(status).toBe(400);
      expect(json).toMatchObject({ errors: [{ message: 'no such key' }] });
    });

    it('in a prefix, a cursor or a path', async () => {
      await api.ask('POST', '/members', {
        body: { email: 'ada@acme.test', firstName: 'Ada', lastName: 'L' },
      });
      expect((await api.get('/members?email=.*')).json.items).toEqual([]);
      expect((await api.get('/members/%7B%22%24ne%22%3Anull%7D')).status).toBe(404);
      const cursor = Buffer.from(JSON.stringify(['members by id', { $gt: '' }]));
      expect((await api.get(`/members?cursor=${cursor.toString('base64url')}`)).status).toBe(400);
    });
  });

  it('takes no cursor of another list', async () => {
    for (const n of [1, 2, 3]) {
      api.world.directory.set({ id: `u${n}`, email: `u${n}@acme.test` });
    }
    const store = await api.addStore('acme1');
    const runs: string[] = [];
    for (const mode of ['plan', 'full']) {
      runs.push((await api.ask('POST', `/stores/${store}/runs`, { body: { mode } })).json.id);
      await api.work();
    }
    const { next } = (await api.get(`/runs/${runs[0]}/records?limit=1`)).json;
    expect((await api.get(`/runs/${runs[0]}/records?cursor=${next}`)).json.items).toHaveLength(2);
    expect((await api.get(`/runs/${runs[1]}/records?cursor=${next}`)).status).toBe(400);
    expect((await api.get(`/members?cursor=${next}`)).status).toBe(400);
    const members = (await api.get('/members?limit=1')).json.next;
    expect((await api.get(`/members?store=${store}&cursor=${members}`)).status).toBe(400);
  });

  it('decides on no record of another run, and undoes no run by another’s id', async () => {
    const store = await api.addStore('acme2');
    const { id } = (await api.ask('POST', `/stores/${store}/runs`)).json;
    await api.work();
    const body = { records: ['somebody-elses'] };
    const { status, json } = await api.ask('POST', `/runs/${id}/approve`, { body });
    expect(status).toBe(400);
    expect(json['detail']).toContain('somebody-elses');
    expect((await api.ask('POST', `/runs/${store}/undo`)).status).toBe(404);
    expect((await api.get(`/stores/${id}`)).status).toBe(404);
  });

  it('makes no actor the owner of a store who may not change it', async () => {
    const store = await api.addStore('acme3');
    for (const owner of ['viewer', 'nothing', 'rc_owner']) {
      const { status } = await api.ask('PATCH', `/stores/${store}`, { body: { owner } });
      expect(status).toBe(400);
    }
    expect((await api.get(`/stores/${store}`)).json['owner']).toBe('token:owner');
  });

  describe('reads no JSON that', () => {
    it.each([
      ['is larger than 64 KiB', JSON.stringify({ token: 'x'.repeat(70_000) }), 413],
      ['is nested thirty thousand deep', '['.repeat(30_000) + ']'.repeat(30_000), 400],
      ['would change what all objects have', '{"__proto__":{"role":"owner"}}', 400],
      ['would replace a constructor', '{"constructor":{"prototype":{"role":"owner"}}}', 400],
      ['is cut off', '{"token":', 400],
      ['is none', 'token=x', 400],
    ])('%s', async (_what, body, status) => {
      const headers = { 'content-type': 'application/json' };
      expect((await withoutToken('POST', '/session', headers, body)).status).toBe(status);
      expect(({} as { role?: string }).role).toBeUndefined();
    });

    it('is nested deep where a section of a store file is expected', async () => {
      const store = await api.addStore('acme4');
      const deep = `{"criteria":{"users":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}}`;
      const { status } = await api.ask('PATCH', `/stores/${store}/configuration`, {
        headers: { 'if-match': '*' },
        body: deep,
      });
      expect(status).toBe(400);
    });

    it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])(
      'comes as %s',
      async (type) => {
        const body = JSON.stringify({ name: 'x', role: 'owner' });
        const headers = { 'content-type': type, ...bearer('rc_owner') };
        expect((await withoutToken('POST', '/tokens', headers, body)).status).toBe(415);
      },
    );
  });

  describe('believes no header that', () => {
    startAfresh();
    it.each([
      ['names another scheme', 'Basic cmNfb3duZXI6'],
      ['has no token', 'Bearer '],
      ['has two', 'Bearer rc_owner rc_owner'],
      ['is far too long', `Bearer rc_${'x'.repeat(4000)}`],
      ['is of a token that there is none of', 'Bearer rc_nothing'],
    ])('%s', async (_what, authorization) => {
      expect((await withoutToken('GET', '/stores', { authorization })).status).toBe(401);
    });

    it('does not let a cookie replace a wrong token', async () => {
      const cookie = await api.http.signIn('rc_owner');
      expect((await withoutToken('GET', '/stores', { cookie })).status).toBe(200);
      const both = { cookie, ...bearer('rc_nothing') };
      expect((await withoutToken('GET', '/stores', both)).status).toBe(401);
    });

    it('names another sender or another method', async () => {
      const headers = { 'x-forwarded-for': '203.0.113.9', 'x-http-method-override': 'DELETE' };
      await api.ask('POST', '/tokens', { headers, body: { name: 'x', role: 'viewer' } });
      expect(api.world.audit.all).toMatchObject([{ action: 'token-created', from: '127.0.0.1' }]);
    });
  });

  describe('refuses requests of another site', () => {
    startAfresh();
    it.each(['https://evil.test', 'null', 'http://127.0.0.1:1'])('such as %s', async (origin) => {
      const cookie = await api.http.signIn('rc_owner');
      const headers = { cookie, origin, 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'x', role: 'owner' });
      expect((await withoutToken('POST', '/tokens', headers, body)).status).toBe(403);
      expect(api.world.tokens.all.size).toBe(3);
    });

    it('nor lets another site read', async () => {
      const { headers } = await api.ask('GET', '/stores', {
        headers: { origin: 'https://evil.test' },
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    });
  });

  describe('limits', () => {
    startAfresh();
    const times = async (count: number, ask: () => Promise<{ status: number }>) => {
      for (let n = 0; n < count; n += 1) expect((await ask()).status).not.toBe(429);
      return ask();
    };

    it('wrong tokens from one address, and still accepts right ones', async () => {
      const wrong = () => withoutToken('GET', '/stores', bearer('rc_nothing'));
      expect((await times(10, wrong)).status).toBe(429);
      const body = JSON.stringify({ token: 'wrong' });
      const headers = { 'content-type': 'application/json' };
      const refused = await withoutToken('POST', '/session', headers, body);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await api.get('/stores')).status).toBe(200);
    });

    it('endless requests of a token, and of no other token', async () => {
      expect((await times(1_200, () => api.get('/session', 'viewer'))).status).toBe(429);
      expect((await api.get('/session', 'admin')).status).toBe(200);
    });

    it('what is computed for a token, and not for another one', async () => {
      const store = await api.addStore('acme8');
      const nextRuns = (who: 'viewer' | 'admin') => api.get(`/stores/${store}/next-runs`, who);
      expect((await times(120, () => nextRuns('viewer'))).status).toBe(429);
      expect((await nextRuns('admin')).status).toBe(200);
      expect((await api.get('/session', 'viewer')).status).toBe(200);
    });

    it('questions to a directory', async () => {
      const store = await api.addStore('acme5');
      const question = () => api.get(`/stores/${store}/attributes`);
      expect((await times(30, question)).status).toBe(429);
    });
  });

  it('never returns a secret, and never logs one', async () => {
    const store = await api.addStore('acme6');
    const key = { type: 'api-key', apiKey: 'jca_other secret' };
    const answers = [
      await api.get('/stores'),
      await api.get(`/stores/${store}`),
      await api.get(`/stores/${store}/configuration`),
      await api.get('/tokens'),
      await api.get('/audit'),
      await api.ask('POST', `/stores/${store}/reauthorize`, { body: { credential: key } }),
      await api.ask('POST', `/stores/${store}/reauthorize`, {
        body: { credential: { type: 'jca_other secret' } },
      }),
      await api.ask('POST', '/session', { as: 'none', body: { token: 'jca_other secret' } }),
    ];
    const told = answers.map(({ text }) => text).join('\n') + api.http.logged.join('\n');
    for (const secret of [apiKey.apiKey, 'jca_other', 'rc_owner']) {
      expect(told).not.toContain(secret);
    }
  });

  it('stops an endless expression', async () => {
    api.world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    const store = await api.addStore('acme7');
    const preview = (expression: string) =>
      api.ask('POST', `/stores/${store}/mapping-preview`, {
        body: { mapping: { displayName: { expression } } },
      });
    expect((await preview('$eval("1")')).status).toBe(400);
    expect((await preview('($f := function($x){ $f($x + 1) }; $f(1))')).text).toContain(
      'Evaluation timeout',
    );
    const order: string[] = [];
    const blocked = preview(blocking).then((answer) => {
      order.push('the preview');
      return answer;
    });
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await api.get('/stores')).status).toBe(200);
      order.push('another question');
    }
    expect((await blocked).text).toContain('the expression took longer than 2 seconds');
    expect(order.at(-1)).toBe('the preview');
  });

  it('answers nothing that a browser would show or store', async () => {
    const { headers } = await api.get('/stores');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});
