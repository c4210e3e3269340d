import { ask, askIds, askJson, askUsers, simulatorsPerTest, type UserList } from './asking.ts';

const start = simulatorsPerTest();

describe('GET /api/systemusers', () => {
  it('gives ten rows and the total when no limit is given', async () => {
    const simulator = await start({ users: 30 });
    const page = await askUsers(simulator, '');
    expect(page.results).toHaveLength(10);
    expect(page.totalCount).toBe(30);
  });

  it('refuses a limit over 100 with the measured message', async () => {
    const reply = await ask(await start(), '/api/systemusers?limit=101');
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toEqual({
      message: 'Bad Request: request parameter "limit" exceeds maximum value of 100',
    });
  });

  it.each(['limit=-1', 'limit=ten', 'skip=-1', 'skip=1.5'])('refuses %s', async (query) => {
    expect((await ask(await start(), `/api/systemusers?${query}`)).status).toBe(400);
  });

  it('pages through all users once, sorted by _id', async () => {
    const simulator = await start({ users: 250 });
    const pages = await Promise.all(
      [0, 100, 200, 300].map((skip) => askIds(simulator, `sort=_id&limit=100&skip=${skip}`)),
    );
    expect(pages.map((page) => page.length)).toEqual([100, 100, 50, 0]);
    expect(pages.flat()).toEqual(simulator.people.ids);
    expect(pages.flat()).toEqual(pages.flat().toSorted());
  });

  it('gives another order, always the same, when no sort is given', async () => {
    const simulator = await start();
    const unsorted = await askIds(simulator, 'limit=100');
    expect(unsorted).not.toEqual(simulator.people.ids);
    expect(unsorted.toSorted()).toEqual(simulator.people.ids);
    expect(await askIds(simulator, 'limit=100')).toEqual(unsorted);
  });

  it('sorts by several fields separated by spaces, descending after a dash', async () => {
    const simulator = await start();
    const { results } = await askUsers(simulator, 'sort=state+-email&limit=100');
    const keys = results.map(({ state, email }) => [state, email] as const);
    const expected = keys.toSorted(([state, email], [otherState, otherEmail]) => {
      if (state !== otherState) return state < otherState ? -1 : 1;
      return email > otherEmail ? -1 : 1;
    });
    expect(keys).toEqual(expected);
    expect(await askIds(simulator, 'sort=-_id&limit=100')).toEqual(
      simulator.people.ids.toReversed(),
    );
  });

  it('silently ignores a comma-separated list of sort or fields', async () => {
    const simulator = await start();
    expect(await askIds(simulator, 'sort=email,_id&limit=100')).toEqual(
      await askIds(simulator, 'limit=100'),
    );
    const { results } = await askUsers(simulator, 'fields=email,username&limit=1');
    expect(results[0]).toHaveProperty('department');
  });

  it('gives only the named fields and the id', async () => {
    const { results } = await askUsers(await start(), 'fields=email+username&limit=1&sort=_id');
    expect(Object.keys(results[0] ?? {}).toSorted()).toEqual(['_id', 'email', 'username']);
  });

  it('filters', async () => {
    const simulator = await start({ users: 200 });
    const { people } = simulator;
    const inSales = people.all().filter(({ department }) => department === 'Sales');
    const page = await askUsers(simulator, 'filter=department:$eq:Sales&limit=100');
    expect(page.totalCount).toBe(inSales.length);
    expect(page.results.every(({ department }) => department === 'Sales')).toBe(true);
    const others = await askUsers(simulator, 'filter=department:$ne:Sales');
    expect(others.totalCount).toBe(people.size - inSales.length);
    expect((await askUsers(simulator, 'filter=department:$eq:sales')).totalCount).toBe(0);
  });

  it('filters by the exact e-mail, with any characters in it', async () => {
    const simulator = await start({ users: 200 });
    const emails = simulator.people.all().map(({ email }) => email);
    const plain = emails.find((email) => /^[a-z.]+@/.test(email));
    for (const email of [plain, ...emails.filter((one) => /[^\w.@-]/.test(one))]) {
      const filter = encodeURIComponent(`email:$eq:${email}`);
      const { results, totalCount } = await askUsers(simulator, `filter=${filter}&limit=2`);
      expect(results.map((user) => user.email)).toEqual([email]);
      expect(totalCount).toBe(1);
    }
    expect(await askIds(simulator, 'filter=email:$eq:nobody@nowhere.example')).toEqual([]);
  });

  it('filters by ids above an id', async () => {
    const simulator = await start();
    const { ids } = simulator.people;
    expect(await askIds(simulator, `filter=_id:$gt:${ids[20]}&sort=_id&limit=100`)).toEqual(
      ids.slice(21),
    );
    expect(await askIds(simulator, `filter=_id:$lte:${ids[2]}&sort=_id`)).toEqual(ids.slice(0, 3));
  });

  it('joins filters: all filter[n] must hold, and one filter[or][n]', async () => {
    const simulator = await start({ users: 200 });
    const all = simulator.people.all();
    const both = 'filter[0]=department:$eq:Sales&filter[1]=suspended:$eq:true';
    expect((await askUsers(simulator, both)).totalCount).toBe(
      all.filter(({ department, suspended }) => department === 'Sales' && suspended).length,
    );
    const either = 'filter[or][0]=department:$eq:Sales&filter[or][1]=suspended:$eq:true';
    expect((await askUsers(simulator, either)).totalCount).toBe(
      all.filter(({ department, suspended }) => department === 'Sales' || suspended).length,
    );
  });

  it.each(['department', 'department:eq:Sales', 'department:$like:Sales', 'email:$regex:('])(
    'refuses the filter %s',
    async (filter) => {
      const path = `/api/systemusers?filter=${encodeURIComponent(filter)}`;
      expect((await ask(await start(), path)).status).toBe(400);
    },
  );

  it('searches in named fields, in any case of letters', async () => {
    const simulator = await start();
    const { email, _id } = simulator.people.hire({ firstname: 'Ottoline', lastname: 'Quux' });
    expect(email).toContain('ottoline.quux');
    const query = 'search[searchTerm]=OTTOLINE&search[fields][]=firstname&search[fields][]=email';
    expect(await askIds(simulator, query)).toEqual([_id]);
    expect(await askIds(simulator, query.replaceAll('name', 'NAME').replace('email', 'x'))).toEqual(
      [],
    );
  });
});

