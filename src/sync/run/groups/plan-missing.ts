import { SourceError } from '../../../core/errors.ts';
import { groupChanges, groupDraft } from '../../../core/groups/group-draft.ts';
import type { Group } from '../../../core/model/group.ts';
import { groupRecordId } from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import type { SourceDirectory } from '../../../ports/directory.ts';
import { concernsOneUser } from '../../source/ask-by-id.ts';
import { dropStaged, type GroupPlanning } from './group-planning.ts';
import { membersInGroup, saveMoves } from './plan-moves.ts';

/** Plans the groups that the source no longer lists: one that is proven gone is unlinked, or its removal is held. */
export async function planMissing(planning: GroupPlanning): Promise<readonly Draft[]> {
  const { listing, known, blockingGroups: blocking, directory, warnings } = planning;
  if (listing.incompleteReason !== null) return [];
  const drafts: Draft[] = [];
  for (const group of known.values()) {
    if (listing.groups.has(group.externalId)) continue;
    const open = blocking.of(group.externalId);
    if (group.status === 'staged') dropStaged(planning, group);
    if (group.status !== 'followed') continue;
    if (open.some(({ action }) => action === 'delete')) {
      if (open.some(({ status }) => status === 'held')) blocking.heldEarlier.add(group.externalId);
      continue;
    }
    const doubt = await whyNotGone(directory, group.externalId, [...listing.groups.keys()]);
    if (doubt !== null) {
      warnings.push(`the group ${JSON.stringify(group.name)} is not listed, and stays: ${doubt}`);
      continue;
    }
    drafts.push(await planGone(planning, group));
  }
  return drafts;
}

/**
 * Why a group does not count as gone; null when it does: its own id is not found, between two listed groups that are
 * found.
 */
export async function whyNotGone(
  directory: Pick<SourceDirectory, 'hasGroup' | 'removalsAreExplicit'>,
  group: string,
  listed: readonly string[],
): Promise<string | null> {
  const [before, after = before] = listed.filter((id) => id !== group);
  const find = async (id: string): Promise<boolean | null> => {
    try {
      return await directory.hasGroup(id);
    } catch (error) {
      if (error instanceof SourceError && concernsOneUser(error)) return null;
      throw error;
    }
  };
  if (directory.removalsAreExplicit === true)
    return (await find(group)) === false ? null : 'the source has it';
  if (before === undefined || after === undefined)
    return 'the source lists no group beside which its absence could be proven';
  if ((await find(before)) !== true) return notFound;
  const found = await find(group);
  if ((await find(after)) !== true) return notFound;
  if (found === null) return 'the source gives no answer for it';
  return found ? 'the source finds it by its id' : null;
}

const notFound = 'the source does not find groups by id that it just listed';

async function planGone(planning: GroupPlanning, group: Group): Promise<Draft> {
  const { run, store } = planning;
  if (store.config.groups.deleted === 'keep') {
    planning.unlinked.add(group.externalId);
    return groupDraft(run.id, {
      group,
      action: 'update',
      changes: groupChanges(group, { ...group, status: 'unlinked' }),
      reason: 'the source has it no more; it stays here as it was',
      confirmed: true,
    });
  }
  const removed: string[] = [];
  for await (const page of membersInGroup(planning, group.externalId)) removed.push(...page);
  const record = { runId: run.id, recordId: groupRecordId(run.id, group.externalId) };
  return groupDraft(run.id, {
    group,
    action: 'delete',
    changes: [
      { field: 'name', from: group.name, to: null },
      { field: 'status', from: group.status, to: null },
    ],
    moves: await saveMoves(planning, record, { added: [], removed, gone: new Set() }),
    reason: 'held: the source has it no more',
    status: 'held',
    blocksInStore: run.mode === 'plan' ? null : store.id,
  });
}
