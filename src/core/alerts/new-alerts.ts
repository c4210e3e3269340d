import type { AlertKind, NewAlert } from '../model/alert.ts';
import type { Run, RunError } from '../model/run.ts';
import type { StoreStand } from '../model/store-stand.ts';

/*
 * Ids are parted by `_`: an alert's id is signed as the first of three parts that are parted by full stops,
 * so it must hold none.
 */

/** What kind of alert the end of a run raises; null when nobody needs to know. */
export function alertKindOf(end: {
  readonly status?: Run['status'];
  readonly error?: RunError | null;
}): AlertKind | null {
  if (end.status === 'held') return 'run-held';
  if (end.status !== 'failed') return null;
  return end.error?.code === 'source-auth' ? 'needs-reauthorization' : 'run-failed';
}

/** The alert about the end of a run. */
export function alertOfEnd(
  kind: AlertKind,
  { id, storeId }: Pick<Run, 'id' | 'storeId'>,
): NewAlert {
  const about = kind === 'needs-reauthorization' ? `${storeId}_${id}` : id;
  return { id: `${kind}_${about}`, kind, storeId, runId: id };
}

/** The alert about a store without a sync since then: one for each time that begins. */
export function staleAlert({ storeId }: Pick<StoreStand, 'storeId'>, since: Date): NewAlert {
  return { id: `stale_${storeId}_${since.getTime()}`, kind: 'stale', storeId, runId: null };
}
