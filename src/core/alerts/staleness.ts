import type { SyncSummary } from '../model/sync-summary.ts';
import { nextRun } from '../schedule/next-run.ts';

/** How late the sync of a schedule may be that runs more seldom than stores are reported. */
const toleratedDelayMs = 2 * 60 * 60_000;

/**
 * Since when an active store with an enabled schedule has not been synced, if that is too long; null otherwise. The
 * time starts again when the store is changed: a resumed store gets the chance to be synced first.
 */
export function staleSince(
  { status, schedule, changedAt, lastSuccessAt }: SyncSummary,
  { now, staleMs }: { readonly now: Date; readonly staleMs: number },
): Date | null {
  if (status !== 'active' || schedule === null) return null;
  const since = new Date(Math.max(changedAt.getTime(), lastSuccessAt?.getTime() ?? 0));
  if (now.getTime() - since.getTime() < staleMs) return null;
  const due = nextRun(schedule, since);
  return due !== null && now.getTime() - due.getTime() >= toleratedDelayMs ? since : null;
}
