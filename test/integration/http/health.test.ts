import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';

describe('health', () => {
  let world: HttpWorld;
  let problem: string | null;
  beforeEach(async () => {
    problem = null;
    world = await openHttpWorld(null, {
      checks: { database: async () => problem, redis: async () => null },
    });
  });
  afterEach(() => world.close());

  it('is open to whoever asks', async () => {
    expect((await world.ask('/healthz')).status).toBe(200);
    expect(await (await world.ask('/metrics')).text()).toBe('rollcall_up 1\n');
    const ready = await world.ask('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      checks: { database: { ok: true }, redis: { ok: true } },
    });
  });

  it('names what is not ready', async () => {
    problem = 'no answer';
    const answer = await world.ask('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      ready: false,
      checks: { database: { ok: false, problem: 'no answer' } },
    });
    expect((await world.ask('/healthz')).status).toBe(200);
  });

  it('is all that a worker serves', async () => {
    const answer = await world.ask('/ops/sign-in');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      title: 'Not found',
      detail: 'There is nothing at /ops/sign-in.',
    });
  });
});
