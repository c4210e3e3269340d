import { closeQueues, connectQueues, type Queues } from '../../../jobs/queues.ts';
import { createEndedSessions } from '../../../src/http/auth/ended-sessions.ts';
import { testServices, uniqueName } from '../../setup/services.ts';

describe('ended sessions', () => {
  const prefix = uniqueName('ended');
  const now = new Date(0);
  let queues: Queues;
  beforeAll(async () => {
    const settings = { url: testServices().redisUrl, prefix };
    queues = await connectQueues(settings, { onError: () => undefined });
  });
  afterAll(() => closeQueues(queues));

  const redis = () => queues.runs.getBackend().client;
  const aProcess = () => createEndedSessions({ redis, prefix, clock: { now: () => now } });

  it('are known to every process', async () => {
    await aProcess().add({ id: 'one', until: 60_000 });
    expect(await aProcess().has('one')).toBe(true);
    expect(await aProcess().has('two')).toBe(false);
  });

  it('are removed once they would have expired', async () => {
    await aProcess().add({ id: 'over', until: -1 });
    while (await aProcess().has('over')) await new Promise(setImmediate);
    expect(await aProcess().has('over')).toBe(false);
  });
});
