import type { JsonObject } from '../../core/model/source-user.ts';
import { type ListQuery, readListQuery } from '../../core/scim/list-query.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import { ScimError } from '../../core/scim/scim-error.ts';
import type { ScimSearch } from '../../ports/scim.ts';
import type { ScimContext } from './context.ts';
import { presentGroups } from './groups.ts';
import { presentUsers } from './users.ts';

/** Returns one page of the matching resources and their number (RFC 7644, section 3.4.2). */
export async function search(
  context: ScimContext,
  type: ResourceType,
  query: ListQuery,
): Promise<JsonObject> {
  const { scim, storeId } = context;
  const { startIndex, count: limit, projection } = query;
  const page: ScimSearch = {
    storeId,
    filter: query.filter,
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

/**
 * Searches users and groups together (RFC 7644, section 3.4.3): users first, each type in the order asked for. A
 * filter on an attribute that only the other type has matches no resource of a type; it is a `ScimError` when
 * neither type has the attribute.
 */
export async function searchAll(context: ScimContext, given: unknown): Promise<JsonObject> {
  const found: JsonObject[] = [];
  const refusals: unknown[] = [];
  let total = 0;
  let startIndex = 1;
  for (const type of ['User', 'Group'] as const) {
    try {
      const query = readListQuery(type, given);
      startIndex = query.startIndex;
      const part = await search(context, type, {
        ...query,
        startIndex: Math.max(1, startIndex - total),
        count: Math.max(0, query.count - found.length),
      });
      found.push(...(part['Resources'] as readonly JsonObject[]));
      total += Number(part['totalResults']);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      refusals.push(error);
    }
  }
  if (refusals.length === 2) throw refusals[0];
  return list(total, startIndex, found);
}

/** The JSON of a list response. */
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
