import { ask, askIds, askJson, askUsers, outcomes, simulatorsPerTest, walk } from './asking.ts';

const start = simulatorsPerTest();

describe('faults of whole answers', () => {
  const path = '/api/systemusers?sort=_id';

  it.each([
    ['always-500', 500, 'application/json'],
    ['always-503', 503, 'application/json'],
    ['bad-gateway-html', 502, 'text/html'],
    ['rate-limited', 429, 'application/json'],
    ['login-redirect', 302, 'text/plain'],
    ['login-page', 200, 'text/html'],
    ['forbidden', 403, 'application/json'],
    ['unauthorized', 401, 'application/json'],
    ['listing-500', 500, 'application/json'],
  ])('%s: a listing is answered %i with %s', async (fault, status, contentType) => {
    const reply = await ask(await start({ faults: [fault] }), path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain(contentType);
    expect(reply.headers.has('retry-after')).toBe(false);
  });

  it.each([
    ['server-errors=2', [200, 500, 200, 500, 200]],
    ['unauthorized-midway=2', [200, 200, 401, 401, 401]],
    ['forbidden-midway=3', [200, 200, 200, 403, 403]],
    ['rate-limited-every=2', [200, 429, 200, 429, 200]],
    ['rate-limited-first=3', [429, 429, 429, 200, 200]],
  ])('%s: requests have the results %j', async (fault, expected) => {
    const simulator = await start({ faults: [fault] });
    expect(await outcomes(simulator, path, 5)).toEqual(expected);
  });

  it('retry-after: a storm states how long it lasts, ends, and comes again', async () => {
    const simulator = await start({ faults: ['retry-after=7'] });
    await ask(simulator, path);
    const { status, headers } = await ask(simulator, path);
    expect([status, headers.get('retry-after')]).toEqual([429, '7']);
    const calm = Array.from({ length: 17 }, () => 200);
    expect(await outcomes(simulator, path, 23)).toEqual([429, 429, ...calm, 429, 429, 429, 200]);
  });

  it('random-errors: so many in a hundred fail, in every way, and as the seed determines', async () => {
    const simulator = await start({ faults: ['random-errors=50'] });
    const found = await outcomes(simulator, path, 100);
    const fine = found.filter((outcome) => outcome === 200).length;
    expect(fine).toBeGreaterThan(30);
    expect(fine).toBeLessThan(70);
    expect(new Set(found)).toEqual(new Set([200, 500, 502, 503, 429, 'broken', 'cut']));
    simulator.setFaults(['random-errors=50']);
    expect(await outcomes(simulator, path, 100)).toEqual(found);
    const otherwise = await start({ seed: 2, faults: ['random-errors=50'] });
    expect(await outcomes(otherwise, path, 100)).not.toEqual(found);
    simulator.setFaults(['random-errors=0']);
    expect(new Set(await outcomes(simulator, path, 10))).toEqual(new Set([200]));
  });

  it('reset: the connection breaks after the headers', async () => {
    const simulator = await start({ faults: ['reset'] });
    const response = await fetch(simulator.url + path, {
      headers: { 'x-api-key': simulator.apiKey },
    });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('silent: no answer is sent', async () => {
    const simulator = await start({ faults: ['silent'] });
    const giveUp = new AbortController();
    const asked = ask(simulator, path, { signal: giveUp.signal });
    while (simulator.requests.length === 0) await ask(simulator, '/_simulator/state');
    giveUp.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(simulator.requests[0]?.status).toBeNull();
  });

  it('hang: every Nth request gets no answer', async () => {
    const simulator = await start({ faults: ['hang=3'] });
    expect(await outcomes(simulator, path, 2)).toEqual([200, 200]);
    const giveUp = new AbortController();
    const asked = ask(simulator, path, { signal: giveUp.signal });
    while (simulator.requests.length < 3) await ask(simulator, '/_simulator/state');
    giveUp.abort();
    await expect(asked).rejects.toThrow('aborted');
    expect(await outcomes(simulator, path, 2)).toEqual([200, 200]);
    expect(simulator.requests.map(({ status }) => status)).toEqual([200, 200, null, 200, 200]);
  });

  it('slow-drip: the headers come at once, the rest later, or never when the simulator closes', async () => {
    const simulator = await start({ faults: ['slow-drip=1'] });
    expect(await walk(simulator)).toEqual(simulator.people.ids);
    simulator.setFaults(['slow-drip=900000000']);
    const response = await fetch(simulator.url + path, {
      headers: { 'x-api-key': simulator.apiKey },
    });
    expect(response.status).toBe(200);
    await simulator.close();
    await expect(response.text()).rejects.toThrow('terminated');
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

  it('not-found-flaps: by id every Nth request is a 404 in JSON, for any user', async () => {
    const simulator = await start({ faults: ['not-found-flaps=3'] });
    const byId = `/api/systemusers/${simulator.people.ids[0]}`;
    expect(await outcomes(simulator, byId, 6)).toEqual([200, 200, 404, 200, 200, 404]);
    expect(await walk(simulator)).toEqual(simulator.people.ids);
  });

  it('other-organization: organization, users and ids belong to another organization', async () => {
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

  it('group-missing and group-500: groups fail, users do not', async () => {
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

  it.each([
    ['group-members-cut=3', '6', '2'],
    ['group-members-subset=3', '3', '2'],
  ])('%s: memberships end early, and %s are stated', async (fault, stated, groups) => {
    const simulator = await start({ groups: 0, faults: [fault] });
    const { people } = simulator;
    const [crew, pilots] = ['Crew', 'Pilots'].map((name) => people.groups.create(name).id);
    for (const id of people.ids.slice(0, 6)) people.groups.addMember(crew ?? '', id);
    people.groups.addMember(pilots ?? '', people.ids[0] ?? '');
    for (const kind of ['members', 'membership']) {
      const whole = await ask(simulator, `/api/v2/usergroups/${crew}/${kind}?limit=100`);
      expect(JSON.parse(whole.text)).toHaveLength(3);
      expect(whole.headers.get('x-total-count')).toBe(stated);
      const next = `/api/v2/usergroups/${crew}/${kind}?limit=2&skip=2`;
      expect(await askJson(simulator, next)).toHaveLength(1);
    }
    const own = await ask(simulator, `/api/v2/users/${people.ids[0]}/memberof`);
    expect(own.headers.get('x-total-count')).toBe(groups);
    simulator.setFaults([fault.replace('3', '1')]);
    expect(await askJson(simulator, `/api/v2/users/${people.ids[0]}/memberof`)).toHaveLength(1);
    expect(await askJson(simulator, '/api/v2/usergroups')).toHaveLength(2);
  });
});
