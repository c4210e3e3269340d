import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { ask, askJson, askUsers, simulatorsPerTest } from './asking.ts';

const start = simulatorsPerTest();
const path = '/api/systemusers?limit=1';

describe('an API key', () => {
  it('is required: without one, a redirect to the login page, which is HTML', async () => {
    const simulator = await start();
    const reply = await ask(simulator, path, { headers: { 'x-api-key': '' } });
    expect(reply.status).toBe(302);
    expect(reply.headers.get('location')).toBe('/login');
    const page = await ask(simulator, '/login', { headers: { 'x-api-key': '' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
  });

  it('is refused with the measured message when it is wrong', async () => {
    const reply = await ask(await start(), path, { headers: { 'x-api-key': 'jca_wrong' } });
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text)).toEqual({
      error: 'Unauthorized',
      message: 'Unauthorized: api key user not found',
    });
  });

  it('is seeded and has the form of new keys, or is the given one', async () => {
    const [one, same, other] = [await start(), await start(), await start({ seed: 2 })];
    expect(one.apiKey).toMatch(/^jca_[0-9a-zA-Z]{20,}$/);
    expect(same.apiKey).toBe(one.apiKey);
    expect(other.apiKey).not.toBe(one.apiKey);
    expect(other.organization).not.toEqual(one.organization);
    const given = await start({
      apiKey: 'jca_given',
      organization: { id: 'a'.repeat(24), name: 'A' },
    });
    expect((await askUsers(given, 'limit=1')).results[0]?.organization).toBe('a'.repeat(24));
    expect((await ask(given, path, { headers: { 'x-api-key': 'jca_given' } })).status).toBe(200);
  });
});

describe('the organizations of a key', () => {
  const extraOrganizations = [{ id: 'b'.repeat(24), name: 'Branch', users: 3 }];

  function statusWith(simulator: Simulator, id: string, of = path) {
    return ask(simulator, of, { headers: { 'x-org-id': id } }).then(({ status }) => status);
  }

  it('are listed, several for a multi-tenant key', async () => {
    const single = await start();
    expect(await askJson(single, '/api/organizations')).toEqual({
      results: [
        { _id: single.organization.id, displayName: single.organization.name, logoUrl: '' },
      ],
      totalCount: 1,
    });
    const several = await start({ extraOrganizations });
    const list = await askJson<{ results: { _id: string }[] }>(
      several,
      '/api/organizations/?sort=-_id',
    );
    expect(list.results.map(({ _id }) => _id)).toEqual(['b'.repeat(24), several.organization.id]);
  });

  it('follow x-org-id as described: 401 missing, 400 malformed, 404 unknown, 403 where not allowed', async () => {
    const simulator = await start({ extraOrganizations });
    const own = simulator.organization.id;
    expect(await statusWith(simulator, '')).toBe(401);
    expect(await statusWith(simulator, 'not-an-id')).toBe(400);
    expect(await statusWith(simulator, '0'.repeat(24))).toBe(404);
    expect(await statusWith(simulator, own, '/api/organizations')).toBe(403);
    expect(await statusWith(simulator, own)).toBe(200);
  });

  it('have each their own users', async () => {
    const simulator = await start({ extraOrganizations });
    const listing = await askJson<{ totalCount: number; results: { organization: string }[] }>(
      simulator,
      '/api/systemusers',
      { headers: { 'x-org-id': 'b'.repeat(24) } },
    );
    expect(listing.totalCount).toBe(3);
    expect(listing.results.every(({ organization }) => organization === 'b'.repeat(24))).toBe(true);
  });

  it('need no x-org-id for a single-tenant key, which may still send its own', async () => {
    const simulator = await start();
    expect(await statusWith(simulator, simulator.organization.id)).toBe(200);
    expect(await statusWith(simulator, '0'.repeat(24))).toBe(404);
    const blank = await fetch(simulator.url + path, {
      headers: { 'x-api-key': simulator.apiKey, 'x-org-id': '' },
    });
    expect(blank.status).toBe(200);
  });
});

describe('a service account', () => {
  interface Token {
    readonly access_token: string;
    readonly expires_in: number;
  }

  function requestToken(simulator: Simulator, { secret = '', grant = 'client_credentials' } = {}) {
    const { clientId, clientSecret } = simulator.serviceAccount;
    const pair = Buffer.from(`${clientId}:${secret || clientSecret}`).toString('base64');
    return fetch(`${simulator.url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${pair}` },
      body: new URLSearchParams({ grant_type: grant, scope: 'api' }),
    });
  }

  function statusWith(simulator: Simulator, token: string) {
    const headers = { 'x-api-key': '', authorization: `Bearer ${token}` };
    return ask(simulator, path, { headers }).then(({ status }) => status);
  }

  it('gets a token that the API accepts, until it expires', async () => {
    let time = 1_000_000;
    const simulator = await start({ now: () => time });
    const long = (await (await requestToken(simulator)).json()) as Token;
    expect(long.expires_in).toBe(3600);
    simulator.setTokenLifetime(60);
    const short = (await (await requestToken(simulator)).json()) as Token;
    expect(short.expires_in).toBe(60);
    time += 59_000;
    expect(await statusWith(simulator, short.access_token)).toBe(200);
    time += 1000;
    expect(await statusWith(simulator, short.access_token)).toBe(401);
    expect(await statusWith(simulator, long.access_token)).toBe(200);
    expect(await statusWith(simulator, 'made-up')).toBe(401);
  });

  it('is refused with a wrong secret or another grant', async () => {
    const simulator = await start();
    const wrong = await requestToken(simulator, { secret: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ error: 'invalid_client' });
    const password = await requestToken(simulator, { grant: 'password' });
    expect(password.status).toBe(400);
    expect(await password.json()).toMatchObject({ error: 'unsupported_grant_type' });
  });
});

