import type { JsonObject } from '../../core/model/source-user.ts';
import { compileFilter, usersAskedFor } from '../../core/scim/compile-filter.ts';
import type { ListQuery } from '../../core/scim/list-query.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import type { ScimSearch } from '../ports.ts';
import type { ScimContext } from './context.ts';
import { presentGroups } from './groups.ts';
import { presentUsers } from './users.ts';

/** Answers a list as of RFC 7644, section 3.4.2: one page of what fits, in a stable order, and how many fit. */
export async function search(
  context: ScimContext,
  type: ResourceType,
  query: ListQuery,
): Promise<JsonObject> {
  const { scim, storeId } = context;
  const { startIndex, count: limit, projection } = query;
  const page: ScimSearch = {
    storeId,
    where: await whereOf(context, type, query),
    sort: query.sort,
    skip: startIndex - 1,
    limit,
  };
  if (type === 'User') {
    const { total, resources } = await scim.users.search(page);
    return list(total, startIndex, await presentUsers(context, resources, projection));
  }
  const { total, resources } = await scim.groups.search(page);
  return list(total, startIndex, await presentGroups(context, resources, projection));
}

async function whereOf(
  { scim }: ScimContext,
  type: ResourceType,
  { filter }: ListQuery,
): Promise<ScimSearch['where']> {
  if (filter === null) return null;
  const users = type === 'Group' ? usersAskedFor(filter) : [];
  const memberships = await scim.groups.membershipsOf(users);
  return compileFilter(filter, {
    type,
    groupIdsOf: (userId) =>
      memberships.filter((each) => each.userId === userId).map(({ groupId }) => groupId),
  });
}

/** A list as it is answered. */
export function list(
  totalResults: number,
  startIndex: number,
  resources: readonly object[],
): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
