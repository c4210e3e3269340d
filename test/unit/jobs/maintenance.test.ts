import { expireHeldJob } from '../../../jobs/expire-held.job.ts';
import type { JobDefinition, JobOutcome } from '../../../jobs/job-definition.ts';
import { pruneRunsJob } from '../../../jobs/prune-runs.job.ts';
import { resumeRemovalsJob } from '../../../jobs/resume-removals.job.ts';
import { sweepRunsJob } from '../../../jobs/sweep-runs.job.ts';
import { Conflict } from '../../../src/core/errors.ts';
import type { NewRun, Run } from '../../../src/core/model/run.ts';
import { aConfig, aStore } from '../../builders/models.ts';
import { QueuedRuns } from '../../fakes/job-world.ts';

const dayMs = 86_400_000;

function carryOut(job: JobDefinition, signal = new AbortController().signal): Promise<JobOutcome> {
  return job.handle({
    data: {},
    signal,
    holder: 'h',
    retried: false,
    showProgress: () => undefined,
  });
}

const aRun: NewRun = {
  storeId: 'store1',
  mode: 'full',
  trigger: 'manual',
  configRevision: 1,
  requestedBy: 'cli:ada',
};

describe('sweeping runs', () => {
  async function sweep(runs: QueuedRuns, now = new Date()) {
    const enqueued: string[] = [];
    const job = sweepRunsJob({
      runs,
      enqueueJob: async ({ id }) => {
        enqueued.push(id);
        return true;
      },
      clock: { now: () => now },
      log: () => undefined,
    });
    return { outcome: await carryOut(job), enqueued };
  }

  it('enqueues every run that has not ended', async () => {
    const runs = new QueuedRuns();
    const { run: queued } = await runs.enqueue(aRun);
    const { run: ended } = await runs.enqueue({ ...aRun, storeId: 'store2' });
    const { run: previewed } = await runs.enqueue({ ...aRun, mode: 'plan' });
    const { run: underWay } = await runs.enqueue({ ...aRun, storeId: 'store3' });
    runs.end(ended.id);
    runs.end(previewed.id, 'planned');
    runs.all.set(underWay.id, { ...underWay, status: 'applying' });
    const { outcome, enqueued } = await sweep(runs);
    expect(enqueued.toSorted()).toEqual([queued.id, underWay.id]);
    expect(outcome).toEqual({ end: 'done', result: { rung: 2 } });
  });

  it('leaves an edit by hand to its command, until that has surely ended', async () => {
    const runs = new QueuedRuns();
    const edit = await runs.insertUnderWay({ ...aRun, mode: 'single' });
    const storeless = await runs.insertUnderWay({ ...aRun, mode: 'single', storeId: null });
    expect((await sweep(runs)).enqueued).toEqual([]);
    const { enqueued } = await sweep(runs, new Date(Date.now() + 6 * 60_000));
    expect(enqueued.toSorted()).toEqual([edit.id, storeless.id]);
  });
});

describe('expiring held records', () => {
  const now = new Date('2026-06-01T00:00:00Z');

  it('stores a rejection in each run that has held records for too long', async () => {
    const runs = new QueuedRuns();
    const enqueued: string[] = [];
    for (const [days, held] of [
      [31, 2],
      [29, 2],
      [31, 0],
    ] as const) {
      const { id } = runs.end((await runs.enqueue({ ...aRun, storeId: `store${days}` })).run.id);
      const finishedAt = new Date(now.getTime() - days * dayMs);
      const run = runs.all.get(id) as Run;
      runs.all.set(id, { ...run, status: 'held', finishedAt, counts: { ...run.counts, held } });
    }
    const job = expireHeldJob({
      runs,
      records: {
        countByStatus: async (id) => ({ held: id === 'run3' ? 0 : 2 }),
        countByAction: async () => ({}),
      },
      queue: { enqueueJob: async ({ id }) => void enqueued.push(id) },
      clock: { now: () => now },
      heldExpiryMs: 30 * dayMs,
    });
    expect(await carryOut(job)).toEqual({ end: 'done', result: { expired: 1 } });
    expect(enqueued).toEqual(['run1']);
    expect(runs.all.get('run1')?.decision).toMatchObject({ verdict: 'reject', by: 'expiry' });
    expect(runs.all.get('run2')).toMatchObject({ status: 'held', decision: null });
  });

  it('ends a run whose last held record was closed by a worker that died then', async () => {
    const runs = new QueuedRuns();
    const { id } = runs.end((await runs.enqueue(aRun)).run.id);
    const run = runs.all.get(id) as Run;
    runs.all.set(id, { ...run, status: 'held', counts: { ...run.counts, held: 2 } });
    const job = expireHeldJob({
      runs,
      records: {
        countByStatus: async () => ({ rejected: 2 }),
        countByAction: async () => ({}),
      },
      queue: { enqueueJob: async () => undefined },
      clock: { now: () => now },
      heldExpiryMs: 30 * dayMs,
    });
    await carryOut(job);
    expect(runs.all.get(id)).toMatchObject({ status: 'succeeded', resolvedAt: now });
  });
});

describe('resuming removals of stores', () => {
  it('fails for a store that can’t be removed, after it has removed the others', async () => {
    const removal = { members: 'keep', by: 'cli:ada', at: new Date() } as const;
    const stores = [
      aStore({ id: 'stuck', removal }),
      aStore({ id: 'underWay', removal }),
      aStore({ id: 'kept' }),
      aStore({ id: 'leaving', removal }),
    ];
    const asked: string[] = [];
    const job = resumeRemovalsJob({
      stores: { list: async () => stores },
      async removeStore({ id }) {
        asked.push(id);
        if (id === 'stuck') throw new Error('The database refused.');
        if (id === 'underWay') throw new Conflict('It is being removed already.');
      },
    });
    await expect(carryOut(job)).rejects.toThrow('The database refused.');
    expect(asked).toEqual(['stuck', 'underWay', 'leaving']);
  });
});

describe('pruning runs', () => {
  const now = new Date('2026-06-01T00:00:00Z');

  async function prune(
    ages: readonly number[],
    given: { readonly window?: string; readonly signal?: AbortSignal } = {},
  ) {
    const runs = new QueuedRuns();
    for (const [index, days] of ages.entries()) {
      const { run } = await runs.enqueue({ ...aRun, storeId: `store${index}` });
      const finishedAt = new Date(now.getTime() - days * dayMs);
      runs.all.set(run.id, { ...run, status: 'succeeded', finishedAt });
    }
    const safeguards = { ...aConfig().safeguards, window: given.window ?? '24h' };
    const job = pruneRunsJob({
      runs,
      stores: { list: async () => [aStore({ config: aConfig({ safeguards }) })] },
      clock: { now: () => now },
      retentionMs: 90 * dayMs,
    });
    const outcome = await carryOut(job, given.signal);
    return { outcome, left: runs.all.size };
  }

  it('removes runs older than the retention, in batches', async () => {
    const old = Array.from({ length: 250 }, () => 91);
    expect(await prune([...old, 89, 1])).toEqual({
      outcome: { end: 'done', result: { removed: 250 } },
      left: 2,
    });
  });

  it('keeps runs that the window of a safeguard still counts', async () => {
    expect(await prune([91, 101], { window: '100d' })).toMatchObject({ left: 1 });
  });

  it('stops with its process', async () => {
    expect(await prune([91], { signal: AbortSignal.abort() })).toMatchObject({ left: 1 });
  });
});
