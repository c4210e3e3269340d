import type { JsonObject } from '../../core/model/source-user.ts';
import {
  type BulkOperation,
  readBulk,
  withIds,
  withoutReferences,
} from '../../core/scim/bulk-request.ts';
import { etagOf, wholeResource, withoutMembers } from '../../core/scim/present.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import { badRequest, type ScimError, scimErrorJson } from '../../core/scim/scim-error.ts';
import { type Answered, ifMatchOf, type ScimContext } from './context.ts';
import { groupOperations } from './groups.ts';
import { userOperations } from './users.ts';

type Outcome = JsonObject & { readonly status: string };

/** An operation that is still to be carried out. */
interface Waiting {
  /** Its place in the request. */
  readonly at: number;
  readonly operation: BulkOperation;
  /** Where it was created without some references, which are now added; null for any other. */
  readonly made: string | null;
}

/** What the operations of one bulk share. */
interface Bulk {
  readonly context: ScimContext;
  /** The ids of new resources by their `bulkId`. */
  readonly ids: Map<string, string>;
  readonly outcomes: Outcome[];
  readonly toScimError: (error: unknown) => ScimError;
}

/** New users are created together: they are independent of each other. */
const mostTogether = 100;

/**
 * Carries out many operations (RFC 7644, section 3.7), each on its own and in their order, except that one which refers
 * to a new resource (`bulkId:…`) waits until that is made. Where resources refer to each other, one is created without
 * its references, which are added when the others are made. `toScimError` describes why an operation failed.
 */
export async function carryOutBulk(
  context: ScimContext,
  body: unknown,
  toScimError: (error: unknown) => ScimError,
): Promise<JsonObject> {
  const { operations, failOnErrors } = readBulk(body);
  const bulk: Bulk = { context, ids: new Map(), outcomes: [], toScimError };
  let waiting = operations.map((operation, at): Waiting => ({ at, operation, made: null }));
  let errors = 0;
  while (waiting.length > 0 && errors < failOnErrors) {
    const coming = comingOf(waiting);
    // So many can only be the last ones that may fail.
    const turn = nextTurn(waiting, coming, Math.min(mostTogether, failOnErrors - errors));
    const done = await Promise.all(turn.map((each) => carryOut(bulk, each, coming)));
    waiting = [
      ...done.flatMap(({ rest }) => rest ?? []),
      ...waiting.filter((each) => !turn.includes(each)),
    ];
    errors += done.filter(({ isError }) => isError).length;
  }
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
    Operations: bulk.outcomes.filter((outcome) => outcome !== undefined),
  };
}

/** The `bulkId`s of resources that may still be made. */
function comingOf(waiting: readonly Waiting[]): ReadonlySet<string> {
  return new Set(
    waiting.flatMap(({ operation: { method, bulkId }, made }) =>
      method === 'POST' && bulkId !== null && made === null ? [bulkId] : [],
    ),
  );
}

/** The first operations that wait for no other; the first new resource, when all wait for each other. */
function nextTurn(
  waiting: readonly Waiting[],
  coming: ReadonlySet<string>,
  most: number,
): readonly Waiting[] {
  const first = waiting.findIndex(({ operation: { references } }) =>
    [...references].every((reference) => !coming.has(reference)),
  );
  if (first === -1) {
    return waiting.filter(({ operation: { bulkId } }) => coming.has(bulkId ?? '')).slice(0, 1);
  }
  const rest = waiting.slice(first, first + most);
  const end = rest.findIndex(({ operation }) => !isIndependent(operation));
  return end === -1 ? rest : rest.slice(0, Math.max(1, end));
}

function isIndependent({ method, path, references }: BulkOperation): boolean {
  return method === 'POST' && path === '/Users' && references.size === 0;
}

async function carryOut(
  bulk: Bulk,
  { at, operation, made }: Waiting,
  coming: ReadonlySet<string>,
): Promise<{ readonly isError: boolean; readonly rest: Waiting | null }> {
  const { context, ids, outcomes, toScimError } = bulk;
  const { method, path, bulkId, references } = operation;
  const about = outcomes[at] ?? { method, ...(bulkId !== null && { bulkId }) };
  const lacks = method === 'POST' && [...references].some((each) => coming.has(each));
  try {
    const { status, resource } = await dispatch(context, ids, {
      ...operation,
      ...(made !== null && { method: 'PUT', path: `${path}/${made}` }),
      ...(lacks && { data: withoutReferences(operation.data, coming) }),
    });
    if (bulkId !== null && resource !== null && method === 'POST') ids.set(bulkId, resource.id);
    outcomes[at] = {
      ...about,
      ...(resource !== null && {
        location: `${context.baseUrl}/${resource.type}s/${resource.id}`,
        version: etagOf(resource),
      }),
      status: String(made === null ? status : 201),
    };
    const rest = lacks && resource !== null ? { at, operation, made: resource.id } : null;
    return { isError: false, rest };
  } catch (error) {
    const scimError = toScimError(error);
    const response = scimErrorJson(scimError);
    outcomes[at] = { ...about, status: String(scimError.status), response };
    return { isError: true, rest: null };
  }
}

interface Done {
  readonly status: number;
  readonly resource: {
    readonly type: ResourceType;
    readonly id: string;
    readonly version: number;
  } | null;
}

const paths = /^\/(?<type>User|Group)s(?:\/(?<id>[^/?#]+))?$/;

async function dispatch(
  context: ScimContext,
  ids: ReadonlyMap<string, string>,
  { method, path, bulkId, version, data }: BulkOperation,
): Promise<Done> {
  const { type, id: named } = paths.exec(path)?.groups ?? {};
  if (type === undefined || (method === 'POST') !== (named === undefined)) {
    throw badRequest('invalidPath', 'path is none of /Users, /Groups, /Users/{id}, /Groups/{id}.');
  }
  const isUser = type === 'User';
  const operations = isUser ? userOperations : groupOperations;
  const projection = isUser ? wholeResource : withoutMembers;
  const id = named === undefined ? '' : String(withIds(named, ids));
  const body = withIds(data, ids);
  const asked = { id, ifMatch: ifMatchOf(version), projection, body };
  const done = (status: number, { resource }: Answered): Done => ({
    status,
    resource: { type: isUser ? 'User' : 'Group', id: resource.id, version: resource.version },
  });
  switch (method) {
    case 'POST':
      if (bulkId === null) throw badRequest('invalidSyntax', 'A POST of a bulk needs a bulkId.');
      return done(201, await operations.create(context, body, projection));
    case 'PUT':
      return done(200, await operations.replace(context, asked));
    case 'PATCH':
      return done(200, await operations.patch(context, asked));
    case 'DELETE':
      await operations.remove(context, asked);
      return { status: 204, resource: null };
    default:
      throw badRequest('invalidSyntax', 'method is none of POST, PUT, PATCH, DELETE.');
  }
}
