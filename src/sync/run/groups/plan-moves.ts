import { SourceError } from '../../../core/errors.ts';
import { IdSet } from '../../../core/id-set.ts';
import {
  type MoveList,
  type Moves,
  moveLists,
  recordId,
  type SyncRecord,
} from '../../../core/model/record.ts';
import type { SourceDirectory } from '../../../ports/directory.ts';
import { idsPerPage, type PeoplePage, type RecordPeople } from '../../../ports/record-people.ts';
import { concernsOneUser, noGroupsStated } from '../../source/ask-by-id.ts';
import { type GroupMembers, readGroupMembers } from '../../source/scope.ts';
import type { RunContext } from '../run-context.ts';

const membersPerPage = 5000;

type MoveContext = Pick<
  RunContext,
  'run' | 'store' | 'directory' | 'members' | 'records' | 'scope'
>;

/** Who should join and leave a group, by source id. */
export interface FoundMoves {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Those removed whom the directory no longer has. */
  readonly gone: ReadonlySet<string>;
  /** The members of the store that are in the group now. */
  readonly here: IdSet;
  /** Some people whom the group's list names. */
  readonly controls: readonly string[];
  /** Why the group's list may lack some of its people; null when it is whole. */
  readonly incompleteReason: string | null;
}

/**
 * Compares the list of a group with the members that are in it. Only people who are members, or become members in this
 * run, are put in. `blocked` people are not taken out.
 */
export async function findMoves(
  context: MoveContext,
  group: string,
  blocked: ReadonlySet<string> = new Set(),
): Promise<FoundMoves & { readonly stillBlocked: boolean }> {
  const source = await listOf(context, group);
  const here = new IdSet();
  const leaving: string[] = [];
  let stillBlocked = false;
  for await (const page of membersInGroup(context, group)) {
    for (const id of page) {
      here.add(id);
      if (source.ids.has(id)) continue;
      if (blocked.has(id)) stillBlocked = true;
      else leaving.push(id);
    }
  }
  const added: string[] = [];
  for (const batch of batches(source.ids, (id) => !here.has(id))) {
    added.push(...(await joinable(context, batch)));
  }
  const { staying, gone } = await judgeLeavers(context, leaving);
  return {
    added,
    removed: leaving.filter((id) => !staying.has(id)),
    gone,
    here,
    controls: firstOf(source.ids),
    incompleteReason: source.incompleteReason,
    stillBlocked,
  };
}

/** The list of a group of the criteria has been read already, for this run. */
export async function listOf(
  { scope, directory }: MoveContext,
  group: string,
): Promise<GroupMembers> {
  return scope.lists.get(group) ?? readGroupMembers(group, directory);
}

/** Source ids of the members in a group, ascending, page by page. */
export async function* membersInGroup(
  { store, members }: Pick<MoveContext, 'store' | 'members'>,
  group: string,
): AsyncGenerator<readonly string[]> {
  for (let after: string | null = null; ; ) {
    const page: readonly string[] = await members.inGroup({
      storeId: store.id,
      group,
      after,
      limit: membersPerPage,
    });
    if (page.length > 0) yield page;
    if (page.length < membersPerPage) return;
    after = page.at(-1) ?? null;
  }
}

