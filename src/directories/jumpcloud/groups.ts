import { SourceError } from '../../core/errors.ts';
import { howItDiffers, withName } from '../../core/same-name.ts';
import { didYouMean } from '../../core/suggest.ts';
import { attemptsPerPerson, type JumpCloudApi, pagesOfV2, walkUnsorted } from './api.ts';
import { type Group, readGraphId, readGroup } from './records.ts';

/**
 * The ids of the user groups that `references` name, by id or name. Throws `SourceError` `group-missing` for an
 * unknown group, and for a name that several groups have.
 */
export async function resolveGroups(
  api: JumpCloudApi,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const groups: Group[] = [];
  const pages = walkUnsorted('its user groups', {
    fetchPage: pagesOfV2(api, { route: '/api/v2/usergroups' }),
    idOf: (row) => readGroup(row)?.id ?? null,
    present: ({ rows }) => rows.map(readGroup).filter((group) => group !== null),
  });
  for await (const page of pages) groups.push(...page);
  return new Map(references.map((reference) => [reference, resolveGroup(reference, groups)]));
}

function resolveGroup(reference: string, groups: readonly Group[]): string {
  if (groups.some(({ id }) => id === reference)) return reference;
  const [first, ...others] = withName(reference, groups, ({ name }) => name);
  if (first === undefined) {
    const names = groups.map(({ name }) => name);
    throw groupMissing(
      `JumpCloud has no user group "${reference}".${didYouMean(reference, names)}`,
    );
  }
  if (others.length === 0) return first.id;
  const ids = [first, ...others]
    .map(({ id, name }) => `${id}${howItDiffers(name, reference)}`)
    .join(', ');
  throw groupMissing(
    `JumpCloud has ${others.length + 1} user groups named "${reference}": name the one by its id (${ids})`,
  );
}

function groupMissing(message: string): SourceError {
  return new SourceError('fatal', 'group-missing', message, {
    hint: 'Name a user group of this organization in the store’s criteria.',
  });
}

/** The ids of all direct and indirect users of a group, page by page. */
export async function* walkGroupMembers(
  api: JumpCloudApi,
  groupId: string,
): AsyncGenerator<readonly string[], void> {
  const fetchPage = pagesOfV2(api, {
    route: '/api/v2/usergroups/{id}/membership',
    params: { id: groupId },
    missing: () => {
      throw groupMissing(`JumpCloud has no user group with id ${groupId} any more`);
    },
  });
  yield* walkUnsorted(`the members of group ${groupId}`, {
    fetchPage,
    idOf: readGraphId,
    present: ({ rows }) => rows.map(readGraphId).filter((id) => id !== null),
  });
}

/**
 * Ids of a user's groups. Removals are decided on them, so a list shorter than its own total throws `SourceError`
 * `user-failed`: the group in question may be among the missing ones.
 */
export async function groupsOf(api: JumpCloudApi, userId: string): Promise<readonly string[]> {
  const fetchPage = pagesOfV2(api, {
    route: '/api/v2/users/{id}/memberof',
    params: { id: userId },
    maxAttempts: attemptsPerPerson,
    missing: () => {
      const message = `JumpCloud does not find user ${userId} to tell its groups`;
      throw new SourceError('retriable', 'user-failed', message);
    },
  });
  const groups: string[] = [];
  let stated = 0;
  const pages = walkUnsorted(`the groups of user ${userId}`, {
    fetchPage,
    idOf: readGraphId,
    present: (page) => page,
  });
  for await (const { rows, total } of pages) {
    groups.push(...rows.map(readGraphId).filter((id) => id !== null));
    stated = total;
  }
  if (groups.length >= stated) return groups;
  const message = `JumpCloud states ${stated} groups of user ${userId}, and names ${groups.length}`;
  throw new SourceError('retriable', 'user-failed', message);
}
