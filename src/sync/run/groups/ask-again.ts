import { groupChanges, groupDraft } from '../../../core/groups/group-draft.ts';
import { groupRecordId, partOf, type SyncRecord } from '../../../core/model/record.ts';
import type { ConfirmGroup, GroupConfirmation } from './confirm-groups.ts';
import type { GroupContext } from './group-planning.ts';
import { type GroupListing, listGroups } from './list-groups.ts';
import { whyNotGone } from './plan-missing.ts';
import {
  confirmLeavers,
  findMoves,
  firstOf,
  judgeLeavers,
  listOf,
  saveMoves,
} from './plan-moves.ts';
import { confirmGrants } from './plan-roles.ts';

/** Confirms an approved record of a group on what the source says of the group now. */
export function askAgain(context: GroupContext): ConfirmGroup {
  let listing: Promise<GroupListing> | null = null;
  return async (record) => {
    listing ??= listGroups(context.directory, context.store.config.groups.criteria);
    const listed = await listing;
    if (record.action === 'create') return takeGroup(context, record, listed);
    if (partOf(record) === 'granted') return giveRole(context, record);
    return record.action === 'delete'
      ? removeGroup(context, record, listed)
      : takeOut(context, record, listed);
  };
}

const untrue: GroupConfirmation = { draft: null, unknown: null };
const unknown = (reason: string): GroupConfirmation => ({ draft: null, unknown: reason });

/** A staged group: it is followed with the name and the people that it has now. */
async function takeGroup(
  context: GroupContext,
  record: SyncRecord,
  { groups, incompleteReason }: GroupListing,
): Promise<GroupConfirmation> {
  const { run, recordPeople } = context;
  const group = groups.get(record.externalId ?? '');
  if (group === undefined) {
    return incompleteReason === null
      ? untrue
      : unknown(`it is not listed, and the list of groups is incomplete: ${incompleteReason}`);
  }
  if (group.scope === 'out') return untrue;
  if (group.scope !== 'in') return unknown(`its criteria can’t be decided: ${group.scope.unknown}`);
  if (group.doubt !== null) return unknown(`nobody is put into it: ${group.doubt}`);
  const found = await findMoves(context, group.id);
  await recordPeople.removeMany([record.id]);
  const after = { externalId: group.id, name: group.name, status: 'followed' } as const;
  return {
    draft: groupDraft(run.id, {
      group: after,
      action: 'create',
      changes: groupChanges(null, after),
      moves: await saveMoves(
        context,
        { runId: run.id, recordId: record.id },
        { ...found, removed: [] },
      ),
      reason: record.reason,
    }),
  };
}

async function removeGroup(
  { directory }: GroupContext,
  record: SyncRecord,
  { groups, incompleteReason }: GroupListing,
): Promise<GroupConfirmation> {
  const group = record.externalId ?? '';
  if (groups.has(group)) return untrue;
  if (incompleteReason !== null)
    return unknown(`the list of groups is incomplete: ${incompleteReason}`);
  const doubt = await whyNotGone(directory, group, [...groups.keys()]);
  return doubt === null ? { draft: record } : unknown(doubt);
}

/** Only people who were shown get the role, and of them those who are active and name the group among their own. */
async function giveRole(context: GroupContext, record: SyncRecord): Promise<GroupConfirmation> {
  const { run, store, members, recordPeople } = context;
  const change = record.changes.find(({ field }) => field === 'role');
  const role = store.config.groups.roles[record.externalId ?? ''];
  if (role === undefined || role !== change?.to) return untrue;
  const confirmed = await confirmGrants(context, record);
  const found = await members.bySourceIds(store.id, confirmed);
  const granted = found.flatMap(({ externalId, status }) =>
    externalId !== null && status === 'active' ? externalId : [],
  );
  if (granted.length === 0) return untrue;
  await recordPeople.removeMany([record.id]);
  const moves = await saveMoves(context, { runId: run.id, recordId: record.id }, { granted });
  return { draft: { ...record, moves } };
}

/** Only people who were shown leave, and of them only those whose own list of groups does not name the group now. */
async function takeOut(
  context: GroupContext,
  record: SyncRecord,
  { groups }: GroupListing,
): Promise<GroupConfirmation> {
  const { run, recordPeople } = context;
  const id = record.externalId ?? '';
  const doubt = groups.get(id)?.doubt ?? null;
  if (doubt !== null) return unknown(`nobody is taken out of it: ${doubt}`);
  const source = await listOf(context, id);
  const leaving: string[] = [];
  const gone = new Set<string>();
  let unanswered = 0;
  for await (const page of recordPeople.pages(record.id, 'removed')) {
    const missing = page.filter((each) => !source.ids.has(each));
    const judged = await judgeLeavers(context, missing);
    for (const each of judged.gone) gone.add(each);
    const asked = await confirmLeavers(context, id, {
      removed: missing,
      gone,
      controls: firstOf(source.ids),
    });
    leaving.push(...asked.confirmed);
    unanswered += asked.unknown.length;
  }
  if (leaving.length === 0) {
    return unanswered === 0
      ? untrue
      : unknown(`the source does not tell the groups of the ${unanswered} people who would leave`);
  }
  await recordPeople.removeMany([record.id]);
  const recordId = groupRecordId(run.id, id, partOf(record));
  return {
    draft: groupDraft(run.id, {
      group: { externalId: id, name: record.name ?? '' },
      part: partOf(record),
      action: 'update',
      moves: await saveMoves(
        context,
        { runId: run.id, recordId },
        { added: [], removed: leaving, gone },
      ),
      reason: record.reason,
    }),
  };
}
