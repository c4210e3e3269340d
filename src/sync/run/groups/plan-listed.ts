import { groupChanges, groupDraft } from '../../../core/groups/group-draft.ts';
import { heldLoss } from '../../../core/groups/group-loss.ts';
import type { Group } from '../../../core/model/group.ts';
import {
  groupRecordId,
  type MoveList,
  partOf,
  type SyncRecord,
} from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import { dropStaged, type GroupPlanning } from './group-planning.ts';
import type { ListedGroup } from './list-groups.ts';
import { confirmLeavers, type FoundMoves, findMoves, saveMoves } from './plan-moves.ts';
import { findRoles, grantDraft } from './plan-roles.ts';

/** Plans one group that the source lists. */
export async function planListed(
  planning: GroupPlanning,
  listed: ListedGroup,
): Promise<readonly Draft[] | 'unchanged'> {
  const { run, known, warnings } = planning;
  const group = known.get(listed.id) ?? null;
  const report = (reason: string): readonly Draft[] => [
    groupDraft(run.id, { group: named(listed), action: 'problem', status: 'reported', reason }),
  ];
  if (group === null || group.status !== 'followed') {
    if (listed.scope === 'out')
      return group?.status === 'staged' ? dropStaged(planning, group) : [];
    if (listed.scope !== 'in')
      return report(`its criteria can’t be decided: ${listed.scope.unknown}`);
    if (listed.doubt !== null) return report(`nobody is put into it or taken out: ${listed.doubt}`);
    if (group?.status !== 'unlinked') return planNew(planning, listed);
  } else if (listed.scope === 'out') {
    warnings.push(
      `the group ${JSON.stringify(listed.name)} no longer matches the criteria, and is followed all the same`,
    );
  }
  if (listed.doubt !== null) return report(`nobody is put into it or taken out: ${listed.doubt}`);
  return planFollowed(planning, { listed, group });
}

const named = ({ id, name }: ListedGroup) => ({ externalId: id, name });

/** A group that is not followed yet. In a first import it is staged: held until a person takes it. */
async function planNew(
  planning: GroupPlanning,
  listed: ListedGroup,
): Promise<readonly Draft[] | 'unchanged'> {
  const { run, store, isFirstImport, blockingGroups: blocking, notes, now } = planning;
  const open = blocking.of(listed.id);
  if (open.length > 0) {
    if (open.some(({ status }) => status === 'held')) blocking.heldEarlier.add(listed.id);
    return [];
  }
  const found = await findMoves(planning, listed.id);
  const isHeld = isFirstImport;
  const waits = listed.isUnderReview && !isHeld;
  const moves = { added: waits ? [] : found.added, removed: [], gone: found.gone };
  const recordId = groupRecordId(run.id, listed.id);
  const group = { ...named(listed), status: 'followed' } as const;
  if (isHeld || waits) {
    const at = planning.known.get(listed.id)?.createdAt ?? now();
    notes.push({
      ...group,
      storeId: store.id,
      status: isHeld ? 'staged' : 'followed',
      waiting: waits ? waitingOf(found.added) : [],
      createdAt: at,
      updatedAt: now(),
    });
  }
  return [
    groupDraft(run.id, {
      group,
      action: 'create',
      changes: groupChanges(null, group),
      moves: await saveMoves(planning, { runId: run.id, recordId }, moves),
      reason: isHeld
        ? 'found by the first import of groups, which waits for a person'
        : 'a group of the source that matches the criteria',
      ...(isHeld && { status: 'held', blocksInStore: run.mode === 'plan' ? null : store.id }),
    }),
  ];
}

/** The people whom the next run puts into a group under review, if the source still has them in it. */
const waitingOf = (ids: readonly string[]): readonly string[] =>
  ids.toSorted().slice(0, mostWaiting);
const mostWaiting = 1000;
const mostControls = 5;

/** Plans a group that is followed, or that the source has again. */
async function planFollowed(
  planning: GroupPlanning,
  { listed, group }: { readonly listed: ListedGroup; readonly group: Group | null },
): Promise<readonly Draft[] | 'unchanged'> {
  const { run, blockingGroups: blocking } = planning;
  const open = blocking.of(listed.id).filter((record) => partOf(record) !== 'granted');
  const found = await findMoves(
    planning,
    listed.id,
    await blockedPeople(planning, open, 'removed'),
  );
  if (!found.stillBlocked) blocking.noLongerTrue.push(...open);
  else if (open.some(({ status }) => status === 'held')) blocking.heldEarlier.add(listed.id);
  const added = admit(planning, { listed, group, added: found.added });
  const loss = await judgeLoss(planning, listed, { ...found, added });
  const removed = loss.held === null ? loss.removed : [];
  const after = { ...named(listed), status: 'followed' as const };
  const changes = groupChanges(group, after);
  planning.followed.add(listed.id);
  if (planning.controls.length < mostControls) planning.controls.push(...found.controls);
  for (const id of added) planning.joining.add(id);
  for (const id of removed) if (!found.gone.has(id)) planning.leaving.add(id);
  const revoked = await planRoles(planning, listed, { ...found, added });
  const drafts: Draft[] = [];
  if (changes.length + added.length + removed.length + revoked.length > 0) {
    const recordId = groupRecordId(run.id, listed.id);
    const moves = await saveMoves(
      planning,
      { runId: run.id, recordId },
      { added, removed, gone: found.gone, revoked },
    );
    drafts.push(
      groupDraft(run.id, {
        group: after,
        action: 'update',
        changes,
        moves,
        reason: 'as the source has it',
        confirmed: true,
      }),
    );
  }
  if (loss.held !== null)
    drafts.push(await heldLeavers(planning, listed, { ...found, reason: loss.held }));
  return drafts.length === 0 ? 'unchanged' : drafts;
}

