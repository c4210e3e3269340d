import { RunFailure } from '../../core/errors.ts';
import {
  hasEnded,
  noCounts,
  plannedWrites,
  type Run,
  runsInCreatingProcess,
  writesLeft,
} from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { shellWord } from '../../core/shell-word.ts';
import { applyRun } from './apply-run.ts';
import { prepareDecision } from './decisions/carry-out-decision.ts';
import { planUndoOf } from './decisions/plan-undo-run.ts';
import { endRun, type RunEnd } from './end-run.ts';
import { fenceStores } from './fence.ts';
import { type HeldLease, holdLease, isLeaseLost, Stopped } from './lease.ts';
import { planRun } from './plan-run.ts';
import { countOutcomes, countPlan } from './records/count-outcomes.ts';
import { undoneBy } from './records/mark-undone.ts';
import type { Plan, RunOutcome, SyncPorts, Worker } from './run-ports.ts';

const mostResumes = 5;

/**
 * Carries out a queued run or a person's decision on one, or goes on with one that was interrupted: the whole of a
 * sync on one page.
 * Answers how it went; throws only what is nobody's decision (a database that fails, a bug), for the caller to
 * try again.
 */
export async function executeRun(
  ports: SyncPorts,
  runId: string,
  worker: Worker,
): Promise<RunOutcome> {
  const { storeId } = await mustFind(ports, runId);
  const lease = await holdLease(ports, { id: runId, storeId: storeId ?? runId }, worker);
  if (lease === null) return { outcome: 'lease-taken' };
  try {
    const fenced = fenceStores(ports, lease);
    // Read under the lease: until then another worker may have gone on with it.
    const run = await mustFind(fenced, runId);
    if (hasEnded(run)) return { outcome: 'ended', run };
    if (await mustWaitForOther(fenced, run)) return { outcome: 'lease-taken' };
    const end = await workOn(fenced, { found: run, lease, worker });
    return await endRun(fenced, { id: runId, holder: worker.holder }, end);
  } catch (error) {
    if (isLeaseLost(error)) return { outcome: 'lease-taken' };
    throw error;
  } finally {
    await lease.release();
  }
}

async function mustFind(ports: SyncPorts, runId: string): Promise<Run> {
  const run = await ports.runs.get(runId);
  if (run === null) throw new Error(`run ${runId} does not exist`);
  return run;
}

/**
 * Whether another run of the store is still under way, though its worker is gone. It goes first: what it planned is
 * true of the members as they were then, and of the source as it was.
 */
async function mustWaitForOther(ports: Pick<SyncPorts, 'runs'>, run: Run): Promise<boolean> {
  if (run.storeId === null || isUnderWay(run)) return false;
  const { storeId } = run;
  const others = await ports.runs.list({ storeId, statuses: ['listing', 'applying'] });
  return others.some((other) => other.id !== run.id && isUnderWay(other));
}

/** A decision isn't until a worker has taken it up; and what is its maker's stands in nobody's way. */
function isUnderWay(run: Run): boolean {
  const isBegun = run.status === 'listing' || run.status === 'applying';
  return isBegun && !runsInCreatingProcess(run) && (run.decision === null || run.holder !== null);
}

interface Work {
  readonly found: Run;
  readonly lease: HeldLease;
  readonly worker: Worker;
}

async function workOn(ports: SyncPorts, work: Work): Promise<RunEnd> {
  const { found, lease, worker } = work;
  const warnings = found.status === 'applying' ? [...found.warnings] : [];
  try {
    const run = await claimRun(ports, found, worker);
    const ready = await prepareRecords(ports, { ...work, run, warnings });
    if (run.mode === 'plan') return { status: 'planned', run: ready.run };
    // Where nothing was left to be written, it goes from listing to its end.
    if (ready.run.status === 'applying') {
      const total = writesLeft(ready.run.counts);
      await applyRun({
        runId: run.id,
        storeId: run.storeId,
        undoes: await undoneBy(ports, run),
        ...ports,
        checkpoint: () => lease.check(),
        report: (done) => worker.onProgress({ phase: 'applying', done, total }),
      });
    }
    return { status: 'applied', unconfirmed: 0, ...ready };
  } catch (thrown) {
    // A request that was cut off says only that; why is the signal's to say.
    const error: unknown = lease.signal.aborted ? lease.signal.reason : thrown;
    return { status: 'stopped', error, found, warnings };
  }
}

interface Ready {
  readonly run: Run;
  /** Approved records that could not be confirmed. */
  readonly unconfirmed?: number;
}

