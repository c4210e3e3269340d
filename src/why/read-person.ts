import { groupReferences, type ScopeVerdict as Scope } from '../core/criteria/criteria.ts';
import { type CriteriaExplanation, explainCriteria } from '../core/criteria/explain.ts';
import { messageOf, SourceError } from '../core/errors.ts';
import type { OpenExpressions } from '../core/mapping/expression.ts';
import { openMapping } from '../core/mapping/map-user.ts';
import { isUnreadable, type ListedUser } from '../core/model/source-user.ts';
import type { Criteria, StoreConfig } from '../core/model/store-config.ts';
import { type Reading, readUser } from '../core/plan/read-user.ts';
import type { SourceDirectory } from '../ports/directory.ts';
import { concernsOneUser } from '../sync/source/ask-by-id.ts';

type GroupSource = Pick<SourceDirectory, 'profile' | 'resolveGroups' | 'groupsOf'>;

/** One person as a run would read the user, and how the criteria decided. */
export interface PersonReading {
  readonly user: ListedUser;
  readonly reading: Reading;
  /** Null when the criteria let all users in, or the record is unreadable. */
  readonly criteria: CriteriaExplanation | null;
  /** Why runs fail before they decide on any user: a group of the criteria is missing. */
  readonly runsFail: string | null;
}

/** Reads one person by a store's configuration with the functions that runs use, and the person's own group list. */
export async function readPerson(
  directory: GroupSource,
  { criteria, mapping }: Pick<StoreConfig, 'criteria' | 'mapping'>,
  { user, open }: { readonly user: ListedUser; readonly open: OpenExpressions },
): Promise<PersonReading> {
  const { isIn, runsFail } = await readGroups(directory, criteria, user.externalId);
  const explained = isUnreadable(user) ? null : explainCriteria(criteria, { user, groups: isIn });
  const scope: Scope = explained?.verdict ?? 'in';
  const reading = await readUser(user, {
    emailOf: directory.profile.emailOf,
    scopeOf: () => scope,
    map: openMapping(mapping, open),
  });
  return { user, reading, criteria: explained, runsFail };
}

interface PersonsGroups {
  readonly isIn: (reference: string) => boolean | undefined;
  readonly runsFail: string | null;
}

async function readGroups(
  directory: GroupSource,
  criteria: Criteria,
  externalId: string,
): Promise<PersonsGroups> {
  const references = groupReferences(criteria);
  if (references.length === 0) return { isIn: () => undefined, runsFail: null };
  try {
    const ids = await directory.resolveGroups(references);
    const groups = new Set(await directory.groupsOf(externalId));
    return { isIn: (reference) => groups.has(ids.get(reference) ?? ''), runsFail: null };
  } catch (error) {
    if (!(error instanceof SourceError) || !concernsOneUser(error)) throw error;
    const isMissing = error.code === 'group-missing';
    return { isIn: () => undefined, runsFail: isMissing ? messageOf(error) : null };
  }
}
