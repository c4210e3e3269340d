import type { Directory } from '../directory/directory.ts';
import { isObjectId } from '../directory/object-id.ts';
import type { UserGroup } from '../directory/system-user.ts';
import { type Answer, ApiRefusal, type ApiRequest, json } from './answer.ts';
import { type Page, pageOf, project, readPage, sorted } from './paging.ts';
import { readV2Query } from './v2-query.ts';

const groupFilters = [
  'name',
  'disabled',
  'type',
  'membershipMethod',
  'memberQueryErrorFlags',
  'suggestionCounts.add',
  'suggestionCounts.remove',
  'suggestionCounts.total',
  'attributes.sudo.enabled',
  'attributes.sudo.withoutPassword',
] as const;
const graphFilters = ['object_id', 'type'] as const;

/** `GET /api/v2/usergroups`. */
export function listGroups(directory: Directory, { query }: ApiRequest): Answer {
  const { page, sort, fields, matches } = readV2Query(query, groupFilters);
  const matching = directory.groups.all().filter((group) => matches(group));
  const rows = sorted(matching, sort).map((group) => project(group, { fields, idField: 'id' }));
  return v2Listing(rows, page);
}

/** `GET /api/v2/usergroups/{id}`. */
export function getGroup(directory: Directory, _request: ApiRequest, id: string): Answer {
  return json(200, groupById(directory, id));
}

/** `GET /api/v2/usergroups/{id}/members`: direct edges, the user's id at `to.id`. */
export function listMembers(directory: Directory, { query }: ApiRequest, id: string): Answer {
  const members = directory.groups.membersOf(groupById(directory, id).id);
  const page = readPage((name) => query.get(name));
  return v2Listing(
    members.map((userId) => ({ to: { id: userId, type: 'user' } })),
    page,
  );
}

/** `GET /api/v2/usergroups/{id}/membership`: the effective set, the user's id at `id`. */
export function listMembership(directory: Directory, request: ApiRequest, id: string): Answer {
  const group = groupById(directory, id);
  const ids = directory.groups.membersOf(group.id);
  return graphListing(request, { ids, type: 'user' });
}

/** `GET /api/v2/users/{id}/memberof`: the groups of a user. */
export function listMemberOf(directory: Directory, request: ApiRequest, userId: string): Answer {
  if (directory.find(userId)?._id !== userId) {
    throw new ApiRefusal(404, `user ${userId} was not found`);
  }
  const ids = directory.groups.groupsOf(userId).map(({ id }) => id);
  return graphListing(request, { ids, type: 'user_group' });
}

function graphListing(
  { query }: ApiRequest,
  { ids, type }: { ids: readonly string[]; type: 'user' | 'user_group' },
): Answer {
  const { page, sort, matches } = readV2Query(query, graphFilters);
  const objects = ids
    .filter((id) => matches({ object_id: id, type }))
    .map((id) => ({ id, type, paths: [[{ to: { id, type } }]], compiledAttributes: {} }));
  return v2Listing(sorted(objects, sort), page);
}

/** A bare list, the total in a header: v2 has no envelope. */
function v2Listing(rows: readonly object[], page: Page): Answer {
  return json(200, pageOf(rows, page), { 'x-total-count': String(rows.length) });
}

function groupById(directory: Directory, id: string): UserGroup {
  const group = isObjectId(id) ? directory.groups.find(id) : undefined;
  if (group === undefined) throw new ApiRefusal(404, `user group ${id} was not found`);
  return group;
}
