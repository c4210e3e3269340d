import { apiKey, openApiWorld } from '../../fakes/api-world.ts';

describe('a second store of one organization over HTTP', () => {
  it('is refused with the name of the first, and stored when it is asked for', async () => {
    const api = await openApiWorld();
    await api.addStore('first one');
    const body = { name: 'acme', directory: 'jumpcloud', credential: apiKey };
    const refused = await api.ask('POST', '/stores', { body });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('first one');
    expect(refused.text).toContain('sameOrganization');
    const asked = { ...body, sameOrganization: true };
    expect((await api.ask('POST', '/stores', { body: asked })).status).toBe(201);
    await api.close();
  });
});
