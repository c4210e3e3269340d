import { compileConditions, evaluate } from '../../../core/criteria/criteria.ts';
import type { GroupCertificate, SourceGroup } from '../../../core/model/group.ts';
import type { GroupCriteria } from '../../../core/model/store-config.ts';
import type { SourceDirectory } from '../../../ports/directory.ts';

/** A listed group, without the record that its criteria were decided on. */
export interface ListedGroup extends Omit<SourceGroup, 'record'> {
  /** `unknown`: why the criteria can't be decided on it. */
  readonly scope: 'in' | 'out' | { readonly unknown: string };
}

/** The groups of a directory as one walk listed them. */
export interface GroupListing {
  readonly groups: ReadonlyMap<string, ListedGroup>;
  readonly certificate: GroupCertificate;
  /** Why the list may lack a group; null when it is whole. */
  readonly incompleteReason: string | null;
}

/** Walks over all groups once, and decides which of them the criteria mean. */
export async function listGroups(
  directory: Pick<SourceDirectory, 'walkGroups'>,
  criteria: GroupCriteria,
): Promise<GroupListing> {
  const compiled = compileConditions('groups.criteria', criteria);
  const groups = new Map<string, ListedGroup>();
  const pages = directory.walkGroups();
  for (;;) {
    const next = await pages.next();
    if (next.done) {
      const { broken, total } = next.value;
      const certificate = { complete: broken === null, total, distinct: groups.size };
      return { groups, certificate, incompleteReason: broken };
    }
    for (const { record, ...group } of next.value) {
      const user = {
        externalId: group.id,
        state: 'ACTIVATED' as const,
        orgId: null,
        record,
        custom: {},
      };
      groups.set(group.id, { ...group, scope: evaluate(compiled, { user, groups: noGroups }) });
    }
  }
}

/** No criterion on a group asks for groups. */
const noGroups = (): boolean => false;
