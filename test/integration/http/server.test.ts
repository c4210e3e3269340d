import { type HttpWorld, openHttpWorld } from '../../fakes/http-world.ts';

describe('the HTTP server', () => {
  let world: HttpWorld;
  beforeEach(async () => {
    world = await openHttpWorld([]);
  });
  afterEach(() => world.close());

  it.each([
    ['/ops/queues/%', 400, 'Malformed request'],
    [`/ops/queues/queue/${'a'.repeat(200)}`, 414, 'Address too long'],
  ])('words %s as a problem too', async (path, status, title) => {
    const answer = await world.ask(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title,
      status,
      detail: expect.any(String),
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('waits for no request longer than half a minute', () => {
    expect(world.requestTimeoutMs).toBe(30_000);
  });
});