describe('the server', () => {
  it('answers 429 above the rate, without saying when to retry', async () => {
    let time = 0;
    const simulator = await start({ ratePerSecond: 2, now: () => time });
    const statuses = async (count: number) => {
      const found: number[] = [];
      for (let asked = 0; asked < count; asked += 1)
        found.push((await ask(simulator, path)).status);
      return found;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    const refused = await ask(simulator, path);
    expect(refused.headers.has('retry-after')).toBe(false);
    time += 500;
    expect(await statuses(2)).toEqual([200, 429]);
    simulator.setRate(0);
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 200]);
  });

  it('logs the requests and their answers', async () => {
    const simulator = await start();
    await ask(simulator, '/api/systemusers?sort=_id&limit=100&filter=email:$eq:a+b');
    await ask(simulator, '/api/nowhere', { method: 'DELETE' });
    expect(simulator.requests).toEqual([
      {
        method: 'GET',
        path: '/api/systemusers',
        query: { sort: '_id', limit: '100', filter: 'email:$eq:a b' },
        status: 200,
      },
      { method: 'DELETE', path: '/api/nowhere', query: {}, status: 404 },
    ]);
    simulator.clearRequests();
    expect(simulator.requests).toEqual([]);
  });

  it('closes while requests wait for its latency', async () => {
    const simulator = await start({ latencyMs: 3_600_000 });
    const pending = ask(simulator, path).catch((error: unknown) => error);
    const direct = await ask(simulator, '/_simulator/state');
    expect(direct.status).toBe(200);
    await simulator.close();
    expect(await pending).toMatchObject({ message: 'fetch failed' });
  });

  it('lets any number of requests wait at once, without a warning of the process', async () => {
    const program = `
      import { startSimulator } from './src/simulator/simulator.ts';
      const { url, apiKey, close } = await startSimulator({ latencyMs: 1000 });
      const headers = { 'x-api-key': apiKey };
      const answers = Array.from({ length: 20 }, () => fetch(url + '${path}', { headers }));
      console.log((await Promise.all(answers)).map(({ status }) => status).join());
      await close();`;
    const command = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
    expect([stdout, stderr]).toEqual([`${Array(20).fill(200).join()}\n`, '']);
  });

  it('drops a request whose client leaves before the answer is due', async () => {
    const simulator = await start({ latencyMs: 500 });
    const leaving = new AbortController();
    const left = ask(simulator, '/api/left', { signal: leaving.signal }).catch(() => 'left');
    await wait(100);
    leaving.abort();
    expect(await left).toBe('left');
    await ask(simulator, '/api/stayed');
    expect(simulator.requests.map((request) => request.path)).toEqual(['/api/stayed']);
  });

  it('refuses a port that is taken', async () => {
    const simulator = await start();
    const port = Number(new URL(simulator.url).port);
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
  });
});
