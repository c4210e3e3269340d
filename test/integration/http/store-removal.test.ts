import { resumeRemovalsJob } from '../../../jobs/resume-removals.job.ts';
import { removeStore } from '../../../src/manage/stores/remove-store.ts';
import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

describe('removing a store that has many members', () => {
  let api: ApiWorld;
  let store: string;
  /** Lets the removal begin that waits. */
  let goOn: () => void;
  let removeAtOnce: ApiWorld['world']['stores']['remove'];
  beforeEach(async () => {
    api = await openApiWorld();
    for (const id of ['u1', 'u2']) api.world.directory.set({ id, email: `${id}@acme.test` });
    store = await api.addStore();
    await api.ask('POST', `/stores/${store}/runs`);
    await api.work();
    const { stores } = api.world;
    removeAtOnce = stores.remove.bind(stores);
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    stores.remove = async (...asked) => {
      await gate;
      return removeAtOnce(...asked);
    };
  });
  afterEach(() => api.close());

  const remove = () =>
    api.ask('DELETE', `/stores/${store}?members=delete`, {
      as: 'owner',
      headers: { prefer: 'respond-async' },
    });
  const ended = async () => {
    for (;;) {
      const { status } = await api.ask('GET', `/stores/${store}`);
      if (status === 404) return;
    }
  };

  it('is answered before it has ended, and shows how far it is', async () => {
    const begun = await remove();
    expect(begun).toMatchObject({ status: 202, json: { id: store, removed: false, left: 2 } });
    expect((await api.ask('GET', `/stores/${store}`)).json).toMatchObject({
      status: 'paused',
      removal: { members: 'delete' },
      members: { active: 2, inactive: 0 },
    });
    const again = await remove();
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('removed already')]);
    goOn();
    await ended();
    expect(api.world.members.all.size).toBe(0);
  });

  it('refuses before it answers, and changes nothing, while a run is at work', async () => {
    await api.world.leases.acquire({ storeId: store, holder: 'worker', ttlMs: 60_000 });
    expect((await remove()).status).toBe(409);
    const { json } = await api.ask('GET', `/stores/${store}`);
    expect(json).toMatchObject({ status: 'active', removal: null });
  });

  it('is gone on with by a worker after its process was killed', async () => {
    await remove();
    const job = resumeRemovalsJob({
      stores: api.world.stores,
      removeStore: (found, { members, by }) =>
        removeStore(api.world.ports, { store: found, members }, { by, from: 'here' }),
    });
    const resume = () =>
      job.handle({
        data: {},
        signal: new AbortController().signal,
        holder: 'h',
        retried: false,
        showProgress: () => undefined,
      });
    // Its process is still at it.
    expect(await resume()).toEqual({ end: 'done', result: { removed: 0 } });
    // The lease of a killed process ends.
    api.world.clock.nowMs += 16 * 60_000;
    api.world.stores.remove = removeAtOnce;
    expect(await resume()).toEqual({ end: 'done', result: { removed: 1 } });
    expect(api.world.stores.all.size).toBe(0);
  });
});
