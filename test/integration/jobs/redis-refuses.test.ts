import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { openPrivateServices, type PrivateServices } from '@rollcall/dev-services';
import { Redis } from 'ioredis';
import { createJobQueue } from '../../../jobs/job-queue.ts';
import { probeRedis, requireWrites } from '../../../jobs/probe-redis.ts';
import { closeQueues, connectQueues } from '../../../jobs/queues.ts';
import { ConfigError, Unavailable } from '../../../src/core/errors.ts';

/** This Redis is filled, made a replica and limited: no other test may use it. */
let services: PrivateServices;
let administrator: Redis;

beforeAll(async () => {
  services = await openPrivateServices(`refuses-${process.pid}`);
  administrator = new Redis(services.redisUrl);
});
afterAll(async () => {
  administrator.disconnect();
  await services.close();
});

const prefix = 'refuses';

/** What a process says that starts on this Redis. */
async function startOn(url: string): Promise<unknown> {
  try {
    const queues = await connectQueues({ url, prefix }, { onError: () => undefined });
    try {
      return await requireWrites(queues, { url, prefix });
    } finally {
      await closeQueues(queues);
    }
  } catch (error) {
    return error;
  }
}

describe('a Redis that takes writes', () => {
  it('tells its time, and keeps a key that expires', async () => {
    const before = Date.now();
    const at = await startOn(services.redisUrl);
    expect(at).toBeInstanceOf(Date);
    expect(Math.abs((at as Date).getTime() - before)).toBeLessThan(60_000);
    expect(await administrator.keys('*probe*')).toEqual(['{refuses}:probe']);
    expect(await administrator.pttl('{refuses}:probe')).toBeGreaterThan(0);
  });
});

/** What the administrator of Redis does to it, and undoes. */
const states = [
  {
    state: 'a read-only replica',
    make: ['REPLICAOF', '127.0.0.1', '1'],
    undo: ['REPLICAOF', 'NO', 'ONE'],
    says: 'is a read-only replica',
    hint: 'Set REDIS_URL to the primary',
  },
  {
    state: 'full',
    make: ['CONFIG', 'SET', 'maxmemory', '1'],
    undo: ['CONFIG', 'SET', 'maxmemory', '0'],
    says: 'has no memory left and takes no writes',
    hint: 'Raise its maxmemory',
  },
  {
    state: 'without enough replicas',
    make: ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
    undo: ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    says: 'has too few replicas and takes no writes',
    hint: 'min-replicas-to-write',
  },
] as const;

describe.each(states)('a Redis that is $state', ({ make, undo, says, hint }) => {
  const call = ([name, ...words]: readonly string[]) => administrator.call(name ?? '', ...words);

  it('stops a process that starts, with words that say so', async () => {
    await call(make);
    const said = await startOn(services.redisUrl);
    await call(undo);
    expect(said).toBeInstanceOf(Unavailable);
    expect(said).toMatchObject({
      message: expect.stringMatching(new RegExp(`^Redis at 127\\.0\\.0\\.1:\\d+ ${says}\\.$`)),
      hint: expect.stringContaining(hint),
    });
    expect(said).toMatchObject({ hint: expect.stringContaining('runbooks/services-refuse.md') });
  });

  it('is told by what enqueues while it lasts', async () => {
    const settings = { url: services.redisUrl, prefix };
    const queues = await connectQueues(settings, { onError: () => undefined });
    await call(make);
    const queue = createJobQueue(queues, settings, async () => undefined);
    const asked = queue.enqueueJob({ id: 'run1', storeId: null, decision: null });
    const said: unknown = await asked.catch((error: unknown) => error);
    await call(undo);
    expect(said).toMatchObject({ message: `Redis ${says}.`, hint: expect.stringContaining(hint) });
    await expect(probeRedis(queues, settings)).resolves.toBeInstanceOf(Date);
    await closeQueues(queues);
  });
});

describe('a Redis whose user is limited', () => {
  const userUrl = () => services.redisUrl.replace('://', '://limited:secret@');
  afterEach(() => administrator.acl('DELUSER', 'limited'));

  it.each([
    ['to other keys', ['~other:*', '+@all']],
    ['to reading', ['~*', '+@all', '-@write']],
    ['from running scripts', ['~*', '+@all', '-eval', '-evalsha']],
    ['from asking about the server', ['~*', '+@all', '-info']],
  ])('%s', async (_how, rules) => {
    jest.spyOn(console, 'warn').mockImplementation();
    await administrator.acl('SETUSER', 'limited', 'reset', 'on', '>secret', '&*', ...rules);
    expect(await startOn(userUrl())).toMatchObject({
      message: expect.stringMatching(/ does not let its user do what Rollcall must\.$/),
      hint: expect.stringContaining('deploy/redis/users.acl'),
    });
    jest.restoreAllMocks();
  });

  it('by another password', async () => {
    await administrator.acl('SETUSER', 'limited', 'reset', 'on', '>other', '~*', '&*', '+@all');
    const said = await startOn(userUrl());
    expect(said).toMatchObject({ message: expect.stringMatching(/ wants another password\.$/) });
    expect(String(said)).not.toContain('secret');
  });
});

describe('a URL that is wrong', () => {
  it('names the database that the server does not have', async () => {
    const said = await startOn(`${services.redisUrl}/99`);
    expect(said).toBeInstanceOf(ConfigError);
    expect(said).toMatchObject({
      message: expect.stringMatching(/ does not have the database that REDIS_URL names\.$/),
    });
  });

  it('asks a server for TLS that speaks none', async () => {
    const said = await startOn(services.redisUrl.replace('redis:', 'rediss:'));
    expect(said).toBeInstanceOf(Unavailable);
    expect(said).toMatchObject({ hint: expect.stringContaining('write redis:// there') });
  });

  it('asks a server without TLS that speaks nothing else, or does not trust it', async () => {
    const [cert, key] = ['certificate', 'key'].map((name) =>
      readFileSync(`test/fixtures/tls/${name}.pem`),
    );
    const server = createServer({ cert, key });
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const plain = await startOn(`redis://${host}`);
    const untrusted = await startOn(`rediss://${host}`);
    server.close();
    expect(plain).toMatchObject({ hint: expect.stringContaining('write rediss:// there') });
    expect(untrusted).toMatchObject({
      message: expect.stringContaining('cannot be trusted: check its certificate'),
    });
  });
});
