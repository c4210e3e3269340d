import { ConfigError, InvalidInput, RunFailure, SourceError } from '../../core/errors.ts';
import type { Decided, Run, RunError } from '../../core/model/run.ts';
import { raiseForEnd } from '../../notify/raise-alerts.ts';
import type { RunPatch } from '../../ports/runs.ts';
import { isLeaseLost, Stopped } from './lease.ts';
import { removeUncreated } from './listing/early-creates.ts';
import { recountGroups } from './records/count-groups.ts';
import { countOutcomes } from './records/count-outcomes.ts';
import { rejectAgain } from './records/reject-again.ts';
import { recoverWritten } from './recover-written.ts';
import type { RunOutcome, SyncPorts } from './run-ports.ts';

export type RunEnd =
  | { readonly status: 'planned'; readonly run: Run }
  | {
      readonly status: 'applied';
      readonly run: Run;
      /** Approved records that could not be confirmed, and stay held. */
      readonly unconfirmed: number;
    }
  | {
      readonly status: 'stopped';
      readonly error: unknown;
      /** The run as this worker found it. */
      readonly found: Run;
      readonly warnings: readonly string[];
    };

/** A run and the worker that claimed it. */
type Claimed = Pick<Run, 'id' | 'holder'>;

/**
 * Stores how a run ended, or hands it back. Throws an error that is no outcome of the run: a failing database, a bug,
 * a run that another worker has claimed.
 */
export async function endRun(ports: SyncPorts, mine: Claimed, end: RunEnd): Promise<RunOutcome> {
  if (end.status === 'planned') {
    const { certificate, counts, groups, warnings, guards } = end.run;
    const plan = { certificate, counts, groups, warnings, guards };
    return finish(ports, mine, { status: 'planned', ...plan });
  }
  if (end.status === 'applied') return finish(ports, mine, await endOf(ports, end));
  const { error, found, warnings } = end;
  if (isLeaseLost(error)) throw error;
  if (error instanceof Stopped && error.stopCause === 'handed-back') {
    // A run that is handed back did not crash, so its resumes are not counted up.
    await ports.runs.update(mine, { resumes: found.resumes });
    return { outcome: 'handed-back' };
  }
  const failure = error instanceof Stopped ? null : failureOf(error);
  if (failure === null && !(error instanceof Stopped)) throw error;
  if (error instanceof SourceError && error.kind === 'auth') {
    await ports.stores.setStatus(found.storeId ?? '', 'needs-reauthorization');
  }
  return finish(ports, mine, await stoppedPatch(ports, mine.id, { failure, warnings }));
}

/** The run's error for a failure that another attempt cannot fix; null for a crash. */
function failureOf(error: unknown): RunError | null {
  const runError = (
    code: string,
    { message, hint }: { message: string; hint: string | undefined },
  ) => ({
    code,
    message: hint === undefined ? message : `${message.replace(/(?<![.?])$/, '.')} ${hint}`,
  });
  if (error instanceof SourceError) {
    const isForbidden = error.kind === 'forbidden';
    return { ...runError(error.code, error), ...(isForbidden && { forbidden: true }) };
  }
  if (error instanceof RunFailure) return runError(error.code, error);
  if (error instanceof InvalidInput || error instanceof ConfigError)
    return runError('bad-configuration', error);
  return null;
}

async function endOf(
  ports: SyncPorts,
  { run, unconfirmed }: Extract<RunEnd, { status: 'applied' }>,
): Promise<RunPatch> {
  const { certificate, undecided, warnings, guards } = run;
  const patch = {
    certificate,
    undecided,
    warnings,
    guards,
    ...(await statusFromRecords(ports, run)),
  };
  if (run.decision === null) return patch;
  return { ...patch, ...(await decidedOf(ports, run, { unconfirmed, error: null })) };
}

/** The status from a run's records: failed when one failed, held while one is held, otherwise succeeded. */
async function statusFromRecords(
  ports: SyncPorts,
  run: Run,
): Promise<Pick<RunPatch, 'status' | 'error' | 'counts' | 'groups' | 'resolvedAt'>> {
  const outcomes = await countOutcomes(ports.records, run.id);
  const groups = await recountGroups(ports.records, run);
  const held = outcomes.held + (groups?.counts.held ?? 0);
  const failed = outcomes.failed + (groups?.counts.failed ?? 0);
  // A decision can change the action of a record, or turn it into a conflict.
  const actions = run.decision && { ...noActions, ...(await ports.records.countByAction(run.id)) };
  const counts = { ...run.counts, ...actions, problem: run.counts.problem, ...outcomes };
  const isResolved = held === 0 && run.decision !== null && run.resolvedAt === null;
  const known = {
    counts,
    ...(groups !== null && { groups }),
    ...(isResolved && { resolvedAt: ports.clock.now() }),
  };
  // A run that was stopped before its end keeps that status, whatever is decided on its held records.
  if (run.decision?.from === 'cancelled') return { status: 'cancelled', ...known };
  if (run.error !== null && run.error.code !== recordsFailed) return { status: 'failed', ...known };
  if (failed === 0) return { status: held > 0 ? 'held' : 'succeeded', ...known };
  const subject = failed === 1 ? '1 record' : `${failed} records`;
  const message = `${subject} could not be applied; each says why. The next run plans them again.`;
  return { status: 'failed', error: { code: recordsFailed, message }, ...known };
}

