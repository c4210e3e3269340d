import { type ExecuteRunDependencies, executeRunJob } from '../../../jobs/execute-run.job.ts';
import type { JobOutcome } from '../../../jobs/job-definition.ts';
import type { NewRun, Run } from '../../../src/core/model/run.ts';
import type { DirectoryStore } from '../../../src/core/model/store.ts';
import { aConfig, aStore } from '../../builders/models.ts';
import { QueuedRuns } from '../../fakes/job-world.ts';

describe('the job of a run whose run has ended', () => {
  async function handle(
    status: Run['status'],
    given: {
      readonly retried: boolean;
      readonly mode?: Run['mode'];
      readonly store?: DirectoryStore | null;
      readonly about?: Pick<NewRun, 'undoOf' | 'proposed'>;
    },
  ): Promise<{
    readonly outcome: JobOutcome;
    readonly runs: QueuedRuns;
    readonly enqueued: readonly string[];
  }> {
    const runs = new QueuedRuns();
    const { run } = await runs.enqueue({
      storeId: 'store1',
      mode: given.mode ?? 'full',
      trigger: 'schedule',
      configRevision: 1,
      requestedBy: 'schedule',
      ...given.about,
    });
    runs.end(run.id, status);
    const enqueued: string[] = [];
    const dependencies: ExecuteRunDependencies = {
      runs,
      stores: {
        get: async () => (given.store === undefined ? aStore({ configRevision: 7 }) : given.store),
      },
      tokens: { get: async () => null },
      queue: { enqueueJob: async ({ id }) => void enqueued.push(id) },
      onRunEnded: () => undefined,
      executeRun: async () => {
        throw new Error('an ended run must not be carried out');
      },
      random: () => 0,
      log: () => undefined,
    };
    const outcome = await executeRunJob(dependencies).handle({
      data: { runId: run.id },
      signal: new AbortController().signal,
      holder: 'h',
      retried: given.retried,
      showProgress: () => undefined,
    });
    return { outcome, runs, enqueued };
  }

  it.each(['succeeded', 'held', 'cancelled', 'planned'] as const)(
    'is done when it comes again: %s',
    async (status) => {
      const { outcome, runs, enqueued } = await handle(status, { retried: false });
      expect(outcome).toEqual({ end: 'done', result: { runId: 'run1', status, applied: 0 } });
      expect(runs.all.size).toBe(1);
      expect(enqueued).toEqual([]);
    },
  );

  it('fails when it comes again after its worker died, since its run failed', async () => {
    const { outcome, runs } = await handle('failed', { retried: false });
    expect(outcome).toMatchObject({
      end: 'failed',
      reason: expect.stringMatching(/^source-failed: /),
    });
    expect(runs.all.size).toBe(1);
  });

  it.each(['full', 'plan'] as const)('starts a new one when it is retried: %s', async (mode) => {
    const { outcome, runs, enqueued } = await handle('failed', { retried: true, mode });
    expect(outcome).toEqual({ end: 'done', result: { runId: 'run1', startedRunId: 'run2' } });
    expect(runs.all.get('run2')).toMatchObject({
      mode,
      configRevision: 7,
      requestedBy: 'ops:retry',
      status: 'queued',
    });
    expect(enqueued).toEqual(['run2']);
  });

  it('starts a preview of the same subject when one is retried', async () => {
    const about = { undoOf: 'run0', proposed: aConfig() };
    const { runs } = await handle('failed', { retried: true, mode: 'plan', about });
    expect(runs.all.get('run2')).toMatchObject({ mode: 'plan', ...about });
  });

  it.each([
    ['undo', undefined, /^not-repeatable/],
    ['full', null, /^store-removed/],
    ['full', aStore({ status: 'needs-reauthorization' }), /^needs-reauthorization/],
  ] as const)('starts none where a new run makes no sense: %s', async (mode, store, reason) => {
    const { outcome, runs } = await handle('failed', {
      retried: true,
      mode,
      ...(store !== undefined && { store }),
    });
    expect(outcome).toMatchObject({ end: 'failed', reason: expect.stringMatching(reason) });
    expect(runs.all.size).toBe(1);
  });
});

describe('the job of a run that a newer release made', () => {
  it('comes again soon, for another worker to take it, and says so', async () => {
    const runs = new QueuedRuns();
    const { run } = await runs.enqueue({
      storeId: 'store1',
      mode: 'full',
      trigger: 'manual',
      configRevision: 1,
      requestedBy: 'cli:ada',
    });
    const logged: unknown[] = [];
    const job = executeRunJob({
      runs,
      stores: { get: async () => aStore() },
      tokens: { get: async () => null },
      queue: { enqueueJob: async () => undefined },
      onRunEnded: () => undefined,
      executeRun: async () => ({ outcome: 'newer' }),
      random: () => 0,
      log: (fields, message) => void logged.push([fields, message]),
    });
    const outcome = await job.handle({
      data: { runId: run.id },
      signal: new AbortController().signal,
      holder: 'h',
      retried: false,
      showProgress: () => undefined,
    });
    expect(outcome).toEqual({ end: 'delayed', delayMs: 5_000 });
    expect(logged).toEqual([
      [{ runId: run.id }, expect.stringContaining('Left a run to a worker of a newer release')],
    ]);
  });
});
