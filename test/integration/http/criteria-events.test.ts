import { type ApiWorld, openApiWorld } from '../../fakes/api-world.ts';

const criteria = {
  users: { conditions: [{ attribute: 'firstname', operator: 'equals', value: 'F1' }] },
};

describe('counting criteria as a stream', () => {
  let api: ApiWorld;
  let store: string;
  beforeAll(async () => {
    api = await openApiWorld();
    store = await api.addStore();
    for (let n = 0; n < 9; n += 1) {
      const record = { email: `u${n}@acme.test`, firstname: `F${n}` };
      api.world.directory.set({ id: `u${n}`, email: record.email, record });
    }
  });
  afterAll(() => api.close());

  const path = () => `/stores/${store}/criteria-count/events`;
  const follow = () => api.ask('POST', path(), { body: { criteria } });

  it('says the count with each page, and all of it at the end', async () => {
    const { status, headers, text } = await follow();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/event-stream');
    const events = text.trim().split('\n\n');
    expect(events).toHaveLength(4);
    expect(events[0]).toMatch(/^event: count\ndata: {"listed":3,"inScope":1,.*"complete":false/);
    expect(events[3]).toMatch(/^event: end\ndata: {"listed":9,"inScope":1,.*"complete":true/);
  });

  it('is one at a time for a store, and ends with its client', async () => {
    const endless = api.world.directory;
    const walkUsers = endless.walkUsers.bind(endless);
    endless.walkUsers = async function* () {
      for (;;) {
        yield { users: [], withoutId: 0, total: 9, inOrder: true };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const client = new AbortController();
    const first = await api.http.ask(`/api/v1${path()}`, {
      method: 'POST',
      headers: { authorization: 'Bearer rc_admin', 'content-type': 'application/json' },
      body: JSON.stringify({ criteria }),
      signal: client.signal,
    });
    await first.body?.getReader().read();
    expect((await follow()).status).toBe(409);
    endless.walkUsers = walkUsers;
    client.abort();
    let again = await follow();
    while (again.status === 409) again = await follow();
    expect(again.text).toContain('event: end');
  });

  it('says what is wrong with the criteria before it begins, and with the directory when it ends', async () => {
    const body = { criteria: { users: { conditions: [{ attribute: 'a', operator: 'is' }] } } };
    expect((await api.ask('POST', path(), { body })).status).toBe(400);
    api.world.organizations = [];
    expect((await follow()).text).toContain('event: problem');
  });
});