const recordsFailed = 'records-failed';
const noActions = {
  create: 0,
  adopt: 0,
  update: 0,
  deactivate: 0,
  reactivate: 0,
  delete: 0,
  conflict: 0,
};

async function decidedOf(
  ports: SyncPorts,
  run: Run,
  outcome: { readonly unconfirmed: number; readonly error: RunError | null },
): Promise<Pick<RunPatch, 'decision' | 'decided'>> {
  if (run.decision === null) return {};
  const { verdict, by, at } = run.decision;
  const ofUsers = await ports.records.countByStatus(run.id, { decidedAt: at });
  const ofGroups =
    run.groups === null
      ? {}
      : await ports.records.countByStatus(run.id, { decidedAt: at, kind: 'group' });
  const { applied, rejected, failed, reported } = sumOf(ofUsers, ofGroups);
  const isApproval = verdict === 'approve';
  const decided: Decided = {
    verdict,
    by,
    at,
    done: isApproval ? applied : rejected,
    noLongerTrue: isApproval ? rejected : 0,
    failed: failed + reported + outcome.unconfirmed,
    error: outcome.error,
  };
  return { decision: null, decided };
}

type ByStatus = Awaited<ReturnType<SyncPorts['records']['countByStatus']>>;

function sumOf(
  one: ByStatus,
  other: ByStatus,
): Readonly<Record<'applied' | 'rejected' | 'failed' | 'reported', number>> {
  const sum = (status: keyof ByStatus): number => (one[status] ?? 0) + (other[status] ?? 0);
  return {
    applied: sum('applied'),
    rejected: sum('rejected'),
    failed: sum('failed'),
    reported: sum('reported'),
  };
}

interface EarlyEnd {
  readonly failure: RunError | null;
  readonly warnings: readonly string[];
}

/** Ends a run early: keeps what was applied and rejects the rest. */
async function stoppedPatch(ports: SyncPorts, runId: string, cut: EarlyEnd): Promise<RunPatch> {
  const { failure, warnings } = cut;
  const run = await ports.runs.get(runId);
  if (run !== null && run.decision !== null) return undecidedPatch(ports, run, cut);
  const outcome =
    failure === null
      ? { status: 'cancelled' as const, warnings }
      : { status: 'failed' as const, error: failure, warnings };
  if (run === null) return outcome;
  if (run.status === 'applying') {
    await recoverWritten(ports, run);
    await ports.records.rejectPlanned(runId, 'the run ended before this was applied');
    return {
      ...outcome,
      counts: { ...run.counts, ...(await countOutcomes(ports.records, runId)) },
      groups: await recountGroups(ports.records, run),
    };
  }
  // An incomplete plan is removed, except the records of members that it created.
  await ports.records.removeAll(runId);
  await ports.recordPeople.removeAll(runId);
  await removeUncreated(ports, run);
  const actions = await ports.records.countByAction(runId);
  const outcomes = await countOutcomes(ports.records, runId);
  return { ...outcome, counts: { ...run.counts, ...actions, ...outcomes } };
}

/** Ends a decision early: records that were not applied are held again. */
async function undecidedPatch(
  ports: SyncPorts,
  run: Run,
  { failure, warnings }: EarlyEnd,
): Promise<RunPatch> {
  await recoverWritten(ports, run);
  const again = { runId: run.id, people: null, by: null, at: null };
  await ports.records.decide({ ...again, from: ['planned'], to: 'held' });
  await rejectAgain(ports.records, run);
  const error = failure ?? { code: 'cancelled', message: 'it was cancelled' };
  const decided = await decidedOf(ports, run, { unconfirmed: 0, error });
  return { warnings, ...(await statusFromRecords(ports, run)), ...decided };
}

async function finish(ports: SyncPorts, mine: Claimed, patch: RunPatch): Promise<RunOutcome> {
  // Raise the alert first: a crash in between leaves one alert too many, which delivery drops, and never one too few.
  await raiseForEnd(ports, mine.id, patch);
  // A decision does not change the time at which the run ended or was held.
  const decision = (await ports.runs.get(mine.id))?.decision ?? null;
  const finishedAt = decision?.finishedAt ?? ports.clock.now();
  const run = await ports.runs.update(mine, { ...patch, finishedAt });
  // Another process ended, claimed or removed the run.
  if (run === null) throw new Stopped('lease-lost');
  return { outcome: 'ended', run };
}
