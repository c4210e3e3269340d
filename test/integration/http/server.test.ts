import { once } from 'node:events';
import { connect } from 'node:net';
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
  ])('answers %s with a problem too', async (path, status, title) => {
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

  it('closes at once, including connections without a request', async () => {
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    // A later answer on another connection shows that this one was accepted.
    await world.ask('/healthz');
    const left = once(socket, 'close');
    await world.close();
    await expect(left).resolves.toEqual([expect.any(Boolean)]);
  });

  it('waits for no request longer than half a minute', () => {
    expect(world.requestTimeoutMs).toBe(30_000);
  });
});
