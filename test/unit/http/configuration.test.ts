import { apiKey, openApiWorld } from '../../fakes/api-world.ts';

describe('the configuration over HTTP', () => {
  it('unmaps a field with null, shows null for it, and says what a section resets', async () => {
    const api = await openApiWorld();
    const body = { name: 'acme', directory: 'jumpcloud', credential: apiKey };
    const { id } = (await api.ask('POST', '/stores', { body })).json;
    const path = `/stores/${id}/configuration`;
    const headers = { 'if-match': '*' };
    const first = await api.ask('PATCH', path, {
      headers,
      body: { mapping: { country: null, city: { value: 'Pune' } } },
    });
    expect(first).toMatchObject({ status: 200, json: { mapping: { country: null }, resets: [] } });
    const { mapping } = (await api.ask('GET', path, {})).json;
    expect(mapping).toMatchObject({ country: null, city: { value: 'Pune' } });
    const again = await api.ask('PATCH', path, { headers, body: { mapping } });
    expect(again.json).toMatchObject({ changes: [], resets: [] });

    const preview = { body: { mapping: { country: null } } };
    const previewed = await api.ask('POST', `${path}/preview`, preview);
    const reset = { path: 'mapping.city', from: '{ value: Pune }' };
    expect(previewed).toMatchObject({ status: 202, json: { resets: [reset] } });
    await api.close();
  });
});
