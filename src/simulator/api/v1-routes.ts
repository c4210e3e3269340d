import type { Directory } from '../directory/directory.ts';
import { type Answer, ApiRefusal, type ApiRequest, json } from './answer.ts';
import { type Json, pageOf, project, sorted } from './paging.ts';
import { readV1Query, readV1Search, type V1Query } from './v1-query.ts';

/** `GET /api/systemusers`. */
export function listUsers(directory: Directory, request: ApiRequest): Answer {
  return selectUsers(directory, request, readV1Query(request.query));
}

/** `POST /api/search/systemusers`. */
export function searchUsers(directory: Directory, request: ApiRequest): Answer {
  return selectUsers(directory, request, readV1Search(request.query, readBody(request.body)));
}

/** `GET /api/systemusers/{id}`. A user that is not there is answered 200 with `null`, as TheJumpCloud/jcapi expects. */
export function getUser(directory: Directory, { query }: ApiRequest, id: string): Answer {
  const user = directory.find(id);
  if (user?._id !== id) return json(200, null);
  return json(200, project(user, { fields: readV1Query(query).fields, idField: '_id' }));
}

/** `GET /api/organizations`. */
export function listOrganizations(
  directories: readonly Directory[],
  { query }: ApiRequest,
): Answer {
  const { page, sort, fields, matches } = readV1Query(query);
  const all = directories.map(({ organization: { id, name } }) => ({
    _id: id,
    displayName: name,
    logoUrl: '',
  }));
  const matching = matches === null ? all : all.filter(matches);
  const rows = pageOf(sorted(matching, sort), page);
  return listing(rows, { fields, total: matching.length });
}

function selectUsers(directory: Directory, { withheld }: ApiRequest, query: V1Query): Answer {
  const { page, fields } = query;
  const found = orderedIds(directory, query);
  const listed = withheld === undefined ? found : found.filter((id) => !withheld(id));
  const rows = pageOf(listed, page).map((id) => directory.get(id));
  return listing(rows, { fields, total: found.length });
}

/** Without `sort` the order is arbitrary: a client that pages without sorting fails its tests. */
function orderedIds(directory: Directory, { sort, matches }: V1Query): readonly string[] {
  if (matches === null && sort.length === 0) return directory.shuffledIds;
  if (matches === null && sort[0] === '_id') return directory.ids;
  const all = directory.shuffledIds.map((id) => directory.get(id));
  const matching = matches === null ? all : all.filter(matches);
  return sorted(matching, sort).map(({ _id }) => _id);
}

function listing(
  rows: readonly object[],
  { fields, total }: { fields: readonly string[]; total: number },
): Answer {
  const results = rows.map((row) => project(row, { fields, idField: '_id' }));
  return json(200, { results, totalCount: total });
}

function readBody(text: string): Json {
  try {
    const body: unknown = JSON.parse(text || '{}');
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json;
  } catch {
    // Reported below, together with JSON that is not an object.
  }
  throw new ApiRefusal(400, 'the body must be a JSON object');
}
