import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createExpressions } from '../../../src/expressions/index.ts';
import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

/** The most that a body may have, less the braces around it. */
const mostBytes = 64 * 1024 - 200;
/** What `/healthz` may take at most. */
const mostDelayMs = 500;

const fill = (entry: (n: number) => unknown): readonly unknown[] => {
  const size = JSON.stringify(entry(9_999)).length + 1;
  return Array.from({ length: Math.floor(mostBytes / size) }, (_, n) => entry(n));
};
const keys = (key: (n: number) => string, value: unknown) =>
  Object.fromEntries(
    fill((n) => ({ [key(n)]: value })).flatMap((one) => Object.entries(one as object)),
  );

const long = 'x'.repeat(mostBytes);
const schedule = { frequency: 'daily', time: '02:00' };

/** Bodies of all of 64 KiB, for the sections of a store file and for other routes. */
const sections: Readonly<Record<string, object>> = {
  'a time zone': { schedule: { ...schedule, timezone: long } },
  'a cron': { schedule: { frequency: 'cron', cron: long, timezone: 'UTC' } },
  'unknown fields': { mapping: keys((n) => `firstNam${n}`, { attribute: 'a' }) },
  'long unknown fields': {
    mapping: keys((n) => `${n}`.padEnd(60, 'firstName'), { attribute: 'a' }),
  },
  'own fields': { mapping: keys((n) => `custom.f${n}`, { attribute: 'a' }) },
  expressions: {
    mapping: Object.fromEntries(
      [1, 2, 3, 4].map((n) => [`custom.f${n}`, { expression: `${'1+'.repeat(2_000)}1` }]),
    ),
  },
  conditions: { criteria: { users: { conditions: fill((n) => ({ memberOf: `g${n}` })) } } },
  'values of a condition': {
    criteria: { users: { conditions: [{ custom: 'a', operator: 'in', value: fill((n) => n) }] } },
  },
  'unknown keys': keys((n) => `k${n}`, 1),
};

describe('while the API reads the largest bodies', () => {
  let api: ApiWorld;
  let store: string;
  beforeAll(async () => {
    api = await openApiWorld({ expressions: createExpressions() });
    api.world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    store = await api.addStore();
  });
  afterAll(() => api.close());

  /** The longest that the process, and with it `/healthz`, had to wait. */
  async function delayDuring(work: () => Promise<unknown>): Promise<number> {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    await Promise.all([work(), api.http.ask('/healthz')]);
    delay.disable();
    return delay.max / 1e6;
  }

  it.each(Object.entries(sections))('of %s, its other answers do not wait', async (_what, body) => {
    const at = `/stores/${store}`;
    const asks = [
      () => api.ask('PATCH', `${at}/configuration`, { headers: { 'if-match': '*' }, body }),
      () => api.ask('POST', `${at}/configuration/preview`, { body }),
      () => api.ask('POST', `${at}/schedule-preview`, { body }),
      () => api.ask('POST', `${at}/mapping-preview`, { body }),
      () => api.ask('POST', `${at}/criteria-count`, { body }),
    ];
    for (const ask of asks) expect(await delayDuring(ask)).toBeLessThan(mostDelayMs);
  });

  it('of every other route, its other answers do not wait', async () => {
    const text = { email: long, name: long, token: long, field: long, records: [long] };
    const routes = api.contract.operations.filter(
      ({ method }) => method !== 'GET' && method !== 'DELETE',
    );
    for (const { method, path } of routes) {
      const url = path.replace('{storeId}', store).replaceAll(/\{\w+\}/g, 'x');
      for (const body of [text, keys((n) => `k${n}`, 1), { records: fill((n) => `u${n}`) }]) {
        const ask = () =>
          api.ask(method, `${url}?members=keep`, { body, headers: { 'if-match': '*' } });
        expect(await delayDuring(ask)).toBeLessThan(mostDelayMs);
      }
    }
  });
});
