import { createListWatch, type ListChange } from '../../../src/manage/watch/watch-lists.ts';
import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

const headers = { authorization: 'Bearer rc_viewer' };

describe('following the lists', () => {
  let api: ApiWorld;
  let storeId: string;
  beforeEach(async () => {
    api = await openApiWorld();
    storeId = await api.addStore();
  });
  afterEach(() => api.close());

  /** Follows until `isEnough`, and returns what came. */
  async function follow(isEnough: (text: string) => boolean, meanwhile: () => Promise<unknown>) {
    const { body } = await api.http.ask('/api/v1/watch', { headers });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const done = meanwhile();
    while (reader !== undefined && !isEnough(text)) text += (await reader.read()).value ?? '';
    await reader?.cancel();
    await done;
    return text;
  }

  it('tells which runs and stores changed, and that something else waits for a person', async () => {
    let run = '';
    const text = await follow(
      (seen) => seen.includes('"attention":true'),
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        run = (await api.ask('POST', `/stores/${storeId}/runs`, { body: {} })).json.id;
        await api.work();
      },
    );
    const change = { runs: [run], progress: [], stores: [], attention: true };
    expect(text).toContain(`event: changed\ndata: ${JSON.stringify(change)}\n\n`);
  });

  it('has a place among the streams of its token', async () => {
    const open = await Promise.all(
      Array.from({ length: 20 }, () => api.http.ask('/api/v1/watch', { headers })),
    );
    const refused = await api.get('/watch', 'viewer');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    await Promise.all(open.map(async ({ body }) => body?.cancel()));
  });

  it('looks once for all watchers, and not at all without one', async () => {
    let looks = 0;
    const { stores } = api.world;
    const list = stores.list.bind(stores);
    stores.list = () => {
      looks += 1;
      return list();
    };
    const failed: unknown[] = [];
    const lists = createListWatch(api.world.ports, {
      staleMs: 26 * 3_600_000,
      everyMs: 20,
      onError: (error) => failed.push(error),
    });
    const told: (ListChange | null)[][] = [[], []];
    const leaves = told.map((changes) => lists.watch((change) => changes.push(change)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stores.rename(storeId, 'renamed');
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const leave of leaves) leave();
    const atLeaving = looks;
    // What is under way when the last one leaves ends.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const atRest = looks;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(looks).toBe(atRest);
    // Each look reads the stores twice: for the list, and for what waits.
    expect(atLeaving).toBeLessThan(30);
    expect(failed).toEqual([]);
    for (const changes of told) {
      expect(changes).toEqual([{ runs: [], progress: [], stores: [storeId], attention: true }]);
    }
  });
});
