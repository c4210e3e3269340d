import { armRecurringJobs, unscheduledStores } from '../../../jobs/schedules.ts';
import type { Schedule } from '../../../src/core/model/store-config.ts';
import { nextRun } from '../../../src/core/schedule/next-run.ts';
import { aConfig, aStore } from '../../builders/models.ts';
import { type JobWorld, next, openJobWorld } from '../../fakes/job-world.ts';

const nightly: Schedule = {
  enabled: true,
  frequency: 'daily',
  time: '02:00',
  timezone: 'Asia/Kolkata',
};

describe('schedules', () => {
  let world: JobWorld;
  beforeEach(async () => {
    world = await openJobWorld();
  });
  afterEach(() => world.close());

  function putStore(
    id: string,
    schedule: Schedule | null,
    status: 'active' | 'paused' = 'active',
  ): void {
    world.stores.all.set(id, aStore({ id, name: id, status, config: aConfig({ schedule }) }));
  }

  async function dueTick(id: string): Promise<string> {
    const scheduler = await world.queues.ticks.getJobScheduler(`store-${id}`);
    return `repeat:store-${id}:${scheduler?.next}`;
  }

  it('follow the stores, by differences alone', async () => {
    putStore('a', nightly);
    putStore('b', nightly);
    putStore('off', { ...nightly, enabled: false });
    putStore('none', null);
    putStore('paused', nightly, 'paused');
    expect(await unscheduledStores(world)).toEqual(['a', 'b']);
    expect(await world.reconcile()).toEqual({ put: 2, removed: 0 });
    expect(await world.reconcile()).toEqual({ put: 0, removed: 0 });
    expect(await unscheduledStores(world)).toEqual([]);
    putStore('a', { ...nightly, time: '03:00' });
    putStore('b', nightly, 'paused');
    expect(await world.reconcile()).toEqual({ put: 1, removed: 1 });
    const schedulers = await world.queues.ticks.getJobSchedulers();
    expect(schedulers.map(({ key }) => key)).toEqual(['store-a']);
    world.stores.all.delete('a');
    expect(await world.reconcile()).toEqual({ put: 0, removed: 1 });
    expect(await world.queues.ticks.getJobCountByTypes('delayed', 'waiting')).toBe(0);
  });

  it('are set again when the job of their next turn is gone, with any number of others', async () => {
    for (let number = 0; number < 250; number += 1) putStore(`s${number}`, nightly);
    expect(await world.reconcile()).toEqual({ put: 250, removed: 0 });
    const due = await dueTick('s200');
    const client = await world.queues.ticks.getBackend().client;
    await client.del(world.queues.ticks.toKey(due));
    await client.runCommand('zrem', [world.queues.ticks.toKey('delayed'), due]);
    expect(await world.reconcile()).toEqual({ put: 1, removed: 0 });
    expect(await world.queues.ticks.getJobState(due)).toBe('delayed');
    expect(await world.reconcile()).toEqual({ put: 0, removed: 0 });
    expect(await unscheduledStores(world)).toEqual([]);
  });

  it('are due when the core says so', async () => {
    putStore('a', nightly);
    const before = new Date();
    await world.queue.reconcileSchedules();
    const scheduler = await world.queues.ticks.getJobScheduler('store-a');
    expect(scheduler?.next).toBe(nextRun(nightly, before)?.getTime());
  });

  it('queue a scheduled run when they are due, carry it out, and are due again later', async () => {
    putStore('a', nightly);
    await world.reconcile();
    const due = await dueTick('a');
    await world.startWorkers();
    const ended = next(world.events.runs, 'completed');
    await (await world.queues.ticks.getJob(due))?.promote();
    await ended;
    expect(world.runs.all.get('run1')).toMatchObject({
      storeId: 'a',
      trigger: 'schedule',
      requestedBy: 'schedule',
      status: 'succeeded',
    });
    expect(await dueTick('a')).not.toBe(due);
    const again = await world.queues.ticks.getJob(await dueTick('a'));
    expect(again?.delay).toBeGreaterThan(0);
  });

  it('fire once for turns that were missed while no worker ran', async () => {
    putStore('a', nightly);
    await world.reconcile();
    const missed = await dueTick('a');
    await (await world.queues.ticks.getJob(missed))?.changeDelay(0);
    // An overdue turn is no difference: reconciling must not drop it.
    expect(await world.reconcile()).toEqual({ put: 0, removed: 0 });
    const ticked = next(world.events.ticks, 'completed', missed);
    const ended = next(world.events.runs, 'completed');
    await world.startWorkers();
    await Promise.all([ticked, ended]);
    expect(world.runs.all.size).toBe(1);
    expect(await world.queues.ticks.getJobCountByTypes('waiting', 'active', 'delayed')).toBe(1);
  });

  it('find the run that is queued already', async () => {
    putStore('a', nightly);
    const { run } = await world.runs.enqueue({
      storeId: 'a',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    await world.reconcile();
    const ended = next(world.events.runs, 'completed');
    await world.startWorkers();
    await (await world.queues.ticks.getJob(await dueTick('a')))?.promote();
    await ended;
    expect([...world.runs.all.keys()]).toEqual([run.id]);
  });

  it.each(['paused', 'removed'] as const)('ignore a store that is %s', async (what) => {
    putStore('a', nightly);
    await world.reconcile();
    if (what === 'paused') putStore('a', nightly, 'paused');
    else world.stores.all.delete('a');
    const due = await dueTick('a');
    const ticked = next(world.events.ticks, 'completed', due);
    await world.startWorkers();
    await (await world.queues.ticks.getJob(due))?.promote();
    await ticked;
    expect(world.runs.all.size).toBe(0);
    expect(world.logged).toContain('A scheduled run was left out: the store has none now.');
  });
});

describe('a Redis that lost its data', () => {
  it('loses no run and no schedule', async () => {
    const world = await openJobWorld();
    try {
      world.stores.all.set('a', aStore({ id: 'a', config: aConfig({ schedule: nightly }) }));
      await world.reconcile();
      const { run } = await world.runs.enqueue({
        storeId: 'a',
        mode: 'full',
        trigger: 'manual',
        configRevision: 1,
        requestedBy: 'cli:ada',
      });
      await world.queue.enqueueJob(run);
      await world.loseRedisData();
      expect(await world.queues.runs.getJobCounts()).toMatchObject({ waiting: 0 });

      const ended = next(world.events.runs, 'completed');
      await world.startWorkers();
      await armRecurringJobs(world.queues, world.jobs);
      await ended;
      await world.queue.reconcileSchedules();
      expect(world.runs.all.get(run.id)?.status).toBe('succeeded');
      expect(await unscheduledStores(world)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

describe('jobs that run by themselves', () => {
  it('are set once, and again only when something differs', async () => {
    const world = await openJobWorld();
    try {
      await armRecurringJobs(world.queues, world.jobs);
      const before = await world.queues.maintenance.getJobSchedulers();
      await armRecurringJobs(world.queues, world.jobs);
      expect(await world.queues.maintenance.getJobSchedulers()).toEqual(before);
      expect(before.map(({ key }) => key).sort()).toEqual([
        'check-domains',
        'deliver-alerts',
        'deliver-notices',
        'expire-held',
        'prune-runs',
        'reconcile-schedules',
        'report-expiring-tokens',
        'report-stale-stores',
        'resume-removals',
        'sweep-runs',
      ]);
    } finally {
      await world.close();
    }
  });
});
