import { isObject, type JsonObject } from '../../core/model/source-user.ts';
import { maxBulkOperations } from '../../core/scim/limits.ts';
import { etagOf, wholeResource, withoutMembers } from '../../core/scim/present.ts';
import type { ResourceType } from '../../core/scim/schemas.ts';
import { badRequest, ScimError, scimErrorJson } from '../../core/scim/scim-error.ts';
import { type Answered, ifMatchOf, type ScimContext } from './context.ts';
import { groupOperations } from './groups.ts';
import { userOperations } from './users.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly bulkId: string | null;
  readonly version: string | null;
  readonly data: unknown;
}

type Outcome = JsonObject & { readonly status: string };

/** New users are created together: they are independent of each other. */
const mostTogether = 100;

/**
 * Carries out many operations (RFC 7644, section 3.7), one after the other, each on its own; `bulkId:…` stands for
 * the id that an earlier operation of the bulk created. `toScimError` describes why an operation failed.
 */
export async function carryOutBulk(
  context: ScimContext,
  body: unknown,
  toScimError: (error: unknown) => ScimError,
): Promise<JsonObject> {
  const { operations, failOnErrors } = readBulk(body);
  const made = new Map<string, string>();
  const outcomes: Outcome[] = [];
  let errors = 0;
  for (let at = 0; at < operations.length && errors < failOnErrors; ) {
    const together = takeTogether(operations, at);
    at += together.length;
    const done = await Promise.all(
      together.map((operation) => carryOut(context, { operation, made, toScimError })),
    );
    outcomes.push(...done);
    errors += done.filter(({ status }) => Number(status) >= 400).length;
  }
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
    Operations: outcomes,
  };
}

function readBulk(body: unknown): {
  readonly operations: readonly Operation[];
  readonly failOnErrors: number;
} {
  const list = isObject(body) ? body['Operations'] : undefined;
  if (!isObject(body) || !Array.isArray(list) || list.length === 0) {
    throw badRequest('invalidSyntax', 'Operations is missing, empty or no list.');
  }
  if (list.length > maxBulkOperations) {
    throw new ScimError(413, null, `A bulk has at most ${maxBulkOperations} operations.`);
  }
  const { failOnErrors } = body;
  const isLimited = typeof failOnErrors === 'number' && failOnErrors >= 1;
  return {
    operations: list.map(readOperation),
    failOnErrors: isLimited ? failOnErrors : Number.POSITIVE_INFINITY,
  };
}

function readOperation(given: unknown): Operation {
  const said = isObject(given) ? given : {};
  const text = (key: string): string | null => {
    const value = said[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    method: (text('method') ?? '').toUpperCase(),
    // As in addresses, slashes may be doubled or at the end.
    path: `/${text('path') ?? ''}`.replace(/\/{2,}/g, '/').replace(/\/$/, ''),
    bulkId: text('bulkId'),
    version: text('version'),
    data: said['data'],
  };
}

function takeTogether(operations: readonly Operation[], at: number): readonly Operation[] {
  const rest = operations.slice(at, at + mostTogether);
  const end = rest.findIndex((operation) => !isIndependent(operation));
  return end === -1 ? rest : rest.slice(0, Math.max(1, end));
}

function isIndependent({ method, path, data }: Operation): boolean {
  const isNewUser = method === 'POST' && path === '/Users';
  return isNewUser && !JSON.stringify(data ?? null).includes('bulkId:');
}

async function carryOut(
  context: ScimContext,
  work: {
    readonly operation: Operation;
    readonly made: Map<string, string>;
    readonly toScimError: (error: unknown) => ScimError;
  },
): Promise<Outcome> {
  const { operation, made, toScimError } = work;
  const { method, bulkId } = operation;
  const about = { method, ...(bulkId !== null && { bulkId }) };
  try {
    const { status, resource } = await dispatch(context, operation, made);
    if (bulkId !== null && resource !== null && method === 'POST') made.set(bulkId, resource.id);
    return {
      ...about,
      ...(resource !== null && {
        location: `${context.baseUrl}/${resource.type}s/${resource.id}`,
        version: etagOf(resource),
      }),
      status: String(status),
    };
  } catch (error) {
    const scimError = toScimError(error);
    return { ...about, status: String(scimError.status), response: scimErrorJson(scimError) };
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
  operation: Operation,
  made: ReadonlyMap<string, string>,
): Promise<Done> {
  const { method, path, bulkId, version } = operation;
  const { type, id: named } = paths.exec(path)?.groups ?? {};
  if (type === undefined || (method === 'POST') !== (named === undefined)) {
    throw badRequest('invalidPath', 'path is none of /Users, /Groups, /Users/{id}, /Groups/{id}.');
  }
  const isUser = type === 'User';
  const operations = isUser ? userOperations : groupOperations;
  const projection = isUser ? wholeResource : withoutMembers;
  const id = named === undefined ? '' : String(resolve(named, made));
  const body = resolve(operation.data, made);
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

/** Replaces every `bulkId:…` by its id. */
function resolve(value: unknown, made: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string' && value.startsWith('bulkId:')) {
    const id = made.get(value.slice('bulkId:'.length));
    if (id !== undefined) return id;
    throw new ScimError(409, null, 'A bulkId stands for nothing that was made before.');
  }
  if (Array.isArray(value)) return value.map((each) => resolve(each, made));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, made)]));
}
