import type { StoreConfig } from '../../../src/core/model/store-config.ts';
import { apiKey, openApiWorld } from '../../fakes/api-world.ts';

/** A configuration as it could be stored before texts and lists had a maximum. */
async function openWith(patch: (config: StoreConfig) => Partial<StoreConfig>) {
  const api = await openApiWorld();
  const body = { name: 'acme', directory: 'jumpcloud', credential: apiKey };
  const { id } = (await api.ask('POST', '/stores', { body })).json;
  const store = api.world.stores.all.get(id);
  if (store === undefined) throw new Error('no store');
  api.world.stores.all.set(id, {
    ...store,
    config: { ...store.config, ...patch(store.config) },
  });
  const read = async (path: string) => {
    const headers = { authorization: 'Bearer rc_owner' };
    const answer = await api.http.ask(`/api/v1/stores/${id}${path}`, { headers });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  return { api, read };
}

describe('a stored configuration above a maximum', () => {
  it('is still read whole', async () => {
    const conditions = Array.from({ length: 600 }, (_, at) => ({
      attribute: 'department',
      operator: 'equals' as const,
      value: `${at}`,
    }));
    const memberOf = 'G'.repeat(2_000);
    const expression = `'${'x'.repeat(5_000)}'`;
    const { api, read } = await openWith(({ mapping }) => ({
      mapping: { ...mapping, city: { expression } },
      criteria: { users: { conditions: [...conditions, { memberOf }] } },
    }));
    const { status, body } = await read('/configuration');
    expect(status).toBe(200);
    expect(body.criteria.users.conditions).toEqual([...conditions, { memberOf }]);
    expect(body.mapping.city).toEqual({ expression });
    await api.close();
  });

  it('does not hide its store', async () => {
    const cron = `0 2 * * ${Array.from({ length: 400 }, () => '1').join(',')}`;
    const schedule = { enabled: true, frequency: 'cron', cron, timezone: 'UTC' } as const;
    const { api, read } = await openWith(() => ({ schedule }));
    expect(await read('')).toMatchObject({ status: 200, body: { schedule: { cron } } });
    await api.close();
  });
});
