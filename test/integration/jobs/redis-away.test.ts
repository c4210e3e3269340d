import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createJobQueue } from '../../../jobs/job-queue.ts';
import { closeQueues, connectQueues } from '../../../jobs/queues.ts';
import { Unavailable } from '../../../src/core/errors.ts';
import { testServices } from '../../setup/services.ts';

/** A connection to Redis that can be cut. */
async function openProxy(): Promise<{ readonly port: number; cut(): Promise<void> }> {
  const { hostname, port } = new URL(testServices().redisUrl);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const upstream = connect(Number(port || 6379), hostname);
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe('a Redis that is away', () => {
  it('is named at the start, without its password', async () => {
    const proxy = await openProxy();
    await proxy.cut();
    const { port } = proxy;
    const error: unknown = await connectQueues(
      { url: `redis://user:hunter2@127.0.0.1:${port}`, prefix: 'test-away' },
      { onError: () => undefined, timeoutMs: 300 },
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).toContain(`Redis at 127.0.0.1:${port} can't be reached`);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });

  it('makes enqueuing fail at once', async () => {
    const proxy = await openProxy();
    const queues = await connectQueues(
      { url: `redis://127.0.0.1:${proxy.port}`, prefix: 'test-cut' },
      { onError: () => undefined },
    );
    try {
      const lost = new Promise<void>((resolve) => queues.runs.once('ioredis:close', resolve));
      await proxy.cut();
      await lost;
      const queue = createJobQueue(queues, { prefix: 'test-cut' }, async () => undefined);
      await expect(queue.enqueueJob({ id: 'run1', storeId: null, decision: null })).rejects.toThrow(
        Unavailable,
      );
      await expect(queue.workers()).rejects.toThrow(Unavailable);
    } finally {
      await closeQueues(queues);
    }
  });
});