describe('GET /api/systemusers/{id}', () => {
  it('gives the record, or the named fields of it', async () => {
    const simulator = await start();
    const [id = ''] = simulator.people.ids;
    expect(await askJson(simulator, `/api/systemusers/${id}`)).toEqual(
      JSON.parse(JSON.stringify(simulator.people.get(id))),
    );
    const part = await askJson<object>(simulator, `/api/systemusers/${id}?fields=email`);
    expect(Object.keys(part).toSorted()).toEqual(['_id', 'email']);
  });

  it('answers null for an unknown id, a removed user, and an e-mail', async () => {
    const simulator = await start();
    const { _id, email } = simulator.people.remove(simulator.people.ids[3] ?? '');
    const [other = ''] = simulator.people.ids;
    for (const id of [_id, email, '0'.repeat(24), 'x', simulator.people.get(other).email]) {
      const reply = await ask(simulator, `/api/systemusers/${encodeURIComponent(id)}`);
      expect(reply).toMatchObject({ status: 200, text: 'null' });
      expect(reply.headers.get('content-type')).toContain('application/json');
    }
  });
});

describe('POST /api/search/systemusers', () => {
  async function search(body: unknown, query = '', users = 200) {
    const simulator = await start({ users });
    const list = await askJson<UserList>(simulator, `/api/search/systemusers${query}`, {
      method: 'POST',
      body,
    });
    return { list, all: simulator.people.all() };
  }

  it('takes a bare list as all, `and` as all, `or` as any', async () => {
    const parts = [{ department: 'Sales' }, { suspended: true }];
    const bare = await search({ filter: parts });
    const and = await search({ filter: { and: parts } });
    const or = await search({ filter: { or: parts } });
    const count = (fits: (department: boolean, suspended: boolean) => boolean) =>
      bare.all.filter((user) => fits(user.department === 'Sales', user.suspended)).length;
    expect(bare.list.totalCount).toBe(count((left, right) => left && right));
    expect(and.list.totalCount).toBe(bare.list.totalCount);
    expect(or.list.totalCount).toBe(count((left, right) => left || right));
  });

  it('takes Mongo-like operators', async () => {
    const { list, all } = await search({ filter: { employeeIdentifier: { $gt: 'E10150' } } });
    const expected = all.filter(({ employeeIdentifier = '' }) => employeeIdentifier > 'E10150');
    expect(list.totalCount).toBe(expected.length);
    const found = await search({ filter: [{ jobTitle: { $regex: '^(Support|Sales) E' } }] });
    expect(found.list.totalCount).toBe(
      all.filter(({ jobTitle = '' }) => /^(Support|Sales) E/.test(jobTitle)).length,
    );
    expect(found.list.totalCount).toBeGreaterThan(0);
  });

  it('searches for one term or several', async () => {
    const { list, all } = await search({
      searchFilter: { searchTerm: ['BRIEN', 'null'], fields: ['lastname'] },
      limit: 100,
    });
    const expected = all.filter(({ lastname = '' }) => /brien|null/i.test(lastname));
    expect(expected.length).toBeGreaterThan(1);
    expect(list.totalCount).toBe(expected.length);
  });

  it('takes skip, limit, sort and fields in the body, limit and skip also in the query', async () => {
    const { list, all } = await search({ skip: 2, limit: 3, sort: '-_id', fields: 'email' });
    const ids = all.map(({ _id }) => _id).toReversed();
    expect(list.results.map(({ _id }) => _id)).toEqual(ids.slice(2, 5));
    expect(Object.keys(list.results[0] ?? {})).toHaveLength(2);
    expect((await search({}, '?limit=7')).list.results).toHaveLength(7);
  });

  it('accepts up to 1,000 rows, as the vendor’s own module requests', async () => {
    expect((await search({ limit: 1000 }, '', 150)).list.results).toHaveLength(150);
  });

  it.each(['[]', 'nonsense'])('refuses the body %s', async (body) => {
    const simulator = await start();
    const response = await fetch(`${simulator.url}/api/search/systemusers`, {
      method: 'POST',
      headers: { 'x-api-key': simulator.apiKey },
      body,
    });
    expect(response.status).toBe(400);
  });
});
