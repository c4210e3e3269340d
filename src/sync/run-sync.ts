import { RunFailure, SourceError } from '../core/errors.ts';
import { type CompiledMapping, compileMapping } from '../core/mapping/compile-mapping.ts';
import { type Counts, hasEnded, noCounts, type Run } from '../core/model/run.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { ListingTally } from '../core/plan/tally.ts';
import { applyRun } from './apply-run.ts';
import { confirmRemovals } from './confirm-removals.ts';
import { endRun, type RunEnd } from './end-run.ts';
import { type HeldLease, holdLease, Stopped } from './hold-lease.ts';
import { planAbsent } from './plan-absent.ts';
import { planListing } from './plan-listing.ts';
import type {
  AlertStore,
  DirectoryStores,
  Ports,
  Progress,
  RunStore,
  SourceDirectory,
} from './ports.ts';
import type { RunContext } from './run-context.ts';
import { prepareScope } from './run-scope.ts';
import { settleClaims } from './settle-claims.ts';

const mostResumes = 5;

export type RunOutcome =
  | { readonly outcome: 'ended'; readonly run: Run }
  | { readonly outcome: 'lease-taken' }
  | { readonly outcome: 'handed-back' };

export interface Worker {
  /** Names the lease's holder. */
  readonly holder: string;
  /** Aborts when the worker shuts down: the run is handed back and goes on elsewhere. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What a run uses of the ports. */
export interface SyncPorts
  extends Pick<Ports, 'members' | 'records' | 'leases' | 'connectDirectory' | 'clock'> {
  readonly stores: Pick<DirectoryStores, 'get' | 'credential' | 'setStatus'>;
  readonly runs: Pick<RunStore, 'get' | 'update'>;
  readonly alerts: Pick<AlertStore, 'raise'>;
}

/**
 * Carries out a queued run, or goes on with one that was interrupted: the whole of a sync on one page.
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
    // Read under the lease: until then another worker may have gone on with it.
    const run = await mustFind(ports, runId);
    if (hasEnded(run)) return { outcome: 'ended', run };
    const end = await carryOut(ports, { found: run, lease, worker });
    return await endRun(ports, runId, end);
  } finally {
    await lease.release();
  }
}

async function mustFind(ports: SyncPorts, runId: string): Promise<Run> {
  const run = await ports.runs.get(runId);
  if (run === null) throw new Error(`run ${runId} does not exist`);
  return run;
}

async function carryOut(
  ports: SyncPorts,
  work: { readonly found: Run; readonly lease: HeldLease; readonly worker: Worker },
): Promise<RunEnd> {
  const { found, lease, worker } = work;
  const warnings = found.status === 'applying' ? [...found.warnings] : [];
  try {
    let run = await takeUp(ports, found);
    if (run.mode === 'single') {
      run = await takeOverEdit(ports, run);
    } else if (run.status === 'listing') {
      run = await planRun(ports, {
        run,
        store: await storeOf(ports, run),
        lease,
        worker,
        warnings,
      });
      if (run.mode === 'plan') return { status: 'planned', run };
    }
    await applyRun({
      runId: run.id,
      storeId: run.storeId,
      ...ports,
      checkpoint: () => lease.check(),
      report: (done) =>
        worker.onProgress({ phase: 'applying', done, total: plannedWrites(run.counts) }),
    });
    return { status: 'applied', run };
  } catch (thrown) {
    // A request that was cut off says only that; why is the signal's to say.
    const error: unknown = lease.signal.aborted ? lease.signal.reason : thrown;
    return {
      status: 'stopped',
      error,
      found,
      warnings,
    };
  }
}

/** An edit by hand whose maker died: what it planned is finished. */
async function takeOverEdit(ports: SyncPorts, run: Run): Promise<Run> {
  const counts = { ...noCounts, ...(await countActions(ports, run.id)) };
  if (plannedWrites(counts) > 0) return { ...run, counts };
  throw new RunFailure(
    'interrupted',
    'the command that made this edit ended before it was planned',
    {
      hint: 'Give the command again.',
    },
  );
}

async function storeOf(ports: SyncPorts, run: Run): Promise<DirectoryStore> {
  const store = run.storeId === null ? null : await ports.stores.get(run.storeId);
  if (store === null) throw new RunFailure('store-removed', 'the store was removed');
  // Queued before the store was paused: a paused store has no scheduled runs.
  if (store.status === 'paused' && run.trigger === 'schedule') throw new Stopped('cancelled');
  return store;
}

/** Marks the run as begun. One that was interrupted while it listed starts its listing anew. */
async function takeUp(ports: SyncPorts, run: Run): Promise<Run> {
  const isNew = run.status === 'queued';
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
  const taken = await ports.runs.update(
    run.id,
    isNew ? { status: 'listing', startedAt: ports.clock.now() } : await countTakeUp(ports, run),
  );
  return mustGoOn(taken);
}

function mustGoOn(run: Run | null): Run {
  if (run === null) throw new RunFailure('ended-elsewhere', 'the run was ended by somebody else');
  if (run.cancelRequested) throw new Stopped('cancelled');
  return run;
}

/** Counts how often a run was taken up, from one anew when it got on since the last time. */
async function countTakeUp(ports: SyncPorts, run: Run): Promise<Pick<Run, 'resumes' | 'counts'>> {
  const { counts, resumes } = run;
  if (run.status !== 'applying') return { resumes: resumes + 1, counts };
  const { applied = 0, failed = 0 } = await ports.records.countByStatus(run.id);
  const gotOn = applied + failed > counts.applied + counts.failed;
  return { resumes: gotOn ? 1 : resumes + 1, counts: { ...counts, applied, failed } };
}

interface Planning {
  readonly run: Run;
  readonly store: DirectoryStore;
  readonly lease: HeldLease;
  readonly worker: Worker;
  readonly warnings: string[];
}

/** list → scope → map → diff → plan: what will be written stands as records before anything is. */
async function planRun(ports: SyncPorts, planning: Planning): Promise<Run> {
  const { run, store, warnings } = planning;
  const directory = await connect(ports, planning);
  const context = await prepareContext(ports, planning, directory);
  const listing = await planListing(context);
  const absent = await planAbsent(context, listing);
  await confirmRemovals(context, { controls: listing.controls, doubt: absent.doubt });
  await settleClaims(context, listing);
  if (absent.doubt !== null)
    warnings.push(`the listing is incomplete, so nobody was taken as gone: ${absent.doubt}`);
  const { problems } = listing.certificate;
  if (problems > 0) {
    warnings.push(
      `${problems} ${problems === 1 ? 'row' : 'rows'} of the listing had no readable id`,
    );
  }
  const counts = {
    ...noCounts,
    ...(await countActions(ports, run.id)),
    ...context.tally.counts,
    gone: absent.gone,
  };
  const hasWork = plannedWrites(counts) > 0;
  const planned = {
    configRevision: store.configRevision,
    certificate: { ...listing.certificate, complete: absent.doubt === null },
    counts,
    warnings,
  };
  // With nothing to write, the run's end says all this in one write.
  if (run.mode === 'plan' || !hasWork) return { ...run, ...planned };
  return mustGoOn(await ports.runs.update(run.id, { status: 'applying', ...planned }));
}

async function connect(ports: SyncPorts, { store, lease }: Planning): Promise<SourceDirectory> {
  const directory = ports.connectDirectory({
    directory: store.directory,
    region: store.region,
    credential: await ports.stores.credential(store.id),
    orgId: store.sendOrgId ? store.orgId : null,
    signal: lease.signal,
  });
  const organizations = await directory.organizations();
  if (!organizations.some(({ id }) => id === store.orgId)) {
    throw new SourceError(
      'fatal',
      'other-organization',
      `the credential no longer reads organization ${store.orgId}`,
      { hint: 'Reauthorize the store with a credential of that organization.' },
    );
  }
  return directory;
}

async function prepareContext(
  ports: SyncPorts,
  { run, store, lease, worker, warnings }: Planning,
  directory: SourceDirectory,
): Promise<RunContext> {
  const mapping: CompiledMapping = compileMapping(store.config.mapping);
  let seq = 0;
  return {
    run,
    store,
    directory,
    mapping,
    warnings,
    members: ports.members,
    records: ports.records,
    plan: {
      runId: run.id,
      storeId: store.id,
      origin: { directory: store.directory, orgId: store.orgId },
      statusSync: store.config.settings.statusSync,
    },
    scope: await prepareScope(store.config.criteria, directory),
    tally: new ListingTally(),
    takeSeq: () => {
      seq += 1;
      return seq;
    },
    report: worker.onProgress,
    checkpoint: () => lease.check(),
  };
}

/** What the plan holds, by action; problems are counted with the listing. */
async function countActions(
  ports: Pick<SyncPorts, 'records'>,
  runId: string,
): Promise<Partial<Counts>> {
  const { problem: _listed, ...actions } = await ports.records.countByAction(runId);
  return actions;
}

function plannedWrites(counts: Counts): number {
  const { create, adopt, update, deactivate, reactivate } = counts;
  return create + adopt + update + deactivate + reactivate + counts.delete;
}
