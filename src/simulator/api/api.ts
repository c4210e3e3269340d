import type { Directory } from '../directory/directory.ts';
import { isObjectId } from '../directory/object-id.ts';
import { type Answer, ApiRefusal, type ApiRequest, apiError, type Handler } from './answer.ts';
import type { Credentials } from './credentials.ts';
import { getUser, listOrganizations, listUsers, searchUsers } from './v1-routes.ts';
import { getGroup, listGroups, listMemberOf, listMembers, listMembership } from './v2-routes.ts';

type Route = (directory: Directory, request: ApiRequest, id: string) => Answer;

const routes: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/api\/systemusers$/, listUsers],
  ['GET', /^\/api\/systemusers\/([^/]+)$/, getUser],
  ['POST', /^\/api\/search\/systemusers$/, searchUsers],
  ['GET', /^\/api\/v2\/usergroups$/, listGroups],
  ['GET', /^\/api\/v2\/usergroups\/([^/]+)$/, getGroup],
  ['GET', /^\/api\/v2\/usergroups\/([^/]+)\/members$/, listMembers],
  ['GET', /^\/api\/v2\/usergroups\/([^/]+)\/membership$/, listMembership],
  ['GET', /^\/api\/v2\/users\/([^/]+)\/memberof$/, listMemberOf],
];

/** The scope of `/api`: one organization, or several behind one multi-tenant key. */
interface ApiOptions {
  readonly credentials: Credentials;
  /** The first is the key's own; more than one makes the key a multi-tenant one. */
  readonly directories: readonly Directory[];
}

/** Builds `/api`: sign-in, choice of the organization, routes. */
export function buildApi({ credentials, directories }: ApiOptions): Handler {
  return (received) => {
    const request = { ...received, path: received.path.replace(/(?<=.)\/$/, '') };
    const refusal = credentials.refuse(request);
    if (refusal !== null) return refusal;
    try {
      return route(request, directories);
    } catch (error) {
      if (error instanceof ApiRefusal) return apiError(request.path, error.status, error.message);
      throw error;
    }
  };
}

function route(request: ApiRequest, directories: readonly Directory[]): Answer {
  if (request.path === '/api/organizations' && request.method === 'GET') {
    if (organizationIdOf(request) !== '') {
      throw new ApiRefusal(403, 'x-org-id is not supported on this route');
    }
    return listOrganizations(directories, request);
  }
  for (const [method, path, handle] of routes) {
    const match = path.exec(request.path);
    if (match === null || method !== request.method) continue;
    return handle(chooseDirectory(request, directories), request, match[1] ?? '');
  }
  throw new ApiRefusal(404, `cannot ${request.method} ${request.path}`);
}

/** The rules of `x-org-id`, from the section on multi-tenant headers in both API descriptions. */
function chooseDirectory(request: ApiRequest, directories: readonly Directory[]): Directory {
  const id = organizationIdOf(request);
  const [own] = directories;
  if (id === '' && own !== undefined && directories.length === 1) return own;
  if (id === '') throw new ApiRefusal(401, 'x-org-id is required for multi-tenant admins');
  if (!isObjectId(id)) throw new ApiRefusal(400, `x-org-id "${id}" is malformed`);
  const chosen = directories.find(({ organization }) => organization.id === id);
  if (chosen === undefined) throw new ApiRefusal(404, `organization ${id} was not found`);
  return chosen;
}

/** The vendor's own samples send an empty header for single-tenant keys: it counts as none. */
function organizationIdOf({ headers }: ApiRequest): string {
  return headers['x-org-id'] ?? '';
}
