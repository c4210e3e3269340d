import { isDeepStrictEqual } from 'node:util';
import {
  compileCriteria,
  evaluate,
  groupReferences,
  type ScopeVerdict as Scope,
} from '../../core/criteria/criteria.ts';
import { type GroupSizes, judgeSize, type KeptSize } from '../../core/criteria/group-size.ts';
import { IdSet } from '../../core/id-set.ts';
import type { SourceUser } from '../../core/model/source-user.ts';
import type { Criteria } from '../../core/model/store-config.ts';
import type { SourceDirectory } from '../../ports/directory.ts';

/** Decides for one run whether a user is in scope. */
export interface RunScope {
  /** By the group lists read at the start of the run: enough for anything but a removal or an arrival. */
  readonly fromListing: (user: SourceUser) => Scope;
  /** Whether the user is in scope only because a group's list does not name it. */
  readonly reliesOnAbsence: (user: SourceUser) => boolean;
  /**
   * Why the list of a group that lost most of its members can't decide on the user; null when it doesn't matter.
   */
  readonly lossOf: (user: SourceUser) => string | null;
  /** Whether the user's own group list names a group of the criteria whose list does not name the user. */
  readonly isMissed: (externalId: string) => Promise<boolean>;
  /** By the user's own group list, read now: removals are decided on it. */
  readonly afresh: (user: SourceUser) => Promise<Scope>;
  /** The lists of the groups that the criteria name, by group id, as this run read them. */
  readonly lists: ReadonlyMap<string, GroupList>;
  /** The sizes of the groups, for the next run to compare with; null when they are as before. */
  readonly newSizes: GroupSizes | null;
  /** What people must know of the groups, in whole sentences. */
  readonly warnings: readonly string[];
}

type GroupSource = Pick<SourceDirectory, 'resolveGroups' | 'walkGroupMembers' | 'groupsOf'>;

/**
 * Reads the groups that the criteria name, if any. `before` are the sizes that earlier runs saw: a group that
 * has lost most of its members lets nobody in or out until a second run sees the same. Throws `SourceError`
 * for a group that is missing or can't be read: criteria are never evaluated in part.
 */
export async function prepareScope(
  criteria: Criteria,
  directory: GroupSource,
  before: GroupSizes = {},
): Promise<RunScope> {
  const compiled = compileCriteria(criteria);
  const references = groupReferences(criteria);
  const groupIds =
    references.length === 0 ? new Map<string, string>() : await directory.resolveGroups(references);
  const idsOf = [...new Set(groupIds.values())];
  const read = await Promise.all(
    idsOf.map(async (id) => [id, await readGroup(id, directory, before[id] ?? null)] as const),
  );
  const groups = new Map(read);
  const isAnyLost = read.some(([, { isTrusted }]) => !isTrusted);
  const sizes = Object.fromEntries(
    read.flatMap(([id, { kept }]) => (kept === null ? [] : [[id, kept] as const])),
  );
  const groupOf = (reference: string) => groups.get(groupIds.get(reference) ?? '');
  const decide = (user: SourceUser, ifNotNamed: (group: GroupList) => boolean | undefined) =>
    evaluate(compiled, {
      user,
      groups: (reference) => {
        const group = groupOf(reference);
        return group === undefined || group.ids.has(user.externalId) || ifNotNamed(group);
      },
    });
  return {
    fromListing: (user) => decide(user, () => false),
    reliesOnAbsence: (user) => groups.size > 0 && decide(user, () => undefined) !== 'in',
    lossOf(user) {
      if (!isAnyLost) return null;
      const verdict = decide(user, ({ isTrusted }) => (isTrusted ? false : undefined));
      return typeof verdict === 'object' ? lostWords : null;
    },
    async isMissed(externalId) {
      const own = await directory.groupsOf(externalId);
      return own.some((id) => groups.get(id)?.ids.has(externalId) === false);
    },
    async afresh(user) {
      if (groups.size === 0) return decide(user, () => false);
      const own = new Set(await directory.groupsOf(user.externalId));
      return evaluate(compiled, {
        user,
        groups: (reference) => own.has(groupIds.get(reference) ?? ''),
      });
    },
    lists: groups,
    newSizes: isDeepStrictEqual(sizes, before) ? null : sizes,
    warnings: describeLosses(
      references.flatMap((reference) => {
        const group = groupOf(reference);
        return group === undefined || group.isTrusted ? [] : [describeLoss(reference, group)];
      }),
    ),
  };
}

const lostWords =
  'a group that decides on it has lost most of its members; the next run decides if it sees the same';

/** Who is in a group, as its list was read. */
export interface GroupMembers {
  readonly ids: IdSet;
  /** Why the list may lack some; null when it is whole. */
  readonly incompleteReason: string | null;
}

/** The list of a group of the criteria as a run read it. */
interface GroupList extends GroupMembers {
  readonly isTrusted: boolean;
  readonly kept: KeptSize | null;
}

async function readGroup(
  groupId: string,
  directory: GroupSource,
  before: KeptSize | null,
): Promise<GroupList> {
  const members = await readGroupMembers(groupId, directory);
  const { ids, incompleteReason } = members;
  const list = { size: ids.size, isWhole: incompleteReason === null };
  return { ...members, ...judgeSize(before, list) };
}

/** Reads the list of a group whole. */
export async function readGroupMembers(
  groupId: string,
  directory: Pick<SourceDirectory, 'walkGroupMembers'>,
): Promise<GroupMembers> {
  const ids = new IdSet();
  const pages = directory.walkGroupMembers(groupId);
  for (;;) {
    const next = await pages.next();
    if (next.done) return { ids, incompleteReason: next.value };
    for (const id of next.value) ids.add(id);
  }
}

function describeLoss(reference: string, { ids, kept }: GroupList): string {
  return `the group ${JSON.stringify(reference)} had ${kept?.proven ?? 0} members and now lists ${ids.size}: nobody comes in or is removed because of it unless the next run sees the same`;
}

/** More warnings of one kind don't help. */
const mostLosses = 5;

function describeLosses(losses: readonly string[]): readonly string[] {
  const more = losses.length - mostLosses;
  if (more <= 0) return losses;
  return [
    ...losses.slice(0, mostLosses),
    `${more} more groups of the criteria have lost most of their members`,
  ];
}
