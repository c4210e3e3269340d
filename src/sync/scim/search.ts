import type { JsonObject } from '../../core/model/source-user.ts';
import { type ListQuery, readListQuery } from '../../core/scim/list-query.ts';
import type { ScimGroup, ScimUser } from '../../core/scim/model.ts';
import { forSeveralGroups } from '../../core/scim/present.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import { ScimError } from '../../core/scim/scim-error.ts';
import type { ScimContext } from './context.ts';
import { presentGroups } from './groups.ts';
import { presentUsers } from './users.ts';

/** A page of a list (RFC 7644, section 3.4.2), whose resources are read while it is sent. */
export interface Listed {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly resources: AsyncIterable<object> | Iterable<object>;
}

/** How many resources are presented together, with their groups, members and outcomes. */
const presentedAtOnce = 50;

/** Returns one page of the matching resources and their number. */
export async function search(
  context: ScimContext,
  type: ResourceType,
  query: ListQuery,
): Promise<Listed> {
  const { scim, storeId } = context;
  const { filter, sort, startIndex, count: limit, projection } = query;
  const page = { storeId, filter, sort, skip: startIndex - 1, limit };
  if (type === 'User') {
    const { total, resources } = await scim.users.search(page);
    const present = (users: readonly ScimUser[]) => presentUsers(context, users, projection);
    return { totalResults: total, startIndex, resources: inParts(resources, present) };
  }
  const { total, resources } = await scim.groups.search(page);
  const isSeveral = Math.min(limit, total - page.skip) > 1;
  const shown = isSeveral ? forSeveralGroups(projection) : projection;
  // One by one: a group may have a great many members.
  const present = (groups: readonly ScimGroup[]) => presentGroups(context, groups, shown);
  return { totalResults: total, startIndex, resources: inParts(resources, present, 1) };
}

async function* inParts<Resource>(
  resources: AsyncIterable<Resource>,
  present: (part: readonly Resource[]) => Promise<readonly JsonObject[]>,
  atOnce = presentedAtOnce,
): AsyncGenerator<JsonObject> {
  let part: Resource[] = [];
  for await (const resource of resources) {
    part.push(resource);
    if (part.length < atOnce) continue;
    yield* await present(part);
    part = [];
  }
  if (part.length > 0) yield* await present(part);
}

/**
 * Searches users and groups together (RFC 7644, section 3.4.3): users first, each type in the order asked for. A
 * filter on an attribute that only the other type has matches no resource of a type; it is a `ScimError` when
 * neither type has the attribute.
 */
export async function searchAll(context: ScimContext, given: unknown): Promise<Listed> {
  const parts: Listed['resources'][] = [];
  const refusals: unknown[] = [];
  let totalResults = 0;
  let startIndex = 1;
  let found = 0;
  for (const type of ['User', 'Group'] as const) {
    try {
      const query = readListQuery(type, given);
      startIndex = query.startIndex;
      const first = Math.max(1, startIndex - totalResults);
      const count = query.count - found;
      const part = await search(context, type, { ...query, startIndex: first, count });
      parts.push(part.resources);
      found += Math.max(0, Math.min(count, part.totalResults - first + 1));
      totalResults += part.totalResults;
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      refusals.push(error);
    }
  }
  if (refusals.length === 2) throw refusals[0];
  return { totalResults, startIndex, resources: joined(parts) };
}

async function* joined(parts: readonly Listed['resources'][]): AsyncGenerator<object> {
  for (const part of parts) yield* part;
}
