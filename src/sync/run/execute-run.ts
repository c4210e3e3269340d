/*
 * One run, from the moment a worker claims it to its end. A run moves through these states:
 *
 *   status     event                                            next status
 *   ---------  -----------------------------------------------  -------------------------------------------------
 *   queued     a worker claims it under the store's lease       listing
 *   queued     a person cancels it                              cancelled
 *   listing    the plan is stored and has records to write      applying
 *   listing    the plan is stored and has nothing to write      succeeded, or held when a record is held
 *   listing    the plan of a preview is stored                  planned (the end of a preview)
 *   listing    its worker is lost and another one claims it     listing (starts again; early creates stay)
 *   applying   every planned record is applied                  succeeded, or held when a record is held
 *   applying   a record could not be applied                    failed (records-failed)
 *   applying   its worker is lost and another one claims it     applying (goes on with the planned records)
 *   listing,   the source or the configuration fails            failed
 *   applying   a person cancels it                              cancelled
 *              its worker is lost a sixth time without progress failed (gave-up)
 *              its worker shuts down                            the same status (handed back, not counted as lost)
 *   ended      a person approves or rejects held records        applying, then as above; a run that was cancelled
 *                                                               or failed before its end keeps that status
 *
 * The phases, in order: lease.ts and fence.ts, plan-run.ts (listing/, then planning/), or decisions/ for an approval
 * and for an undo; apply-run.ts; end-run.ts.
 */
import { RunFailure } from '../../core/errors.ts';
import { dataShape, isNewer } from '../../core/model/data-shape.ts';
import {
  hasEnded,
  noCounts,
  plannedWrites,
  type Run,
  runsInCreatingProcess,
  writesLeft,
} from '../../core/model/run.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { reauthorizeHint } from '../../core/reauthorize-hint.ts';
import { rememberPace } from '../source/connect-source.ts';
import { applyPlan } from './apply-plan.ts';
import { prepareDecision } from './decisions/carry-out-decision.ts';
import { planUndoOf } from './decisions/plan-undo-run.ts';
import { endRun, type RunEnd } from './end-run.ts';
import { fenceStores } from './fence.ts';
import { type HeldLease, holdLease, isLeaseLost, Stopped } from './lease.ts';
import { planRun } from './plan-run.ts';
import { recountGroups } from './records/count-groups.ts';
import { countOutcomes, countPlan } from './records/count-outcomes.ts';
import type { Opened, Plan, Planning, RunOutcome, SyncPorts, Worker } from './run-ports.ts';

const mostResumes = 5;

/**
 * Executes a queued run, continues an interrupted one, or carries out a decision on an ended one. Returns the
 * outcome. Throws only an error that is no outcome of the run (a failing database, a bug), so that the caller tries
 * again.
 */
