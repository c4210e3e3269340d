import { type ClientRequest, request } from 'node:http';
import { type Answer, aUser, openScimWorld, type ScimWorld, valuesOf } from './scim-world.ts';

const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe('the limits of the SCIM service', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const tooLarge = { status: 413, body: { status: '413' } };

  it('accept a resource of 64 KiB and no larger one, however it is pushed', async () => {
    const text = (length: number) => 'x'.repeat(length);
    const user = await world.ask('POST', '/Users', aUser('ada', { title: text(64_000) }));
    expect(user.status).toBe(201);
    const at = `/Users/${user.id}`;
    const larger = aUser('bob', { title: text(65_536) });
    expect(await world.ask('POST', '/Users', larger)).toMatchObject(tooLarge);
    expect(await world.ask('PUT', at, larger)).toMatchObject(tooLarge);
    const add = { Operations: [{ op: 'add', path: 'nickName', value: text(2_000) }] };
    const refused = await world.ask('PATCH', at, add);
    expect(refused).toMatchObject(tooLarge);
    expect(refused.body['detail']).toContain('65536');
    const group = { displayName: 'A', location: text(65_536) };
    expect(await world.ask('POST', '/Groups', group)).toMatchObject(tooLarge);
    const bulk = await world.ask('POST', '/Bulk', {
      Operations: [{ method: 'POST', path: '/Users', bulkId: '1', data: larger }],
    });
    expect(bulk.body['Operations']).toMatchObject([{ status: '413' }]);
    expect((await world.ask('GET', '/Users')).body['totalResults']).toBe(1);
  });

  it('end a patch of 5,000 operations while other requests are answered', async () => {
    const { id } = await world.ask('POST', '/Users', aUser('ada'));
    const operations = (count: number) =>
      many(count, (at) => ({
        op: 'replace',
        path: `emails[type eq "t${at % 700}"].value`,
        value: `e${at}`,
      }));
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 20);
    const patched = await world.ask('PATCH', `/Users/${id}`, { Operations: operations(5000) });
    clearInterval(timer);
    expect(patched.status).toBe(200);
    expect(patched.body['emails']).toHaveLength(701);
    expect(ticks).toBeGreaterThan(0);
    const refused = await world.ask('PATCH', `/Users/${id}`, { Operations: operations(5001) });
    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
  });

  it('accept 20,000 members and no more', async () => {
    const storeId = world.store.id;
    const ids = many(20_001, (at) => at.toString(16).padStart(24, '0'));
    const now = new Date(0);
    await world.raw('scimUsers').insertMany(
      ids.map((_id, at) => ({
        _id,
        storeId,
        version: 1,
        resource: JSON.stringify({ userName: `u${at}`, active: true }),
        search: { userName: `u${at}`, active: true },
        createdAt: now,
        updatedAt: now,
      })) as never,
    );
    const members = (of: readonly string[]) => of.map((value) => ({ value }));
    const whole = { displayName: 'A', members: members(ids) };
    expect(await world.ask('POST', '/Groups', whole)).toMatchObject(tooLarge);
    const most = await world.ask('POST', '/Groups', { ...whole, members: whole.members.slice(1) });
    expect(most.status).toBe(201);
    expect(most.body['members']).toHaveLength(20_000);
    const at = `/Groups/${most.id}`;
    const patch = (...Operations: object[]) => world.ask('PATCH', at, { Operations });
    const add = (id = '') => ({ op: 'add', path: 'members', value: members([id]) });
    expect(await patch(add(ids[0]))).toMatchObject(tooLarge);
    expect((await patch(add(ids[1]))).status).toBe(204);
    const swap = { op: 'remove', path: 'members', value: members([ids[1] ?? '']) };
    expect((await patch(swap, add(ids[0]))).status).toBe(204);
    expect(
      (await world.ask('PUT', at, { displayName: 'A', members: members(ids.slice(0, 2)) })).status,
    ).toBe(200);
    expect(valuesOf((await world.ask('GET', at)).body['members'])).toEqual(ids.slice(0, 2));
  });

  it('end a page before it is larger than 8 MB, and the next one goes on', async () => {
    // Users that were stored before resources had a limit.
    const storeId = world.store.id;
    const title = 'x'.repeat(1_900_000);
    const now = new Date(0);
    for (let at = 0; at < 10; at += 1) {
      await world.raw('scimUsers').insertOne({
        _id: `user${at}`,
        storeId,
        version: 1,
        resource: JSON.stringify({ userName: `u${at}`, active: true, title }),
        search: { userName: `u${at}`, active: true },
        createdAt: now,
        updatedAt: now,
      } as never);
    }
    const idsOf = ({ body }: Answer) =>
      (body['Resources'] as { readonly id: string }[]).map(({ id }) => id);
    const first = await world.ask('GET', '/Users');
    expect(first.body).toMatchObject({ totalResults: 10, startIndex: 1, itemsPerPage: 4 });
    expect(JSON.stringify(first.body).length).toBeLessThan(8 * 1024 * 1024);
    const next = await world.ask('GET', '/Users?startIndex=5');
    expect([...idsOf(first), ...idsOf(next)]).toEqual(many(8, (at) => `user${at}`));
    const all = await world.ask('POST', '/.search', { startIndex: 9 });
    expect(idsOf(all)).toEqual(['user8', 'user9']);
    const small = await world.ask('GET', '/Users?attributes=userName');
    expect(small.body).toMatchObject({ totalResults: 10, itemsPerPage: 10 });
  });

  it('leave members out of answers with several groups unless they are asked for', async () => {
    const [id = ''] = await world.pushUsers(['ada']);
    for (const displayName of ['A', 'B']) {
      await world.ask('POST', '/Groups', { displayName, members: [{ value: id }] });
    }
    const membersOf = async (path: string) =>
      ((await world.ask('GET', path)).body['Resources'] as { members?: unknown }[]).map(
        ({ members }) => (members === undefined ? null : valuesOf(members)),
      );
    expect(await membersOf('/Groups')).toEqual([null, null]);
    expect(await membersOf('/Groups?attributes=displayName')).toEqual([null, null]);
    expect(await membersOf('/Groups?attributes=displayName,members')).toEqual([[id], [id]]);
    expect(await membersOf('/Groups?attributes=members.value')).toEqual([[id], [id]]);
    expect(await membersOf('/Groups?filter=displayName eq "a"')).toEqual([[id]]);
  });

  it('refuse what a store sends while 200 of its requests wait, and serve another store', async () => {
    const busy = { url: world.url('/Users'), token: world.token };
    const headers = { authorization: `Bearer ${busy.token}` };
    await world.addStore();
    const waiting = new Set<ClientRequest>();
    // Its body never comes. One that is refused, since a request of `askUntil` is the last of the 200, is sent again.
    const wait = (): void => {
      const sent = request(busy.url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': 100 },
        agent: false,
      });
      waiting.add(sent);
      sent.on('error', () => undefined);
      sent.on('response', (answer) => {
        answer.resume();
        waiting.delete(sent);
        wait();
      });
      sent.write('{');
    };
    for (let at = 0; at < 200; at += 1) wait();
    const askUntil = async (status: number) => {
      let answer = await fetch(busy.url, { headers });
      for (let asked = 1; answer.status !== status && asked < 300; asked += 1) {
        await answer.text();
        answer = await fetch(busy.url, { headers });
      }
      return answer;
    };
    try {
      const refused = await askUntil(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ status: '429' });
      expect((await world.ask('GET', '/Users')).status).toBe(200);
    } finally {
      for (const sent of waiting) sent.destroy();
    }
    expect((await askUntil(200)).status).toBe(200);
  });

  it('are stated', async () => {
    const schema = 'urn:scim:schemas:extension:rollcall:2.0:ServiceProviderConfig';
    const { body } = await world.ask('GET', `/ServiceProviderConfig?attributes=${schema}`);
    expect(body['schemas']).toContain(schema);
    expect(body[schema]).toEqual({
      maxResourceSize: 65_536,
      maxMembers: 20_000,
      maxPatchOperations: 5_000,
      maxPageSize: 8_388_608,
      maxRequestsInFlight: 200,
      maxRequestsPerSecond: 500,
    });
  });
});
