import { type AddressInfo, createServer, type Socket } from 'node:net';
import { closeQueues, connectQueues, evictionPolicyOf } from '../../../jobs/queues.ts';
import { Unavailable } from '../../../src/core/errors.ts';

/** A Redis that gives the set answer to each command, in its own protocol. */
async function openRedis(answer: (command: string) => string) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const [, command = ''] of chunk.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        socket.write(answer(command.toLowerCase()));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    settings: {
      url: `redis://:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}`,
      prefix: 'test',
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const onError = (): void => undefined;

describe('connectQueues', () => {
  it.each(['NOAUTH Authentication required.', 'WRONGPASS invalid username-password pair'])(
    'reports a wrong password at once: %s',
    async (says) => {
      const redis = await openRedis(() => `-${says}\r\n`);
      const failed = connectQueues(redis.settings, { onError, timeoutMs: 2 ** 30 });
      const error: unknown = await failed.catch((thrown: unknown) => thrown);
      redis.close();
      expect(error).toBeInstanceOf(Unavailable);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ wants another password\.$/),
        hint: expect.stringMatching(/^Correct the password in REDIS_URL\. .*services-refuse\.md$/),
      });
    },
  );
});

describe('evictionPolicyOf', () => {
  it('reads the policy from Redis, and suppresses BullMQ’s warning about it', async () => {
    const info = '# Memory\r\nmaxmemory_policy:allkeys-lru\r\n';
    const redis = await openRedis((command) =>
      command === 'info' ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n',
    );
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const queues = await connectQueues(redis.settings, { onError });
    expect(await evictionPolicyOf(queues)).toBe('allkeys-lru');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    await closeQueues(queues);
    redis.close();
  });
});
