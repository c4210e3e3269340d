import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

describe('the SCIM token', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
  });
  beforeEach(async () => {
    await world.empty();
    await world.addStore();
  });
  afterAll(() => world.close());

  const asked = (authorization: string | null) =>
    fetch(world.url('/Users'), { headers: authorization === null ? {} : { authorization } });

  it('is required with SCIM’s own errors, whatever is wrong with the one sent', async () => {
    const mine = world.token;
    const expired = await world.scimTokens.issue(world.store.id, 0);
    await world.addStore();
    const others = world.token;
    const ownAgain = `Bearer ${await world.scimTokens.issue(world.store.id, 0)}`;
    expect((await asked(ownAgain)).status).toBe(200);
    for (const wrong of [
      null,
      '',
      'Bearer',
      'Bearer ',
      `Basic ${mine}`,
      `Bearer ${mine}`,
      `Bearer ${others}`,
      `Bearer ${expired}`,
      'Bearer rcs_',
      'Bearer rc_someone',
    ]) {
      const answer = await asked(wrong);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="SCIM"');
      expect(await answer.json()).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '401',
        detail: 'The SCIM token of this store is needed as a bearer token.',
      });
    }
  });

  it('guards every route, also those of no store', async () => {
    const paths = ['/Users', '/Groups', '/Schemas', '/ServiceProviderConfig', '/Users/1'];
    for (const path of paths) {
      expect((await fetch(world.url(path))).status).toBe(401);
    }
    expect((await fetch(world.url('/Bulk'), { method: 'POST' })).status).toBe(401);
    const elsewhere = world.url('/Users').replace(world.store.id, 'nowhere');
    const headers = { authorization: `Bearer ${world.token}` };
    expect((await fetch(elsewhere, { headers })).status).toBe(401);
  });

  it('keeps the pushed users of one store from another', async () => {
    const [id = ''] = await world.pushUsers(['ada']);
    const group = await world.ask('POST', '/Groups', {
      displayName: 'A',
      members: [{ value: id }],
    });
    await world.addStore();
    expect((await world.ask('GET', `/Users/${id}`)).status).toBe(404);
    expect((await world.ask('PUT', `/Users/${id}`, aUser('eve'))).status).toBe(404);
    expect((await world.ask('DELETE', `/Users/${id}`)).status).toBe(404);
    expect((await world.ask('DELETE', `/Groups/${group.id}`)).status).toBe(404);
    expect((await world.ask('GET', `/Groups?filter=members eq "${id}"`)).body['totalResults']).toBe(
      0,
    );
    const mine = await world.ask('POST', '/Groups', { displayName: 'A', members: [{ value: id }] });
    expect(mine.body['members']).toEqual([]);
    expect(mine.id).not.toBe(group.id);
  });

  it('works beside the previous one only as long as requested', async () => {
    const before = world.token;
    const after = await world.scimTokens.issue(world.store.id, 60_000);
    expect((await asked(`Bearer ${before}`)).status).toBe(200);
    expect((await asked(`Bearer ${after}`)).status).toBe(200);
    world.clock.advance(60_000);
    expect((await asked(`Bearer ${before}`)).status).toBe(401);
    const last = await world.scimTokens.issue(world.store.id, 0);
    expect((await asked(`Bearer ${after}`)).status).toBe(401);
    expect((await asked(`Bearer ${last}`)).status).toBe(200);
  });

  it('says that it expired, as long as no other one replaces it', async () => {
    const expiresAt = new Date(world.clock.now().getTime() + 60_000);
    const token = await world.scimTokens.issue(world.store.id, 0, expiresAt);
    const [{ id } = { id: '' }] = await world.scimTokens.list(world.store.id);
    expect((await asked(`Bearer ${token}`)).status).toBe(200);
    world.clock.advance(60_000);
    world.logged.length = 0;
    for (let tried = 0; tried < 40; tried += 1) {
      const answer = await asked(`Bearer ${token}`);
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain(`expired at ${expiresAt.toISOString()}`);
    }
    const lines = world.logged.map((line) => JSON.parse(line));
    expect(lines.find(({ msg }) => msg === 'Answered.')).toMatchObject({
      tokenId: id,
      storeId: world.store.id,
      status: 401,
    });
    await world.scimTokens.issue(world.store.id, 0);
    expect(await (await asked(`Bearer ${token}`)).text()).not.toContain('expired');
  });

  it('is stored as a hash, ends with its store, and is in no log line', async () => {
    const tokens = await world.raw('scimTokens').find().toArray();
    expect(JSON.stringify(tokens)).not.toContain(world.token.slice(4));
    await world.ask('POST', '/Users', aUser('secret-name'));
    await world.ask('GET', '/Users?filter=userName eq "secret-name"');
    await world.ask('GET', '/Users?filter=secret-name eq');
    expect(world.logged.join('')).not.toContain('secret-name');
    expect(world.logged.join('')).not.toContain(world.token);
    await world.stores.remove(world.store, 'delete');
    expect((await asked(`Bearer ${world.token}`)).status).toBe(401);
    for (const collection of ['scimUsers', 'scimGroups', 'scimMemberships', 'scimTokens']) {
      expect(await world.raw(collection).countDocuments()).toBe(0);
    }
  });

  it('limits clients that try many', async () => {
    const statuses = new Set<number>();
    for (let tried = 0; tried < 60; tried += 1) statuses.add((await asked('Bearer rcs_x')).status);
    expect([...statuses]).toEqual([401, 429]);
    const answer = await asked('Bearer rcs_x');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await asked(`Bearer ${world.token}`)).status).toBe(200);
  });
});