/**
 * Plans who gets and loses the role that a followed group gives. Whoever is not in its list loses it, also while the
 * loss of the group is held. Returns who loses it.
 */
async function planRoles(
  planning: GroupPlanning,
  listed: ListedGroup,
  { here, added, removed }: Pick<FoundMoves, 'here' | 'added' | 'removed'>,
): Promise<readonly string[]> {
  const { store, blockingGroups: blocking, grants } = planning;
  const role = store.config.groups.roles[listed.id] ?? null;
  if (role === null) return [];
  const out = new Set(removed);
  const joins = new Set(added);
  const { granted, revoked } = await findRoles(planning, listed.id, {
    role,
    people: [...here, ...added],
    isIn: (id) => (here.has(id) && !out.has(id)) || joins.has(id),
  });
  const open = blocking.of(listed.id).filter((record) => partOf(record) === 'granted');
  const blocked = await blockedPeople(planning, open, 'granted');
  const isStillBlocked = granted.some((id) => blocked.has(id));
  if (!isStillBlocked) blocking.noLongerTrue.push(...open);
  else if (open.some(({ status }) => status === 'held')) blocking.heldEarlier.add(listed.id);
  const free = granted.filter((id) => !blocked.has(id));
  if (free.length > 0)
    grants.push(await grantDraft(planning, named(listed), { role, granted: free }));
  return revoked;
}

/** The people of records that block their leaving, or their role. */
async function blockedPeople(
  { recordPeople }: GroupPlanning,
  blocking: readonly SyncRecord[],
  list: MoveList,
): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  for (const { id } of blocking) {
    for await (const page of recordPeople.pages(id, list))
      for (const each of page) people.add(each);
  }
  return people;
}

/** Of people who join a group under review, those whom the run before saw in it too. */
function admit(
  { notes, now }: GroupPlanning,
  {
    listed,
    group,
    added,
  }: {
    readonly listed: ListedGroup;
    readonly group: Group | null;
    readonly added: readonly string[];
  },
): readonly string[] {
  if (group === null) return added;
  const before = new Set(group.waiting);
  const admitted = listed.isUnderReview ? added.filter((id) => before.has(id)) : added;
  const isAdmitted = new Set(admitted);
  const waiting = waitingOf(added.filter((id) => !isAdmitted.has(id)));
  if (waiting.length !== before.size || waiting.some((id) => !before.has(id))) {
    notes.push({ ...group, waiting, updatedAt: now() });
  }
  return admitted;
}

/** Who leaves the group: each confirmed on the person's own list of groups, or all held for a person. */
async function judgeLoss(
  planning: GroupPlanning,
  { id, name }: ListedGroup,
  { added, removed, gone, here, controls }: Omit<FoundMoves, 'incompleteReason'>,
): Promise<{ readonly held: string | null; readonly removed: readonly string[] }> {
  if (removed.length === 0) return { held: null, removed };
  const { store, warnings, leftEarlier } = planning;
  const held = heldLoss({
    name,
    members: here.size,
    added: added.length,
    removed: removed.length,
    gone: removed.filter((each) => gone.has(each)).length,
    earlier: (await leftEarlier()).get(id) ?? 0,
    window: store.config.safeguards.window,
  });
  if (held !== null) {
    warnings.push(held);
    return { held, removed };
  }
  const { confirmed, unknown } = await confirmLeavers(planning, id, { removed, gone, controls });
  if (unknown.length > 0) {
    warnings.push(
      `${unknown.length} members stay in the group ${JSON.stringify(name)}: its list lacks them, and the source does not tell their own groups`,
    );
  }
  return { held, removed: confirmed };
}

async function heldLeavers(
  planning: GroupPlanning,
  listed: ListedGroup,
  { removed, gone, reason }: Pick<FoundMoves, 'removed' | 'gone'> & { readonly reason: string },
): Promise<Draft> {
  const { run, store } = planning;
  const recordId = groupRecordId(run.id, listed.id, 'removed');
  return groupDraft(run.id, {
    group: named(listed),
    part: 'removed',
    action: 'update',
    moves: await saveMoves(planning, { runId: run.id, recordId }, { added: [], removed, gone }),
    reason,
    status: 'held',
    blocksInStore: run.mode === 'plan' ? null : store.id,
  });
}
