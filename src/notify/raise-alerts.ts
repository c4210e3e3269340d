import { alertKindsOf, alertOfEnd, staleAlert } from '../core/alerts/new-alerts.ts';
import { staleSince } from '../core/alerts/staleness.ts';
import type { AlertStore } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import type { RunPatch, RunStore } from '../ports/runs.ts';

interface EndPorts {
  readonly runs: Pick<RunStore, 'get'>;
  readonly alerts: Pick<AlertStore, 'raise'>;
}

/** Raises the alerts about a run that is about to end. */
export async function raiseForEnd(
  { runs, alerts }: EndPorts,
  runId: string,
  end: RunPatch,
): Promise<void> {
  const kinds = alertKindsOf(end);
  const run = kinds.length === 0 ? null : await runs.get(runId);
  if (run !== null) await alerts.raise(kinds.map((kind) => alertOfEnd(kind, run)));
}

export interface StalePorts {
  readonly stores: Pick<DirectoryStores, 'syncSummaries'>;
  readonly alerts: Pick<AlertStore, 'raise' | 'isSilent'>;
  readonly clock: Clock;
}

/** Raises an alert for every store that has not been synced for too long, and returns how many there are. */
export async function raiseStale(
  { stores, alerts, clock }: StalePorts,
  staleMs: number,
): Promise<number> {
  if (alerts.isSilent) return 0;
  const now = clock.now();
  const stale = (await stores.syncSummaries()).flatMap((summary) => {
    const since = staleSince(summary, { now, staleMs });
    return since === null ? [] : [staleAlert(summary, since)];
  });
  await alerts.raise(stale);
  return stale.length;
}