export function* batches(
  ids: Iterable<string>,
  isWanted: (id: string) => boolean,
): Generator<readonly string[]> {
  let batch: string[] = [];
  for (const id of ids) {
    if (!isWanted(id)) continue;
    batch.push(id);
    if (batch.length < idsPerPage) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Those of these people who are members, or become members by a record of this run. */
async function joinable(
  { run, store, members, records }: MoveContext,
  ids: readonly string[],
): Promise<readonly string[]> {
  const present = new Set(await members.sourceIdsAmong(store.id, ids));
  const absent = ids.filter((id) => !present.has(id));
  const planned = await records.byIds(absent.map((id) => recordId(run.id, id)));
  const coming = new Set(planned.filter(makesMember).map(({ externalId }) => externalId));
  return ids.filter((id) => present.has(id) || coming.has(id));
}

function makesMember({ status, action }: SyncRecord): boolean {
  const isOpen = status === 'planned' || status === 'applied';
  return isOpen && (action === 'create' || action === 'adopt');
}

/** Which leavers are gone from the directory, and which leave the store anyway: a member that is deleted is in no group. */
export async function judgeLeavers(
  { run, store, members, records }: MoveContext,
  ids: readonly string[],
): Promise<{ readonly staying: ReadonlySet<string>; readonly gone: ReadonlySet<string> }> {
  const staying = new Set<string>();
  const gone = new Set<string>();
  for (const batch of batches(ids, () => true)) {
    const planned = await records.byIds(batch.map((id) => recordId(run.id, id)));
    for (const { externalId, action, cause, status } of planned) {
      if (externalId === null) continue;
      if (action === 'delete' && status === 'planned') staying.add(externalId);
      if (cause === 'gone') gone.add(externalId);
    }
    for (const { externalId, inactiveCause } of await members.bySourceIds(store.id, batch)) {
      if (externalId !== null && inactiveCause === 'gone') gone.add(externalId);
    }
  }
  return { staying, gone };
}

/**
 * Those of the leavers whose own list of groups no longer names the group. A person who is gone has no such list. Asks
 * a few at a time, and returns those for whom the source gives no answer too. A list that is empty, and does not say that
 * it is whole, counts when a person whom the group's list names has one that names the group.
 */
export async function confirmLeavers(
  { directory }: Pick<MoveContext, 'directory'>,
  group: string,
  { removed, gone, controls }: Pick<FoundMoves, 'removed' | 'gone' | 'controls'>,
): Promise<{ readonly confirmed: readonly string[]; readonly unknown: readonly string[] }> {
  const confirmed = removed.filter((id) => gone.has(id));
  const empty: string[] = [];
  const unknown: string[] = [];
  const asked = removed.filter((id) => !gone.has(id));
  for (let at = 0; at < asked.length; at += askedTogether) {
    const some = asked.slice(at, at + askedTogether);
    const answers = await Promise.all(some.map((id) => ownGroups(directory, id)));
    for (const [index, id] of some.entries()) {
      const own = answers[index] ?? null;
      if (own === null) unknown.push(id);
      else if (own === 'empty') empty.push(id);
      else if (!own.includes(group)) confirmed.push(id);
    }
  }
  if (empty.length === 0) return { confirmed, unknown };
  return (await tellsOwnGroups(directory, controls, (own) => own.includes(group)))
    ? { confirmed: [...confirmed, ...empty], unknown }
    : { confirmed, unknown: [...unknown, ...empty] };
}

const askedTogether = 4;
const mostControls = 5;

export function firstOf(ids: Iterable<string>): readonly string[] {
  const first: string[] = [];
  for (const id of ids) {
    first.push(id);
    if (first.length === mostControls) break;
  }
  return first;
}

/** A person's own list of groups; `empty` when it is, and does not say that it is whole, null when it can't be had. */
export async function ownGroups(
  directory: Pick<SourceDirectory, 'groupsOf'>,
  externalId: string,
): Promise<readonly string[] | 'empty' | null> {
  try {
    return await directory.groupsOf(externalId);
  } catch (error) {
    if (!(error instanceof SourceError) || !concernsOneUser(error)) throw error;
    return error.code === noGroupsStated ? 'empty' : null;
  }
}

/** Whether the source tells the groups of one of these people as expected: then an empty list is no lost one. */
export async function tellsOwnGroups(
  directory: Pick<SourceDirectory, 'groupsOf'>,
  controls: readonly string[],
  isExpected: (own: readonly string[]) => boolean,
): Promise<boolean> {
  for (const control of controls) {
    const own = await ownGroups(directory, control);
    if (Array.isArray(own) && isExpected(own)) return true;
  }
  return false;
}

/** Stores the people of a record, and returns how many they are. */
export async function saveMoves(
  { recordPeople }: { readonly recordPeople: Pick<RecordPeople, 'putPages'> },
  record: { readonly runId: string; readonly recordId: string },
  moves: Partial<Record<MoveList, readonly string[]>> & { readonly gone?: ReadonlySet<string> },
): Promise<Moves> {
  const pages: PeoplePage[] = moveLists.flatMap((list) =>
    [...batches(moves[list] ?? [], () => true)].map((ids, page) => ({
      ...record,
      list,
      page,
      ids,
    })),
  );
  for (let at = 0; at < pages.length; at += pagesTogether) {
    await recordPeople.putPages(pages.slice(at, at + pagesTogether));
  }
  const { added = [], removed = [], granted = [], revoked = [], gone } = moves;
  return {
    added: added.length,
    removed: removed.length,
    gone: removed.filter((id) => gone?.has(id) ?? false).length,
    granted: granted.length,
    revoked: revoked.length,
  };
}

const pagesTogether = 10;
