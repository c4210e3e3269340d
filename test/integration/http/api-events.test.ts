import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

describe('following a run', () => {
  let api: ApiWorld;
  let run: string;
  beforeEach(async () => {
    api = await openApiWorld();
    api.world.directory.set({ id: 'u1', email: 'u1@acme.test' });
    const store = await api.addStore();
    run = (await api.ask('POST', `/stores/${store}/runs`)).json.id;
  });
  afterEach(() => api.close());

  /** Opens the stream of events; `next` resolves to the next one, null after the last. */
  async function follow(id = run, token = 'viewer') {
    const leaving = new AbortController();
    const answer = await api.http.ask(`/api/v1/runs/${id}/events`, {
      headers: { authorization: `Bearer rc_${token}` },
      signal: leaving.signal,
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const next = async (): Promise<{ name: string; data: Record<string, unknown> } | null> => {
      while (!text.includes('\n\n')) {
        const read = await reader?.read();
        if (read?.value === undefined) return null;
        text += read.value;
      }
      const end = text.indexOf('\n\n');
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1] ?? '';
      return { name: field('event'), data: JSON.parse(field('data')) };
    };
    return { status: answer.status, next, leave: () => leaving.abort() };
  }

  it('sends the run’s state, its progress, and how it ended', async () => {
    const { next } = await follow();
    expect(await next()).toMatchObject({ name: 'run', data: { id: run, status: 'queued' } });
    api.world.patchRun(run, { status: 'listing' });
    api.world.progress = { phase: 'listing', done: 40, total: 100 };
    expect(await next()).toMatchObject({ name: 'run', data: { status: 'listing' } });
    expect(await next()).toEqual({
      name: 'progress',
      data: { phase: 'listing', done: 40, total: 100 },
    });
    await api.work();
    expect(await next()).toMatchObject({ name: 'end', data: { status: 'succeeded' } });
    expect(await next()).toBeNull();
  });

  it('says at once that it has ended', async () => {
    await api.work();
    const { next } = await follow();
    expect(await next()).toMatchObject({ name: 'end', data: { status: 'succeeded' } });
    expect(await next()).toBeNull();
  });

  it('ends when the run is removed', async () => {
    const { next } = await follow();
    await next();
    api.world.runs.all.delete(run);
    expect(await next()).toEqual({ name: 'end', data: null });
  });

  it('ends when the process stops, so that stopping does not wait for it', async () => {
    const { next } = await follow();
    await next();
    const closed = api.close();
    expect(await next()).toBeNull();
    await closed;
  });

  it('is over for the server when the client has disconnected', async () => {
    const other = await api.addStore('other');
    const { id } = (await api.ask('POST', `/stores/${other}/runs`)).json;
    const get = api.world.runs.get.bind(api.world.runs);
    const looks = new Map<string, number>();
    let looked: (at: string) => void = () => undefined;
    api.world.runs.get = async (at) => {
      looks.set(at, (looks.get(at) ?? 0) + 1);
      looked(at);
      return get(at);
    };
    const { next, leave } = await follow();
    await next();
    leave();
    const onward = await follow(id);
    const before = looks.get(run) ?? 0;
    for (let n = 0; n < 4; n += 1) {
      await new Promise<void>((resolve) => {
        looked = (at) => at === id && resolve();
      });
    }
    // One read may have been in flight; a followed run would have been read four times.
    expect((looks.get(run) ?? 0) - before).toBeLessThanOrEqual(1);
    onward.leave();
  });

  it('has a limit for each token, and clients that leave free their place', async () => {
    const followers = await Promise.all(Array.from({ length: 20 }, () => follow()));
    const refused = await api.get(`/runs/${run}/events`, 'viewer');
    expect(refused.status).toBe(429);
    expect(refused.json['detail']).toContain('This token follows 20 runs already');
    const other = await follow(run, 'admin');
    expect(other.status).toBe(200);
    for (const { leave } of [...followers, other]) leave();
    let status = 429;
    while (status === 429) ({ status } = await follow());
    expect(status).toBe(200);
  });

  it('has a limit for all tokens', async () => {
    const tokens = Array.from({ length: 5 }, (_, at) => `viewer${at}`);
    for (const token of tokens) api.world.tokens.add(token, 'viewer');
    await Promise.all(
      tokens.flatMap((token) => Array.from({ length: 20 }, () => follow(run, token))),
    );
    expect((await follow()).status).toBe(429);
  });

  it('needs an existing run', async () => {
    expect((await follow('nothing')).status).toBe(404);
  });
});
