import type { SyncRecord } from '../../core/model/record.ts';
import type { RecordStore } from '../../ports/records.ts';
import { runsInWindow, type Window } from '../run/planning/brake-window.ts';
import { recordPagesOf } from '../run/records/read-records.ts';

/**
 * Whether the store had two or more active members at any time of the window. Counts back from the present number:
 * pushes remove members one by one, so no single push trips the brake. Asked only when the last ones are to be removed.
 */
export async function hadTwoOrMoreActive(
  window: Window & { readonly records: Pick<RecordStore, 'page'> },
  active: number,
): Promise<boolean> {
  let then = active;
  if (then >= 2) return true;
  for (const run of await runsInWindow(window)) {
    const pages: (readonly SyncRecord[])[] = [];
    for await (const page of recordPagesOf(window.records, run.id, { statuses: ['applied'] }))
      pages.push(page);
    for (const record of pages.flat().toReversed()) {
      then -= gainOf(record);
      if (then >= 2) return true;
    }
  }
  return false;
}

/** By how many active members a record made the store larger. */
function gainOf({ action, changes }: SyncRecord): number {
  const status = changes.find(({ field }) => field === 'status');
  const wasActive = status?.from === 'active';
  const isActive = status?.to === 'active';
  if (action === 'delete') return wasActive ? -1 : 0;
  return Number(isActive) - Number(wasActive);
}
