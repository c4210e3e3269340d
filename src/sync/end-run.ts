import { ConfigError, InvalidInput, RunFailure, SourceError } from '../core/errors.ts';
import type { Run, RunError } from '../core/model/run.ts';
import { Stopped } from './hold-lease.ts';
import type { RunPatch } from './ports.ts';
import { raiseForEnd } from './raise-alerts.ts';
import type { RunOutcome, SyncPorts } from './run-sync.ts';

/** How the work on a run came to its end. */
export type RunEnd =
  | { readonly status: 'planned' | 'applied'; readonly run: Run }
  | {
      readonly status: 'stopped';
      readonly error: unknown;
      /** The run as this worker found it. */
      readonly found: Run;
      readonly warnings: readonly string[];
    };

/** Writes down how a run ended, or hands it back. Throws what is nobody's decision: a failing database, a bug. */
export async function endRun(ports: SyncPorts, runId: string, end: RunEnd): Promise<RunOutcome> {
  if (end.status !== 'stopped') return finish(ports, runId, await endOf(ports, end));
  const { error, found, warnings } = end;
  if (error instanceof Stopped) {
    if (error.stopCause === 'lease-lost') return { outcome: 'lease-taken' };
    if (error.stopCause === 'cancelled') {
      return finish(ports, runId, {
        status: 'cancelled',
        warnings,
        ...(await standOf(ports, runId)),
      });
    }
    // Handing back is no crash, so it does not count as one.
    await ports.runs.update(runId, { resumes: found.resumes });
    return { outcome: 'handed-back' };
  }
  const failure = failureOf(error);
  if (failure === null) throw error;
  if (error instanceof SourceError && error.kind === 'auth') {
    await ports.stores.setStatus(found.storeId ?? '', 'needs-reauthorization');
  }
  const stand = await standOf(ports, runId);
  return finish(ports, runId, { status: 'failed', error: failure, warnings, ...stand });
}

/** How a failure that another try won't mend is told; null for a crash. */
function failureOf(error: unknown): RunError | null {
  const tell = (
    code: string,
    { message, hint }: { message: string; hint: string | undefined },
  ) => ({
    code,
    message: hint === undefined ? message : `${message.replace(/[.]$/, '')}. ${hint}`,
  });
  if (error instanceof SourceError || error instanceof RunFailure) return tell(error.code, error);
  if (error instanceof InvalidInput || error instanceof ConfigError)
    return tell('bad-configuration', error);
  return null;
}

async function endOf(
  ports: SyncPorts,
  end: { readonly status: string; readonly run: Run },
): Promise<RunPatch> {
  const { certificate, counts, warnings } = end.run;
  if (end.status === 'planned') return { status: 'planned', certificate, counts, warnings };
  const { applied = 0, failed = 0 } = await ports.records.countByStatus(end.run.id);
  const known = { certificate, warnings, counts: { ...counts, applied, failed } };
  if (failed === 0) return { status: 'succeeded', ...known };
  const whose = failed === 1 ? '1 record' : `${failed} records`;
  const message = `${whose} could not be applied; each says why. The next run plans them again.`;
  return { status: 'failed', error: { code: 'records-failed', message }, ...known };
}

/** What a run that stops early has applied so far. Half a plan is worth nothing: it is forgotten. */
async function standOf(ports: SyncPorts, runId: string): Promise<Pick<RunPatch, 'counts'>> {
  const run = await ports.runs.get(runId);
  if (run?.status !== 'applying') {
    await ports.records.removeAll(runId);
    return {};
  }
  const { applied = 0, failed = 0 } = await ports.records.countByStatus(runId);
  return { counts: { ...run.counts, applied, failed } };
}

async function finish(ports: SyncPorts, runId: string, patch: RunPatch): Promise<RunOutcome> {
  // First: a crash in between leaves an alert too many, which delivery drops, and never one too few.
  await raiseForEnd(ports, runId, patch);
  const run = await ports.runs.update(runId, { ...patch, finishedAt: ports.clock.now() });
  const known = run ?? (await ports.runs.get(runId));
  if (known === null) throw new Error(`run ${runId} was removed while it was under way`);
  return { outcome: 'ended', run: known };
}