export async function executeRun(
  ports: SyncPorts,
  runId: string,
  worker: Worker,
): Promise<RunOutcome> {
  const asked = await mustFind(ports, runId);
  const { storeId } = asked;
  const store = storeId === null ? null : await ports.stores.get(storeId);
  if (isNewer(asked) || (store !== null && isNewer(store))) return { outcome: 'newer' };
  const lease = await holdLease(ports, { id: runId, storeId: storeId ?? runId }, worker);
  if (lease === null) return { outcome: 'lease-taken' };
  try {
    const fenced = fenceStores(ports, lease);
    // Read the run under the lease: before, another worker could still change it.
    const run = await mustFind(fenced, runId);
    if (hasEnded(run)) return { outcome: 'ended', run };
    if (isNewer(run)) return { outcome: 'newer' };
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
 * Whether another run of the store was interrupted. That run goes first: its plan was made for the members and the
 * source as they were then.
 */
async function mustWaitForOther(ports: Pick<SyncPorts, 'runs'>, run: Run): Promise<boolean> {
  if (run.storeId === null || isUnderWay(run)) return false;
  const { storeId } = run;
  const others = await ports.runs.list({ storeId, statuses: ['listing', 'applying'] });
  return others.some((other) => other.id !== run.id && isUnderWay(other));
}

/**
 * A decision counts as under way only once a worker claimed it. A run executed inside the creating process never
 * blocks others.
 */
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
  const opened: Opened[] = [];
  try {
    const run = await claimRun(ports, found, worker);
    worker.onStep?.('started', run);
    const ready = await prepareRecords(ports, { ...work, run, warnings, opened });
    worker.onStep?.('planned', ready.run);
    if (run.mode === 'plan') return { status: 'planned', run: ready.run };
    // A plan with nothing to write skips the status `applying`.
    if (ready.run.status === 'applying') {
      await applyPlan(ports, { run: ready.run, lease, worker });
      worker.onStep?.('applied', ready.run);
    }
    return { status: 'applied', unconfirmed: 0, ...ready };
  } catch (thrown) {
    // An aborted request does not say why it was aborted; the reason of the signal does.
    const error: unknown = lease.signal.aborted ? lease.signal.reason : thrown;
    return { status: 'stopped', error, found, warnings };
  } finally {
    if (!lease.signal.aborted) await Promise.all(opened.map((each) => rememberPace(ports, each)));
  }
}

interface Ready {
  readonly run: Run;
  /** Approved records that could not be confirmed. */
  readonly unconfirmed?: number;
}

/** Gives the status `planned` to exactly the records that `applyRun` must write. */
async function prepareRecords(
  ports: SyncPorts,
  work: Work & Pick<Planning, 'run' | 'warnings' | 'opened'>,
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

/** Saves the plan with the run. A plan with nothing to write is saved by the run's end, to spare a write. */
async function beginApplying(ports: SyncPorts, run: Run, plan: Plan): Promise<Run> {
  if (run.mode === 'plan' || writesLeft(plan) === 0) return { ...run, ...plan };
  return requireStillMine(await ports.runs.update(run, { status: 'applying', ...plan }));
}

/** Finishes an edit by hand whose process died after it had planned. */
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

/** Finishes a push whose process died. A pushed user that it had not planned yet was never acknowledged. */
async function finishPush(ports: SyncPorts, run: Run): Promise<Run> {
  return { ...run, counts: { ...noCounts, ...(await countPlan(ports, run.id)) } };
}

/** The run's store with the configuration that the run uses; null for an edit of a member without a store. */
async function storeOf(ports: SyncPorts, run: Run): Promise<DirectoryStore | null> {
  if (run.storeId === null) return null;
  const store = await ports.stores.get(run.storeId);
  if (store === null) throw new RunFailure('store-removed', 'the store was removed');
  const isScheduled = run.trigger === 'schedule' && run.decision === null;
  // The run was queued before the store was paused or refused; such a store has no scheduled runs.
  if (store.status !== 'active' && isScheduled) throw new Stopped('cancelled');
  // An undo and a rejection send no request to the source.
  const asksSource = run.undoOf === null && run.decision?.verdict !== 'reject';
  if (store.status === 'needs-reauthorization' && asksSource) {
    throw new RunFailure('needs-reauthorization', 'the store needs to be reauthorized first', {
      hint: reauthorizeHint(store.name),
    });
  }
  return run.proposed === null ? store : { ...store, config: run.proposed };
}

/**
 * Claims the run for this worker, so that no earlier holder can change it any more. A run that was interrupted while
 * it listed starts its listing again.
 */
async function claimRun(ports: SyncPorts, run: Run, { holder }: Worker): Promise<Run> {
  const isNew = run.status === 'queued';
  const begun = isNew
    ? { status: 'listing' as const, startedAt: ports.clock.now() }
    : await countResume(ports, run);
  const taken = requireStillMine(
    await ports.runs.update(run, { ...begun, holder, shape: dataShape }),
  );
  if (!isNew && taken.resumes > mostResumes) {
    const reason = `the run was interrupted ${taken.resumes} times without progress`;
    const hint = 'Look at the worker’s log for what stops it, then start a new run.';
    throw new RunFailure('gave-up', reason, { hint });
  }
  if (run.status === 'listing') {
    await ports.records.removeAll(run.id);
    await ports.recordPeople.removeAll(run.id);
  }
  return taken;
}

/** Throws when another process ended or claimed the run, or when a person cancelled it. */
function requireStillMine(run: Run | null): Run {
  if (run === null) throw new Stopped('lease-lost');
  if (run.cancelRequested) throw new Stopped('cancelled');
  return run;
}

/** Counts one more interruption; starts at one again when records were applied since the last one. */
async function countResume(
  ports: SyncPorts,
  run: Run,
): Promise<Pick<Run, 'resumes' | 'counts' | 'groups'>> {
  const { resumes } = run;
  const { counts, groups } = run;
  if (run.status !== 'applying') return { counts, groups, resumes: resumes + 1 };
  const { applied, failed } = await countOutcomes(ports.records, run.id);
  const now = {
    counts: { ...run.counts, applied, failed },
    groups: await recountGroups(ports.records, run),
  };
  return { ...now, resumes: writesLeft(now) < writesLeft(run) ? 1 : resumes + 1 };
}
