import type { GroupCounts } from '../../../core/model/group.ts';
import type { Run } from '../../../core/model/run.ts';
import type { RecordStore } from '../../../ports/records.ts';

/** Counts the records of groups of a run by action and outcome. An undone record counts as applied. */
export async function countGroups(
  records: Pick<RecordStore, 'countByAction' | 'countByStatus'>,
  runId: string,
): Promise<
  Pick<GroupCounts, 'create' | 'update' | 'delete' | 'problem' | 'applied' | 'failed' | 'held'>
> {
  const {
    create = 0,
    update = 0,
    delete: removed = 0,
    problem = 0,
  } = await records.countByAction(runId, 'group');
  const {
    applied = 0,
    undone = 0,
    failed = 0,
    held = 0,
  } = await records.countByStatus(runId, { kind: 'group' });
  return { create, update, delete: removed, problem, applied: applied + undone, failed, held };
}

/** What a run did about groups, counted again; null for a run without groups. */
export async function recountGroups(
  records: Pick<RecordStore, 'countByAction' | 'countByStatus'>,
  { id, groups }: Pick<Run, 'id' | 'groups'>,
): Promise<Run['groups']> {
  if (groups === null) return null;
  return { ...groups, counts: { ...groups.counts, ...(await countGroups(records, id)) } };
}
