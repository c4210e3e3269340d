import { accessTable } from '../../../src/http/auth/access.ts';
import { aUser, openScimWorld, type ScimWorld } from './scim-world.ts';

/** One provisioner's day, every SCIM route of it; the last test says that each route has answered a success. */
describe('the SCIM service answers on every route', () => {
  let world: ScimWorld;
  beforeAll(async () => {
    world = await openScimWorld();
    await world.addStore();
  });
  afterAll(() => world.close());

  it('what it can do', async () => {
    expect((await world.ask('GET', '/ServiceProviderConfig')).body).toMatchObject({
      bulk: { supported: true },
    });
    for (const [path, id] of [
      ['/ResourceTypes', 'User'],
      ['/Schemas', 'urn:ietf:params:scim:schemas:core:2.0:User'],
    ]) {
      expect((await world.ask('GET', `${path}`)).body['Resources']).toContainEqual(
        expect.objectContaining({ id }),
      );
      expect((await world.ask('GET', `${path}/${id}`)).body).toMatchObject({ id });
    }
  });

  it.each([
    ['Users', aUser('ada'), { displayName: 'Ada' }],
    ['Groups', { displayName: 'Staff' }, { displayName: 'Crew' }],
  ])('%s', async (resources, resource, change) => {
    const path = `/${resources}`;
    const { status, id } = await world.ask('POST', path, resource);
    expect(status).toBe(201);
    expect((await world.ask('GET', `${path}/${id}`)).id).toBe(id);
    const replaced = await world.ask('PUT', `${path}/${id}`, { ...resource, ...change });
    expect(replaced.body).toMatchObject(change);
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
    const Operations = [{ op: 'replace', path: 'displayName', value: 'Last' }];
    const patched = await world.ask('PATCH', `${path}/${id}`, { schemas, Operations });
    expect(patched.status).toBeLessThan(300);
    expect((await world.ask('GET', path)).body).toMatchObject({
      Resources: [{ id, displayName: 'Last' }],
    });
    expect((await world.ask('POST', `${path}/.search`, {})).body).toMatchObject({
      totalResults: 1,
    });
    expect((await world.ask('POST', '/.search', {})).body).toMatchObject({ totalResults: 1 });
    expect((await world.ask('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await world.ask('GET', path)).body).toMatchObject({ totalResults: 0 });
  });

  it('a bulk', async () => {
    const { body } = await world.ask('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'POST', path: '/Users', bulkId: '1', data: aUser('eve') }],
    });
    expect(body['Operations']).toMatchObject([{ status: '201' }]);
  });

  it('whole: each route of the table of access answered a success', () => {
    const succeeded = new Set(
      world.logged
        .map((line) => JSON.parse(line) as { method?: string; route?: string; status?: number })
        .filter(({ status = 500 }) => status < 300)
        .map(({ method, route }) => `${method} ${route}`),
    );
    const routes = Object.keys(accessTable).filter((route) => accessTable[route] === 'scim');
    expect(routes.length).toBeGreaterThan(0);
    expect(routes.filter((route) => !succeeded.has(route))).toEqual([]);
  });
});
