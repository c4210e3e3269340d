import { runsInWindow } from '../planning/brake-window.ts';
import { recordsOf } from '../records/read-records.ts';
import type { GroupContext } from './group-planning.ts';

/**
 * How many members left each group, by its source id, in the runs of the window before this one: without those whom a
 * person approved, and those who were gone.
 */
export async function countLeftEarlier(
  context: GroupContext,
): Promise<ReadonlyMap<string, number>> {
  const { run, store, runs, records, clock } = context;
  const left = new Map<string, number>();
  const window = { storeId: store.id, safeguards: store.config.safeguards, besides: run.id };
  for (const { id } of await runsInWindow({ ...window, runs, clock })) {
    const applied = { kind: 'group', statuses: ['applied'] } as const;
    for await (const { externalId, moves, decidedBy } of recordsOf(records, id, applied)) {
      if (externalId === null || moves === null || decidedBy !== null) continue;
      left.set(externalId, (left.get(externalId) ?? 0) + moves.removed - moves.gone);
    }
  }
  return left;
}
