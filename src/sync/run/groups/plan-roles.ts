import { groupDraft } from '../../../core/groups/group-draft.ts';
import { heldGrants } from '../../../core/groups/role-limit.ts';
import { IdSet } from '../../../core/id-set.ts';
import type { Member } from '../../../core/model/member.ts';
import { groupRecordId, recordId, type SyncRecord } from '../../../core/model/record.ts';
import type { Draft } from '../../../core/plan/draft.ts';
import type { GroupContext, GroupPlanning } from './group-planning.ts';
import { batches, confirmLeavers, saveMoves } from './plan-moves.ts';

const holdersPerPage = 1000;

type RoleContext = Pick<GroupContext, 'run' | 'store' | 'members' | 'records'>;

/** Who is to have a role from a group after this run, and who has it now. */
export interface RoleMoves {
  readonly granted: readonly string[];
  readonly revoked: readonly string[];
}

/**
 * Compares who has a role from a group with who is to have it: the active members that are in the group after this run.
 * `role` null: nobody. `isIn`: whether a person is in the group after this run, also where leaving is held.
 */
export async function findRoles(
  context: RoleContext,
  group: string,
  wanted: {
    readonly role: string | null;
    readonly people: Iterable<string>;
    readonly isIn: (externalId: string) => boolean;
  },
): Promise<RoleMoves> {
  const { role, people, isIn } = wanted;
  const holders = new IdSet();
  const revoked: string[] = [];
  for await (const page of holdersOf(context, group)) {
    const isActive = await activeAfter(context, page);
    for (const { externalId, roles } of page) {
      if (externalId === null) continue;
      const has = roles.every((grant) => grant.group !== group || grant.role === role);
      if (has && isIn(externalId) && isActive(externalId)) holders.add(externalId);
      else revoked.push(externalId);
    }
  }
  const granted: string[] = [];
  if (role !== null) {
    for (const batch of batches(people, (id) => isIn(id) && !holders.has(id))) {
      const found = await context.members.bySourceIds(context.store.id, batch);
      const isActive = await activeAfter(context, found, batch);
      granted.push(...batch.filter(isActive));
    }
  }
  return { granted, revoked };
}

async function* holdersOf(
  { store, members }: RoleContext,
  group: string,
): AsyncGenerator<readonly Member[]> {
  for (let after: string | null = null; ; ) {
    const asked = { storeId: store.id, group, after, limit: holdersPerPage };
    const page: readonly Member[] = await members.roleHolders(asked);
    if (page.length > 0) yield page;
    if (page.length < holdersPerPage) return;
    after = page.at(-1)?.externalId ?? null;
  }
}

/** Whether a person is an active member once the records of this run about users are applied. */
async function activeAfter(
  { run, records }: RoleContext,
  found: readonly Member[],
  ids: readonly string[] = found.flatMap(({ externalId }) => externalId ?? []),
): Promise<(externalId: string) => boolean> {
  const statusOf = new Map<string, string | null>(
    found.map(({ externalId, status }) => [externalId ?? '', status]),
  );
  for (const record of await records.byIds(ids.map((id) => recordId(run.id, id)))) {
    if (record.status !== 'planned' && record.status !== 'applied') continue;
    const to = record.changes.find(({ field }) => field === 'status');
    if (to !== undefined) statusOf.set(record.externalId ?? '', to.to);
  }
  return (id) => statusOf.get(id) === 'active';
}

/** The record of people who get a role, apart from other changes of the group: it may be held. */
export async function grantDraft(
  planning: GroupPlanning,
  group: Pick<SyncRecord, 'name'> & { readonly externalId: string },
  { role, granted }: { readonly role: string; readonly granted: readonly string[] },
): Promise<Draft> {
  const { run } = planning;
  const id = groupRecordId(run.id, group.externalId, 'granted');
  return groupDraft(run.id, {
    group: { externalId: group.externalId, name: group.name ?? '' },
    part: 'granted',
    action: 'update',
    changes: [{ field: 'role', from: null, to: role }],
    moves: await saveMoves(planning, { runId: run.id, recordId: id }, { granted }),
    reason: `active members of the group get the role ${role}`,
  });
}

/**
 * Holds all grants of the run when they are too many; else confirms each on the person's own list of groups, and drops
 * those whom it does not name.
 */
export async function judgeGrants(
  planning: GroupPlanning,
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  const { run, store, warnings, recordPeople } = planning;
  const total = drafts.reduce((sum, { moves }) => sum + (moves?.granted ?? 0), 0);
  if (total === 0) return [];
  const held = heldGrants(total, await planning.activeBefore());
  if (held !== null) {
    warnings.push(held);
    const blocksInStore = run.mode === 'plan' ? null : store.id;
    return drafts.map((draft) => ({ ...draft, status: 'held', reason: held, blocksInStore }));
  }
  const judged: Draft[] = [];
  for (const draft of drafts) {
    const granted = await confirmGrants(planning, draft);
    await recordPeople.removeMany([draft.id]);
    if (granted.length === 0) continue;
    const moves = await saveMoves(planning, { runId: run.id, recordId: draft.id }, { granted });
    judged.push({ ...draft, moves, confirmed: true });
  }
  return judged;
}

/** Those of a record whose own list of groups names the group. */
export async function confirmGrants(
  { directory, recordPeople }: Pick<GroupContext, 'directory' | 'recordPeople'>,
  { id, externalId }: Pick<SyncRecord, 'id' | 'externalId'>,
): Promise<readonly string[]> {
  const confirmed: string[] = [];
  for await (const page of recordPeople.pages(id, 'granted')) {
    const asked = { removed: page, gone: new Set<string>(), controls: [] };
    const out = await confirmLeavers({ directory }, externalId ?? '', asked);
    const without = new Set([...out.confirmed, ...out.unknown]);
    confirmed.push(...page.filter((each) => !without.has(each)));
  }
  return confirmed;
}

/** Takes away the roles from groups that give none any more: they are unlinked, removed, or bound to no role. */
export async function planLostRoles(
  context: GroupContext,
  givesRole: (group: string) => boolean,
  nameOf: (group: string) => string,
): Promise<readonly Draft[]> {
  const { run, store, members } = context;
  const drafts: Draft[] = [];
  for (const group of await members.groupsWithRoles(store.id)) {
    if (givesRole(group)) continue;
    const nobody = { role: null, people: [], isIn: () => false };
    const { revoked } = await findRoles(context, group, nobody);
    if (revoked.length === 0) continue;
    const id = groupRecordId(run.id, group, 'granted');
    drafts.push(
      groupDraft(run.id, {
        group: { externalId: group, name: nameOf(group) },
        part: 'granted',
        action: 'update',
        moves: await saveMoves(context, { runId: run.id, recordId: id }, { revoked }),
        reason: 'the group gives no role any more',
        confirmed: true,
      }),
    );
  }
  return drafts;
}
