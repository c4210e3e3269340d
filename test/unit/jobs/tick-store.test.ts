import { tickStoreJob } from '../../../jobs/tick-store.job.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { aRun, aStore } from '../../builders/models.ts';
import { CliWorld } from '../../fakes/cli-world.ts';
import { MemoryWorld } from '../../fakes/memory-world.ts';

const schedule = {
  enabled: true,
  frequency: 'cron',
  cron: '*/5 * * * *',
  timezone: 'UTC',
} as const;
const forbidden = { code: 'source-failed', message: 'answered 403', forbidden: true } as const;
const hourMs = 3_600_000;

function scheduled() {
  const { config } = aStore();
  return aStore({ config: { ...config, schedule } });
}

/** Failed runs that the directory answered 403, the latest one now. */
function forbiddenRuns(count: number, now: Date): readonly Run[] {
  return Array.from({ length: count }, (_, index) =>
    aRun({ id: `run${index}`, status: 'failed', error: forbidden, finishedAt: now }),
  );
}

async function tick(forbiddenBefore: number, laterMs: number): Promise<readonly Run[]> {
  const world = new MemoryWorld();
  const { runs, stores } = world;
  stores.all.set('store1', scheduled());
  for (const run of forbiddenRuns(forbiddenBefore, world.clock.now())) runs.all.set(run.id, run);
  const clock = { now: () => new Date(world.clock.now().getTime() + laterMs) };
  const queue = { enqueueJob: async () => undefined };
  const job = tickStoreJob({ stores, runs, queue, clock, log: () => undefined });
  const { signal } = new AbortController();
  const call = { signal, holder: 'me', retried: false, showProgress: () => undefined };
  await job.handle({ ...call, data: { storeId: 'store1' } });
  return runs.list({ storeId: 'store1', statuses: ['queued'] });
}

describe('the tick of a store', () => {
  it('queues the scheduled run', async () => {
    await expect(tick(0, 0)).resolves.toMatchObject([{ trigger: 'schedule', mode: 'full' }]);
    await expect(tick(2, 0)).resolves.toHaveLength(1);
  });

  it('puts it off after three runs that were answered 403, for an hour', async () => {
    await expect(tick(3, hourMs - 1)).resolves.toEqual([]);
    await expect(tick(3, hourMs)).resolves.toHaveLength(1);
    await expect(tick(4, hourMs)).resolves.toEqual([]);
  });

  it('is explained by doctor', async () => {
    const world = new CliWorld();
    world.stores.all.set('store1', scheduled());
    for (const run of forbiddenRuns(3, world.clock.now())) world.runs.all.set(run.id, run);
    const outcome = await world.run(['doctor']);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('the directory keeps answering 403');
  });
});
