import { type ApiWorld, apiKey, openApiWorld } from '../../fakes/api-world.ts';

/** Decisions on the held records that a filter chooses, in the number that the person saw. */
describe('decisions by filter', () => {
  let api: ApiWorld;
  let run: string;
  const post = (path: string, body?: unknown) => api.ask('POST', path, { body });
  const person = (n: number, parts: object = {}) => {
    const department = n <= 4 ? 'Sales' : 'Finance';
    const record = { email: `u${n}@acme.test`, firstname: `F${n}`, department };
    api.world.directory.set({ id: `u${n}`, email: record.email, record, ...parts });
  };
  const statuses = () =>
    Object.fromEntries(
      api.world.records.ofRun(run).map(({ externalId, status }) => [externalId, status]),
    );

  beforeEach(async () => {
    api = await openApiWorld();
    for (let n = 1; n <= 6; n += 1) person(n);
    const { json } = await post('/stores', {
      name: 'acme',
      directory: 'jumpcloud',
      credential: apiKey,
    });
    await post(`/stores/${json.id}/runs`);
    await api.work();
    for (let n = 1; n <= 6; n += 1) person(n, { state: 'SUSPENDED' });
    run = (await post(`/stores/${json.id}/runs`)).json.id;
    await api.work();
  });
  afterEach(() => api.close());

  const sales = { department: 'Sales', reason: 'suspended' };

  it('says in numbers why the run holds changes, and until when', async () => {
    const { json } = await api.get(`/runs/${run}`);
    expect(json['guards']).toEqual([
      {
        kind: 'removal',
        field: null,
        reason: 'held: 6 removals in one run, over the limit of 5',
        why: 'limit',
        planned: 6,
        inWindow: 0,
        limit: 5,
        per: 'run',
        percent: 20,
        floor: 5,
        window: '24h',
        active: 6,
      },
    ]);
    const days =
      (Date.parse(String(json['expiresAt'])) - Date.parse(String(json['finishedAt']))) / 86_400_000;
    expect(days).toBe(30);
  });

  it('applies the chosen ones alone, and keeps the text that was searched for out of the audit', async () => {
    const filter = { ...sales, q: 'u2@acme' };
    expect((await post(`/runs/${run}/approve`, { filter, expected: 1 })).status).toBe(202);
    await api.work();
    expect(statuses()).toEqual({
      u1: 'held',
      u2: 'applied',
      u3: 'held',
      u4: 'held',
      u5: 'held',
      u6: 'held',
    });
    const { text } = await api.get('/audit');
    expect(text).toContain('{"path":"department","from":null,"to":"Sales"}');
    expect(text).not.toContain('u2@acme');
  });

  it('decides nothing when the number is another one, and answers with it', async () => {
    expect(await post(`/runs/${run}/reject`, { filter: sales, expected: 3 })).toMatchObject({
      status: 409,
      json: { count: 4 },
    });
    expect(await post(`/runs/${run}/reject`, { expected: 3 })).toMatchObject({
      status: 409,
      json: { count: 6 },
    });
    expect((await post(`/runs/${run}/reject`, { filter: sales })).status).toBe(400);
    expect(Object.values(statuses())).toEqual(Array.from({ length: 6 }, () => 'held'));
  });

  it('ends a decision whose number has changed before a worker claims it', async () => {
    await post(`/runs/${run}/reject`, { filter: sales, expected: 4 });
    const closed = { runId: run, people: ['u1'], from: ['held'], to: 'rejected' } as const;
    await api.world.records.decide({ ...closed, by: null, at: null });
    await api.work();
    expect((await api.get(`/runs/${run}`)).json['decided']).toMatchObject({
      done: 0,
      error: { code: 'count-changed' },
    });
    expect(statuses()).toMatchObject({ u1: 'rejected', u2: 'held', u3: 'held', u4: 'held' });
  });

  it('goes on with a decision whose worker was lost after it had begun', async () => {
    const asked = await post(`/runs/${run}/reject`, { filter: sales, expected: 4 });
    const { by, at } = asked.json['decision'] as { by: string; at: string };
    const begun = { runId: run, people: ['u1', 'u2'], from: ['held'], to: 'rejected' } as const;
    await api.world.records.decide({ ...begun, by, at: new Date(at) });
    await api.work();
    expect((await api.get(`/runs/${run}`)).json['decided']).toMatchObject({ done: 4, error: null });
    expect(statuses()).toMatchObject({ u3: 'rejected', u4: 'rejected', u5: 'held' });
  });
});