/** Brings a run to where its planned records are what is to be applied. */
async function prepareRecords(
  ports: SyncPorts,
  work: Work & { readonly run: Run; readonly warnings: string[] },
): Promise<Ready> {
  const { run } = work;
  if (run.decision !== null) {
    const store = await storeOf(ports, run);
    const { decision } = run;
    const unconfirmed = await prepareDecision(ports, { ...work, store, decision });
    return { run: { ...run, warnings: work.warnings }, unconfirmed };
  }
  if (run.mode === 'single') return { run: await finishEdit(ports, run) };
  if (runsInCreatingProcess(run)) return { run: await finishPush(ports, run) };
  if (run.status !== 'listing') return { run };
  const store = await storeOf(ports, run);
  const { undoOf } = run;
  if (undoOf !== null) {
    return {
      run: await beginApplying(ports, run, await planUndoOf(ports, { ...work, undoOf, store })),
    };
  }
  if (store === null) throw new RunFailure('store-removed', 'the store was removed');
  return { run: await beginApplying(ports, run, await planRun(ports, { ...work, store })) };
}

/** From here on the plan stands. With nothing to write, the run's end says all this in one write. */
async function beginApplying(ports: SyncPorts, run: Run, plan: Plan): Promise<Run> {
  if (run.mode === 'plan' || writesLeft(plan.counts) === 0) return { ...run, ...plan };
  return requireStillMine(await ports.runs.update(run, { status: 'applying', ...plan }));
}

/** An edit by hand whose maker died: what it planned is finished. */
async function finishEdit(ports: SyncPorts, run: Run): Promise<Run> {
  const counts = { ...noCounts, ...(await countPlan(ports, run.id)) };
  if (plannedWrites(counts) > 0) return { ...run, counts };
  throw new RunFailure(
    'interrupted',
    'the command that made this edit ended before it was planned',
    {
      hint: 'Give the command again.',
    },
  );
}

/** What was pushed to a process that died: what it planned is finished, and what it didn't was never answered. */
async function finishPush(ports: SyncPorts, run: Run): Promise<Run> {
  return { ...run, counts: { ...noCounts, ...(await countPlan(ports, run.id)) } };
}

/** The run's store with the configuration it works by; null for what was done by hand to a member of none. */
async function storeOf(ports: SyncPorts, run: Run): Promise<DirectoryStore | null> {
  if (run.storeId === null) return null;
  const store = await ports.stores.get(run.storeId);
  if (store === null) throw new RunFailure('store-removed', 'the store was removed');
  const isScheduled = run.trigger === 'schedule' && run.decision === null;
  // Queued before the store was paused or refused: such a store has no scheduled runs.
  if (store.status !== 'active' && isScheduled) throw new Stopped('cancelled');
  // Neither an undo nor a rejection asks the source.
  const asksSource = run.undoOf === null && run.decision?.verdict !== 'reject';
  if (store.status === 'needs-reauthorization' && asksSource) {
    throw new RunFailure('needs-reauthorization', 'the store needs to be reauthorized first', {
      hint: `Give it a working key with: rollcall store reauthorize ${shellWord(store.name)} --api-key-stdin`,
    });
  }
  return run.proposed === null ? store : { ...store, config: run.proposed };
}

/**
 * Marks the run as begun, by this worker: nobody who had it before can change it any more. One that was interrupted
 * while it listed starts its listing anew.
 */
async function claimRun(ports: SyncPorts, run: Run, { holder }: Worker): Promise<Run> {
  const isNew = run.status === 'queued';
  const begun = isNew
    ? { status: 'listing' as const, startedAt: ports.clock.now() }
    : await countResume(ports, run);
  const taken = requireStillMine(await ports.runs.update(run, { ...begun, holder }));
  if (!isNew && run.resumes >= mostResumes) {
    throw new RunFailure(
      'gave-up',
      `the run was interrupted ${run.resumes} times without getting on`,
      {
        hint: 'Look at the worker’s log for what stops it, then start a new run.',
      },
    );
  }
  if (run.status === 'listing') await ports.records.removeAll(run.id);
  return taken;
}

/** A run that can't be changed any more was ended, or taken up, by somebody else. */
function requireStillMine(run: Run | null): Run {
  if (run === null) throw new Stopped('lease-lost');
  if (run.cancelRequested) throw new Stopped('cancelled');
  return run;
}

/** Counts how often a run was taken up, from one anew when it got on since the last time. */
async function countResume(ports: SyncPorts, run: Run): Promise<Pick<Run, 'resumes' | 'counts'>> {
  const { counts, resumes } = run;
  if (run.status !== 'applying') return { resumes: resumes + 1, counts };
  const { applied, failed } = await countOutcomes(ports.records, run.id);
  const gotOn = applied + failed > counts.applied + counts.failed;
  return { resumes: gotOn ? 1 : resumes + 1, counts: { ...counts, applied, failed } };
}
