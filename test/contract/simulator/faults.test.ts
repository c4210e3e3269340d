import { FAULTS } from '../../../src/simulator/faults/faults.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { ask, askIds, askJson, askUsers, simulatorsPerTest } from './asking.ts';

const start = simulatorsPerTest();

/** Every listed id, page after page until an empty one, as a client without overlap reads them. */
async function walk(simulator: Simulator, limit = 20): Promise<readonly string[]> {
  const found: string[] = [];
  for (let skip = 0; skip < 1000; skip += limit) {
    const page = await askIds(simulator, `sort=_id&limit=${limit}&skip=${skip}`);
    if (page.length === 0) break;
    found.push(...page);
  }
  return found;
}

async function statusesById(simulator: Simulator, ids = simulator.people.ids) {
  const replies = await Promise.all(ids.map((id) => ask(simulator, `/api/systemusers/${id}`)));
  return new Set(replies.map(({ status }) => status));
}

describe('faults of the listing', () => {
  it('empty-listing: nobody is listed, each answers by id', async () => {
    const simulator = await start({ faults: ['empty-listing'] });
    expect(await askUsers(simulator)).toEqual({ results: [], totalCount: 0 });
    expect(await statusesById(simulator)).toEqual(new Set([200]));
  });

  it('lying-total-high and lying-total-low: the total is off, by five or as many as told', async () => {
    const totals: number[] = [];
    for (const fault of ['lying-total-high', 'lying-total-low', 'lying-total-low=9']) {
      const simulator = await start({ faults: [fault] });
      totals.push((await askUsers(simulator)).totalCount);
      expect(await walk(simulator)).toEqual(simulator.people.ids);
    }
    expect(totals).toEqual([55, 45, 41]);
  });

  it('withhold-rows: always the same ones are missing, though counted and there by id', async () => {
    const simulator = await start({ faults: ['withhold-rows=20'] });
    const listed = await walk(simulator);
    expect(listed).toHaveLength(48);
    expect(await walk(simulator, 7)).toEqual(listed);
    expect((await askUsers(simulator)).totalCount).toBe(50);
    expect(await statusesById(simulator)).toEqual(new Set([200]));
    const few = await start({ users: 3, faults: ['withhold-rows'] });
    expect(await walk(few)).toHaveLength(2);
  });

  it('subset-listing: they are not even counted', async () => {
    const simulator = await start({ faults: ['subset-listing'] });
    expect(await walk(simulator)).toHaveLength(45);
    expect((await askUsers(simulator)).totalCount).toBe(45);
    expect(await statusesById(simulator)).toEqual(new Set([200]));
  });

  it('cut-listing: rows end early, the total is true', async () => {
    const simulator = await start({ faults: ['cut-listing=25'] });
    expect(await walk(simulator)).toEqual(simulator.people.ids.slice(0, 25));
    expect((await askUsers(simulator)).totalCount).toBe(50);
  });

  it('filter-refused and ignore-filter: no search by a field', async () => {
    const search = 'filter=email:$eq:nobody@nowhere.example';
    const refusing = await start({ faults: ['filter-refused'] });
    expect((await ask(refusing, `/api/systemusers?${search}`)).status).toBe(400);
    expect((await ask(refusing, '/api/systemusers')).status).toBe(200);
    const ignoring = await start({ faults: ['ignore-filter'] });
    expect(await askUsers(ignoring, search)).toMatchObject({ totalCount: 50 });
  });

  it('ignore-sort: the order is nobody’s', async () => {
    const simulator = await start({ faults: ['ignore-sort'] });
    const ids = await askIds(simulator);
    expect(ids).not.toEqual(simulator.people.ids);
    expect(ids.toSorted()).toEqual(simulator.people.ids);
  });

  it('ignore-skip: every page is the first', async () => {
    const simulator = await start({ faults: ['ignore-skip'] });
    expect(await askIds(simulator, 'sort=_id&skip=40')).toEqual(simulator.people.ids.slice(0, 10));
  });

  it('shift-left: once, somebody on the first page is deleted and a naive walk misses another', async () => {
    const simulator = await start({ faults: ['shift-left'] });
    const before = [...simulator.people.ids];
    const listed = await walk(simulator);
    expect(simulator.people.size).toBe(49);
    expect(before.filter((id) => !listed.includes(id))).toEqual([before[20]]);
    expect(await walk(simulator)).toEqual(before.slice(1));
  });

  it('shift-right: once, somebody appears before and a naive walk lists one twice', async () => {
    const simulator = await start({ faults: ['shift-right'] });
    const before = [...simulator.people.ids];
    const listed = await walk(simulator);
    expect(simulator.people.size).toBe(51);
    expect(listed.filter((id, at) => listed.indexOf(id) !== at)).toEqual([before[19]]);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it('hire-midway: once, somebody is hired while the listing goes on', async () => {
    const simulator = await start({ faults: ['hire-midway'] });
    expect(await walk(simulator)).toHaveLength(51);
    expect(await walk(simulator)).toHaveLength(51);
  });

  it('seam-withheld: the rows at the border between pages are on neither', async () => {
    const simulator = await start({ faults: ['seam-withheld'] });
    const { ids } = simulator.people;
    expect(await askIds(simulator, 'sort=_id&limit=20')).toEqual(ids.slice(0, 19));
    expect(await askIds(simulator, 'sort=_id&limit=20&skip=19')).toEqual(ids.slice(20, 38));
    expect(await askIds(simulator, 'sort=_id&limit=20&skip=38')).toEqual(ids.slice(39));
  });

  it('short-pages: null records take up room, in listings of users and of members', async () => {
    const simulator = await start({ users: 100, faults: ['short-pages'] });
    const pages = await Promise.all(
      [0, 50, 100].map((skip) => askIds(simulator, `sort=_id&limit=50&skip=${skip}`)),
    );
    expect(pages.map((page) => page.length)).toEqual([45, 45, 10]);
    expect(pages.flat()).toEqual(simulator.people.ids);
    expect((await askUsers(simulator)).totalCount).toBe(111);
    expect(await askIds(simulator, 'sort=_id&limit=1&skip=9')).toEqual([]);
    const group = simulator.people.groups.create('Everybody');
    for (const id of simulator.people.ids) simulator.people.groups.addMember(group.id, id);
    const reply = await ask(simulator, `/api/v2/usergroups/${group.id}/members?limit=100`);
    expect(JSON.parse(reply.text)).toHaveLength(90);
    expect(reply.headers.get('x-total-count')).toBe('111');
  });

  it('duplicate-row: each page lists one twice', async () => {
    const simulator = await start({ faults: ['duplicate-row'] });
    const [first = '', second = ''] = simulator.people.ids;
    expect(await askIds(simulator, 'sort=_id&limit=2')).toEqual([first, first, second]);
  });

  it('row-without-id: a row has no _id, the record by id has', async () => {
    const simulator = await start({ faults: ['row-without-id=5'] });
    const { results } = await askUsers(simulator);
    expect(results.map((row) => '_id' in row).indexOf(false)).toBe(5);
    const victim = await askJson(simulator, `/api/systemusers/${simulator.people.ids[5]}`);
    expect(victim).toHaveProperty('_id');
  });

  it.each([
    ['bad-email-row', { email: 'not an address' }],
    ['wrong-types-row', { department: 42, suspended: 'false', email: ['a', 'b'] }],
  ])('%s: one record is wrong, in the listing and by id', async (fault, wrong) => {
    const simulator = await start({ faults: [fault] });
    const { results } = await askUsers(simulator);
    expect(results[3]).toMatchObject(wrong);
    expect(results.filter(({ email }) => String(email).includes('@'))).toHaveLength(49);
    const victim = await askJson(simulator, `/api/systemusers/${simulator.people.ids[3]}`);
    expect(victim).toMatchObject(wrong);
  });

  it('duplicate-email-row: two people have one address, in other letters’ case', async () => {
    const simulator = await start({ faults: ['duplicate-email-row'] });
    const { results } = await askUsers(simulator);
    expect(results[3]?.email.toLowerCase()).toBe(results[0]?.email.toLowerCase());
    expect(results[3]?.email).not.toBe(results[0]?.email);
  });
});

describe('faults of whole answers', () => {
  const path = '/api/systemusers?sort=_id';

  it.each([
    ['always-500', 500, 'application/json'],
    ['bad-gateway-html', 502, 'text/html'],
    ['rate-limited', 429, 'application/json'],
    ['login-redirect', 302, 'text/plain'],
    ['login-page', 200, 'text/html'],
    ['forbidden', 403, 'application/json'],
    ['listing-500', 500, 'application/json'],
  ])('%s: a listing is answered %i with %s', async (fault, status, contentType) => {
    const reply = await ask(await start({ faults: [fault] }), path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain(contentType);
    expect(reply.headers.has('retry-after')).toBe(false);
  });

  it('server-errors: every Nth is a 500', async () => {
    const simulator = await start({ faults: ['server-errors=2'] });
    const statuses: number[] = [];
    for (let asked = 0; asked < 5; asked += 1) statuses.push((await ask(simulator, path)).status);
    expect(statuses).toEqual([200, 500, 200, 500, 200]);
  });

  it('unauthorized-midway: the key is good for so many requests', async () => {
    const simulator = await start({ faults: ['unauthorized-midway=2'] });
    const statuses: number[] = [];
    for (let asked = 0; asked < 4; asked += 1) statuses.push((await ask(simulator, path)).status);
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it('reset: the connection breaks after the headers', async () => {
    const simulator = await start({ faults: ['reset'] });
    const response = await fetch(simulator.url + path, {
      headers: { 'x-api-key': simulator.apiKey },
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('silent: nothing comes back', async () => {
    const simulator = await start({ faults: ['silent'] });
    const giveUp = new AbortController();
    const asked = ask(simulator, path, { signal: giveUp.signal });
    while (simulator.requests.length === 0) await ask(simulator, '/_simulator/state');
    giveUp.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(simulator.requests[0]?.status).toBeNull();
  });

  it.each(['truncated-json', 'malformed-json'])('%s: a 200 that is no JSON', async (fault) => {
    const reply = await ask(await start({ faults: [fault] }), path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toContain('application/json');
    expect(() => JSON.parse(reply.text) as unknown).toThrow(SyntaxError);
  });

  it.each([
    ['by-id-500', 500, 'application/json'],
    ['by-id-html-404', 404, 'text/html'],
    ['by-id-all-404', 404, 'application/json'],
  ])('%s: by id %i with %s, the listing is fine', async (fault, status, contentType) => {
    const simulator = await start({ faults: [fault] });
    const reply = await ask(simulator, `/api/systemusers/${simulator.people.ids[0]}`);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain(contentType);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it('other-organization: organization, people and ids are somebody else’s', async () => {
    const simulator = await start();
    const own = { ids: await askIds(simulator), organizations: '/api/organizations' };
    const before = await askJson(simulator, own.organizations);
    simulator.setFaults(['other-organization']);
    expect(await askJson(simulator, own.organizations)).not.toEqual(before);
    const { results } = await askUsers(simulator);
    expect(results).toHaveLength(50);
    expect(results.some(({ _id }) => own.ids.includes(_id))).toBe(false);
    expect(new Set(results.map(({ organization }) => organization))).toEqual(
      new Set(['f'.repeat(24)]),
    );
  });

  it('group-missing and group-500: groups fail, people do not', async () => {
    const simulator = await start({ faults: ['group-missing'] });
    const { id } = simulator.people.groups.find('Sales') ?? { id: '' };
    const [userId] = simulator.people.ids;
    const lists = ['/api/v2/usergroups', `/api/v2/users/${userId}/memberof`];
    const single = [`/api/v2/usergroups/${id}`, `/api/v2/usergroups/${id}/members`];
    for (const list of lists) expect(await askJson(simulator, list)).toEqual([]);
    for (const one of single) expect((await ask(simulator, one)).status).toBe(404);
    simulator.setFaults(['group-500']);
    for (const any of [...lists, ...single]) expect((await ask(simulator, any)).status).toBe(500);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });
});

describe('setting faults', () => {
  it('combines several, and ends them', async () => {
    const simulator = await start({ faults: ['withhold-rows', 'lying-total-low=5'] });
    expect(await askUsers(simulator)).toMatchObject({ totalCount: 45 });
    expect(await walk(simulator)).toHaveLength(45);
    simulator.setFaults([]);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it.each([
    ['shift-lft', 'Did you mean shift-left?'],
    ['toString', 'There is no fault "toString".'],
    ['forbidden=3', 'takes no number'],
    ['server-errors=often', 'a whole number'],
  ])('refuses %s', async (fault, words) => {
    await expect(start({ faults: [fault] })).rejects.toThrow(words);
    const simulator = await start({ faults: ['forbidden'] });
    expect(() => simulator.setFaults([fault])).toThrow(words);
    expect((await ask(simulator, '/api/organizations')).status).toBe(403);
  });

  it('describes every fault in one line', () => {
    for (const { name, description } of FAULTS) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(description).toMatch(/^[^\n]{10,110}\.$/);
    }
  });
});
