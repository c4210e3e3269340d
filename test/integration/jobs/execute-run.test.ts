import { setImmediate } from 'node:timers/promises';
import { runJobId } from '../../../jobs/job-queue.ts';
import type { Run } from '../../../src/core/model/run.ts';
import { aStore } from '../../builders/models.ts';
import { deferred, type JobWorld, next, openJobWorld } from '../../fakes/job-world.ts';

describe('the job of a run', () => {
  let world: JobWorld;
  beforeEach(async () => {
    world = await openJobWorld();
    world.stores.all.set('store1', aStore());
  });
  afterEach(() => world.close());

  async function queueRun(): Promise<Run> {
    const { run } = await world.runs.enqueue({
      storeId: 'store1',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    return run;
  }

  it('carries out its run, and stores ids alone', async () => {
    await world.startWorkers();
    const run = await queueRun();
    const done = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    const { jobId } = await done;
    const job = await world.queues.runs.getJob(jobId);
    expect(job?.data).toEqual({ runId: run.id, storeId: 'store1' });
    expect(job?.returnvalue).toEqual({ runId: run.id, status: 'succeeded', applied: 0 });
  });

  it('is one job, however often it is enqueued', async () => {
    const run = await queueRun();
    await Promise.all([world.queue.enqueueJob(run), world.queue.enqueueJob(run)]);
    await world.queue.enqueueJob(run);
    expect(await world.queues.runs.getJobCountByTypes('waiting', 'delayed')).toBe(1);
  });

  it('comes back later when the lease of the store is taken, without using up an attempt', async () => {
    let asked = 0;
    await world.startWorkers(async (id) => {
      asked += 1;
      return asked === 1
        ? { outcome: 'lease-taken' }
        : { outcome: 'ended', run: world.runs.end(id) };
    });
    const run = await queueRun();
    const delayed = next(world.events.runs, 'delayed');
    const done = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    await delayed;
    const job = await world.queues.runs.getJob(runJobId(run));
    expect(job?.delay).toBeGreaterThan(900);
    await job?.promote();
    await done;
    expect((await world.queues.runs.getJob(runJobId(run)))?.attemptsMade).toBe(1);
  });

  it('is not begun by a worker that was stopped before it came', async () => {
    const begun: string[] = [];
    const first = await world.startWorkers(async (id) => {
      begun.push(id);
      return { outcome: 'handed-back' };
    });
    await first.stop();
    const run = await queueRun();
    await world.queue.enqueueJob(run);
    await first.close();
    expect(begun).toEqual([]);
    expect(await world.queues.runs.getJobState(runJobId(run))).toBe('waiting');
  });

  it('is handed back when its worker stops, and another worker takes it', async () => {
    const begun = deferred();
    const first = await world.startWorkers(async (_id, { signal }) => {
      begun.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { outcome: 'handed-back' };
    });
    const run = await queueRun();
    await world.queue.enqueueJob(run);
    await begun.promise;
    await first.stop();
    await first.close();
    expect(await world.queues.runs.getJobState(runJobId(run))).toBe('waiting');
    const done = next(world.events.runs, 'completed', runJobId(run));
    await world.startWorkers();
    await done;
    expect(world.runs.all.get(run.id)?.status).toBe('succeeded');
  });

  it('is a failed job when the run failed, at once and without personal data', async () => {
    await world.startWorkers(async (id) => ({
      outcome: 'ended',
      run: world.runs.end(id, 'failed'),
    }));
    const run = await queueRun();
    const failed = next(world.events.runs, 'failed');
    await world.queue.enqueueJob(run);
    await failed;
    const job = await world.queues.runs.getJob(runJobId(run));
    expect(job?.failedReason).toBe(`source-failed: rollcall runs show ${run.id} says more.`);
    expect(job?.attemptsMade).toBe(1);
    expect(JSON.stringify(job)).not.toContain('@');
  });

  it('is attempted again after a crash, and stores nothing of the error', async () => {
    let attempts = 0;
    await world.startWorkers(async (id) => {
      attempts += 1;
      if (attempts === 1) throw new TypeError('duplicate key { email: "ada@acme.test" }');
      return { outcome: 'ended', run: world.runs.end(id) };
    });
    const run = await queueRun();
    const delayed = next(world.events.runs, 'delayed');
    const done = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    await delayed;
    const job = await world.queues.runs.getJob(runJobId(run));
    expect(job?.failedReason).toBe('TypeError: the log of the worker says more.');
    expect(JSON.stringify(job)).not.toContain('ada@acme.test');
    await job?.promote();
    await done;
    expect(world.runs.all.size).toBe(1);
  });

  it('starts no new run when it crashed after its run had ended', async () => {
    await world.startWorkers(async (id) => {
      world.runs.end(id);
      throw new Error('the lease could not be released');
    });
    const run = await queueRun();
    const delayed = next(world.events.runs, 'delayed');
    const done = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    await delayed;
    await (await world.queues.runs.getJob(runJobId(run)))?.promote();
    await done;
    expect([...world.runs.all.keys()]).toEqual([run.id]);
  });

  it('starts a new run of the store when it is retried after its run ended', async () => {
    world.tokens.set('t1', {
      id: 't1',
      name: 'nightshift',
      role: 'admin',
      createdAt: new Date(),
      lastUsedAt: null,
      expiresAt: null,
    });
    let outcome: Run['status'] = 'failed';
    await world.startWorkers(async (id) => ({
      outcome: 'ended',
      run: world.runs.end(id, outcome),
    }));
    const run = await queueRun();
    const failed = next(world.events.runs, 'failed');
    await world.queue.enqueueJob(run);
    await failed;
    outcome = 'succeeded';
    const job = await world.queues.runs.getJob(runJobId(run));
    const retried = next(world.events.runs, 'completed', runJobId(run));
    const anew = next(world.events.runs, 'completed', runJobId({ id: 'run2', decision: null }));
    await job?.updateData({ ...job.data, retriedBy: 't1' });
    await job?.retry('failed');
    await Promise.all([retried, anew]);
    expect(world.runs.all.get(run.id)?.status).toBe('failed');
    expect(world.runs.all.get('run2')).toMatchObject({
      status: 'succeeded',
      mode: 'full',
      trigger: 'manual',
      requestedBy: 'ops:nightshift',
    });
  });

  it('can be enqueued again after it finished, as an approval does', async () => {
    await world.startWorkers();
    const run = await queueRun();
    const first = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    await first;
    world.runs.all.set(run.id, { ...run, status: 'applying', finishedAt: null });
    const second = next(world.events.runs, 'completed');
    await world.queue.enqueueJob(run);
    await second;
    expect(world.runs.all.get(run.id)?.finishedAt).not.toBeNull();
    expect(world.runs.all.size).toBe(1);
  });

  it('shows the progress of the run', async () => {
    const go = deferred();
    const progress = { phase: 'listing', done: 100, total: 250 } as const;
    await world.startWorkers(async (id, { onProgress }) => {
      onProgress(progress);
      await go.promise;
      return { outcome: 'ended', run: world.runs.end(id) };
    });
    const run = await queueRun();
    expect(await world.queue.progressOf(run)).toBeNull();
    const shown = next(world.events.runs, 'progress');
    await world.queue.enqueueJob(run);
    await shown;
    expect(await world.queue.progressOf(run)).toEqual(progress);
    go.resolve();
  });

  it('knows how many workers listen', async () => {
    expect(await world.queue.workers()).toEqual({ alive: 0, hanging: [] });
    await world.startWorkers();
    await world.startWorkers();
    // The node of a cluster knows of a worker only once the worker begins to wait there.
    while ((await world.queue.workers()).alive < 2) await setImmediate();
    expect(await world.queue.workers()).toEqual({ alive: 2, hanging: [] });
  });
});
