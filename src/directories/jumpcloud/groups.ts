import { SourceError } from '../../core/errors.ts';
import type { SourceGroup } from '../../core/model/group.ts';
import { findByName, howItDiffers } from '../../core/same-name.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { GroupWalkEnd } from '../../ports/directory.ts';
import { walkPages } from '../paging/offset-pages.ts';
import { attemptsPerPerson, type JumpCloudApi, organizationsRequest, pagesOfV2 } from './api.ts';
import { readGraphId, readGroup } from './records.ts';

/**
 * The ids of the user groups that `references` name, by id or name. Throws `SourceError` `group-missing` for an
 * unknown group, and for a name that several groups have.
 */
export async function resolveGroups(
  api: JumpCloudApi,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const groups = await listGroups(api);
  const ids = new Set(groups.map(({ id }) => id));
  const named = findByName(groups, ({ name }) => name);
  return new Map(
    references.map((reference) => [
      reference,
      ids.has(reference) ? reference : chooseNamed(reference, named(reference), groups),
    ]),
  );
}

/** All user groups; throws `SourceError` where the list may lack one. */
async function listGroups(api: JumpCloudApi): Promise<readonly SourceGroup[]> {
  const groups: SourceGroup[] = [];
  const pages = walkGroups(api);
  for (;;) {
    const next = await pages.next();
    if (!next.done) {
      groups.push(...next.value);
      continue;
    }
    const { broken } = next.value;
    if (broken === null) return groups;
    const reason = `JumpCloud does not list its user groups whole: ${broken}`;
    throw new SourceError('retriable', 'source-failed', reason);
  }
}

/**
 * All user groups of the organization, sorted and with overlapping pages. The API description declares no total for
 * this list, so without one only the order and the pages that join show that it is whole.
 */
export async function* walkGroups(
  api: JumpCloudApi,
): AsyncGenerator<readonly SourceGroup[], GroupWalkEnd> {
  let total: number | null = null;
  let distinct = 0;
  let withoutId = 0;
  let inOrder = true;
  const { broken } = yield* walkPages({
    fetchPage: pagesOfV2(api, { route: '/api/v2/usergroups', query: { sort: 'id' } }, (stated) => {
      total = stated;
    }),
    idOf: (row) => readGroup(row)?.id ?? null,
    sorted: true,
    present(page) {
      withoutId += page.withoutId;
      inOrder &&= page.inOrder;
      distinct += page.rows.length;
      return page.rows.map(readGroup).filter((group) => group !== null);
    },
  });
  return { broken: broken ?? doubtOf(), total };

  function doubtOf(): string | null {
    if (withoutId > 0) return `it has ${withoutId} rows without an id`;
    if (total === null) return inOrder ? null : 'it states no total, and is not sorted by id';
    return distinct < total ? `it states ${total} groups and names ${distinct}` : null;
  }
}

/** `GET /api/v2/usergroups/{id}`. The answer must name the group itself. */
export function hasGroup(api: JumpCloudApi, groupId: string): Promise<boolean> {
  return api.get<boolean>({
    route: '/api/v2/usergroups/{id}',
    params: { id: groupId },
    maxAttempts: attemptsPerPerson,
    elsewhere: organizationsRequest,
    absent: ({ status }) => (status === 404 ? false : undefined),
    read: (body) => (readGroup(body)?.id === groupId ? true : undefined),
  });
}

function chooseNamed(
  reference: string,
  [first, ...others]: readonly SourceGroup[],
  groups: readonly SourceGroup[],
): string {
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

/**
 * The ids of all direct and indirect users of a group, page by page, sorted and with overlapping pages. Ends with why
 * the list may lack some: its pages do not join, it has empty rows, or its distinct ids do not make up its total.
 */
export async function* walkGroupMembers(
  api: JumpCloudApi,
  groupId: string,
  mostRows?: number,
): AsyncGenerator<readonly string[], string | null> {
  const list = listIds(api, {
    route: '/api/v2/usergroups/{id}/membership',
    params: { id: groupId },
    query: { sort: 'id' },
    mostRows,
    missing: () => {
      throw groupMissing(`JumpCloud has no user group with id ${groupId} any more`);
    },
  });
  const { total, incompleteReason } = yield* list;
  return total === null ? 'it states no total' : incompleteReason;
}

/**
 * Ids of a user's groups. Members are removed and admitted on them, so a list that may lack one throws `SourceError`
 * `user-failed`, and one that is empty without saying so by a total `no-groups-stated`.
 */
export async function groupsOf(api: JumpCloudApi, userId: string): Promise<readonly string[]> {
  const list = listIds(api, {
    route: '/api/v2/users/{id}/memberof',
    params: { id: userId },
    maxAttempts: attemptsPerPerson,
    missing: () => {
      throw unknownGroups(`JumpCloud does not find user ${userId} to tell its groups`);
    },
  });
  const groups: string[] = [];
  for (;;) {
    const next = await list.next();
    if (!next.done) {
      groups.push(...next.value);
      continue;
    }
    const { total, incompleteReason } = next.value;
    if (incompleteReason !== null) {
      throw unknownGroups(
        `JumpCloud does not list the groups of user ${userId} whole: ${incompleteReason}`,
      );
    }
    if (total === null && groups.length === 0) {
      const reason = `JumpCloud lists no group of user ${userId}, and states no total`;
      throw new SourceError('retriable', 'no-groups-stated', reason);
    }
    return groups;
  }
}

function unknownGroups(message: string): SourceError {
  return new SourceError('retriable', 'user-failed', message);
}

interface ListEnd {
  /** The last total that the list stated; null when it stated none. */
  readonly total: number | null;
  /** Why ids may be missing from the list; null when nothing says so. */
  readonly incompleteReason: string | null;
}

/** The ids of a v2 list of graph objects, each once. */
async function* listIds(
  api: JumpCloudApi,
  {
    mostRows,
    ...request
  }: Parameters<typeof pagesOfV2>[1] & { readonly mostRows?: number | undefined },
): AsyncGenerator<readonly string[], ListEnd> {
  let total: number | null = null;
  let distinct = 0;
  let withoutId = 0;
  const pages = walkPages({
    fetchPage: pagesOfV2(api, request, (stated) => {
      total = stated;
    }),
    idOf: readGraphId,
    sorted: request.query?.['sort'] !== undefined,
    // Most such lists fit in a page: the empty page behind it is requested with it.
    expectedRows: 1,
    mostRows,
    present: (page) => page,
  });
  for (;;) {
    const next = await pages.next();
    if (next.done) return { total, incompleteReason: reasonOf(next.value.broken) };
    withoutId += next.value.withoutId;
    const ids = next.value.rows.map(readGraphId).filter((id) => id !== null);
    distinct += ids.length;
    yield ids;
  }

  function reasonOf(broken: string | null): string | null {
    if (broken !== null) return broken;
    if (withoutId > 0) return `it has ${withoutId} rows without an id`;
    if (total !== null && distinct !== total) return `it states ${total} and names ${distinct}`;
    return null;
  }
}
