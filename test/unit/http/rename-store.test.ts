import { openApiWorld } from '../../fakes/api-world.ts';

describe('another name for a store over HTTP', () => {
  it('may be its own in another case, and not that of another store', async () => {
    const api = await openApiWorld();
    const id = await api.addStore('acme');
    await api.addStore('Other');
    const rename = (name: string) => api.ask('PATCH', `/stores/${id}`, { body: { name } });
    expect(await rename('ACME')).toMatchObject({ status: 200, json: { name: 'ACME' } });
    const taken = await rename('oTHER');
    expect(taken.status).toBe(400);
    expect(taken.text).toContain('Other');
    await api.close();
  });
});
