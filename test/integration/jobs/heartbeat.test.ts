import { setImmediate } from 'node:timers/promises';
import { findWorkers, nameWorker, startHeartbeat } from '../../../jobs/heartbeat.ts';
import { isCluster } from '../../../jobs/queues.ts';
import { startWorkers } from '../../../jobs/run-worker.ts';
import { type JobWorld, openJobWorld } from '../../fakes/job-world.ts';
import { testServices } from '../../setup/services.ts';

describe('the signs of life of workers', () => {
  let world: JobWorld;
  beforeEach(async () => {
    world = await openJobWorld();
  });
  afterEach(() => world.close());

  it('tell a worker that is connected and silent from one that is alive', async () => {
    await world.startWorkers();
    const { prefix } = world;
    const redis = {
      url: testServices().redisUrl,
      prefix,
      isCluster: await isCluster(world.queues),
    };
    // It is connected as a process is whose event loop stands still.
    const silent = startWorkers({
      name: nameWorker(),
      jobs: [],
      redis,
      log: { warn: () => undefined, error: () => undefined },
      onConnectionError: () => undefined,
    });
    await silent.ready();
    const place = { queues: world.queues, redis };
    while ((await findWorkers(place)).hanging.length === 0) await setImmediate();
    expect(await findWorkers(place)).toEqual({
      alive: 1,
      hanging: [expect.stringMatching(new RegExp(` \\(pid ${process.pid}\\)$`))],
    });
    await silent.close();
    expect(await findWorkers(place)).toMatchObject({ hanging: [] });
  });

  it('end with the worker', async () => {
    const { prefix, queues } = world;
    const place = { queues, redis: { prefix } };
    const client = await queues.runs.getBackend().client;
    const signs = () => client.zcard(`{${prefix}}:workers`);
    const onError = () => undefined;
    const heartbeat = await startHeartbeat(place, { name: nameWorker(), onError });
    expect(await signs()).toBe(1);
    await heartbeat.stop();
    expect(await signs()).toBe(0);
  });
});
