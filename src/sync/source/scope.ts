import {
  compileCriteria,
  evaluate,
  groupReferences,
  type ScopeVerdict as Scope,
} from '../../core/criteria/criteria.ts';
import { IdSet } from '../../core/id-set.ts';
import type { SourceUser } from '../../core/model/source-user.ts';
import type { Criteria } from '../../core/model/store-config.ts';
import type { SourceDirectory } from '../../ports/directory.ts';

/** Decides for one run whether a user is in scope. */
export interface RunScope {
  /** By the group lists read at the start of the run: enough for anything but a removal. */
  readonly fromListing: (user: SourceUser) => Scope;
  /** By the user's own group list, read now: removals are decided on it. */
  readonly afresh: (user: SourceUser) => Promise<Scope>;
}

type GroupSource = Pick<SourceDirectory, 'resolveGroups' | 'walkGroupMembers' | 'groupsOf'>;

/**
 * Reads the groups that the criteria name, if any. Throws `SourceError` for a group that is missing or can't be read:
 * criteria are never evaluated in part.
 */
export async function prepareScope(criteria: Criteria, directory: GroupSource): Promise<RunScope> {
  const compiled = compileCriteria(criteria);
  const references = groupReferences(criteria);
  if (references.length === 0) {
    const decide = (user: SourceUser): Scope => evaluate(compiled, { user, groups: noGroups });
    return { fromListing: decide, afresh: async (user) => decide(user) };
  }
  const groupIds = await directory.resolveGroups(references);
  const membersOf = new Map<string, IdSet>();
  for (const groupId of new Set(groupIds.values())) {
    membersOf.set(groupId, await readGroup(groupId, directory));
  }
  const groupIdOf = (reference: string) => groupIds.get(reference) ?? '';
  return {
    fromListing: (user) =>
      evaluate(compiled, {
        user,
        groups: (reference) => membersOf.get(groupIdOf(reference))?.has(user.externalId) ?? false,
      }),
    afresh: async (user) => {
      const groups = new Set(await directory.groupsOf(user.externalId));
      return evaluate(compiled, {
        user,
        groups: (reference) => groups.has(groupIdOf(reference)),
      });
    },
  };
}

const noGroups = (): boolean => false;

async function readGroup(groupId: string, directory: GroupSource): Promise<IdSet> {
  const ids = new IdSet();
  for await (const page of directory.walkGroupMembers(groupId)) {
    for (const id of page) ids.add(id);
  }
  return ids;
}
