import { isObject, type JsonObject } from '../model/source-user.ts';
import { maxPatchOperations, maxPatchSteps } from './limits.ts';
import { type PatchPath, parsePatchPath } from './patch-path.ts';
import { coreSchemaOf, type ResourceType, standingSchema } from './schemas.ts';
import { badRequest } from './scim-error.ts';

/** One step of a patch: an operation on one place. */
export interface PatchStep {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: PatchPath;
  readonly value: unknown;
}

const ops = ['add', 'remove', 'replace'] as const;
/** Attributes that Okta and others repeat beside the changed ones. */
const repeated = new Set([
  'id',
  'schemas',
  'meta',
  'groups',
  'password',
  standingSchema.toLowerCase(),
]);

/**
 * Reads the body of a PATCH (RFC 7644, section 3.5.2) into single steps: `op` and names in letters of any case, and
 * values without a path split up, whose keys may be dotted names or whole paths.
 * `ScimError` when it is invalid.
 */
export function readPatch(type: ResourceType, body: unknown): readonly PatchStep[] {
  const operations = isObject(body) ? readKey(body, 'operations') : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw badRequest('invalidSyntax', 'Operations is missing, empty or no list.');
  }
  if (operations.length > maxPatchOperations) {
    throw badRequest('invalidValue', `A patch has at most ${maxPatchOperations} operations.`);
  }
  const steps: PatchStep[] = [];
  for (const operation of operations) {
    for (const step of readOperation(type, operation)) steps.push(step);
    checkStepCount(steps.length);
  }
  return steps;
}

function readOperation(type: ResourceType, operation: unknown): readonly PatchStep[] {
  if (!isObject(operation)) throw badRequest('invalidSyntax', 'An operation is not an object.');
  const said = readKey(operation, 'op');
  const op = ops.find((each) => typeof said === 'string' && said.toLowerCase() === each);
  if (op === undefined) throw badRequest('invalidSyntax', `op is none of ${ops.join(', ')}.`);
  const path = readKey(operation, 'path');
  const value = readKey(operation, 'value');
  if (path !== undefined && path !== null && typeof path !== 'string') {
    throw badRequest('invalidPath', 'path is not a text.');
  }
  const at = typeof path === 'string' ? path.trim() : '';
  if (at !== '' && !isCoreSchema(type, at)) {
    return /^password$/i.test(at) ? [] : [stepAt(op, parsePatchPath(type, at), value)];
  }
  if (op === 'remove') throw badRequest('noTarget', 'A remove needs a path.');
  return attributesIn(type, value).map(([name, each]) =>
    stepAt(op, parsePatchPath(type, name), each),
  );
}

/** The attributes of a value without a path; those of the core may be under the URN of their schema. */
function attributesIn(type: ResourceType, value: unknown): readonly [string, unknown][] {
  if (!isObject(value)) {
    throw badRequest('invalidValue', 'Without a path, value has to be an object of attributes.');
  }
  const entries = Object.entries(value);
  checkStepCount(entries.length);
  return entries.flatMap(([name, each]): readonly [string, unknown][] => {
    if (isCoreSchema(type, name)) return attributesIn(type, each);
    return repeated.has(name.toLowerCase()) ? [] : [[name, each]];
  });
}

const isCoreSchema = (type: ResourceType, path: string): boolean =>
  path.toLowerCase() === coreSchemaOf[type].toLowerCase();

function checkStepCount(count: number): void {
  if (count <= maxPatchSteps) return;
  throw badRequest('invalidValue', `A patch changes at most ${maxPatchSteps} attributes.`);
}

function stepAt(op: PatchStep['op'], path: PatchPath, value: unknown): PatchStep {
  if (op !== 'remove' && value === undefined) {
    throw badRequest('invalidValue', `${op} needs a value.`);
  }
  return { op, path, value };
}

function readKey(from: JsonObject, name: string): unknown {
  if (Object.hasOwn(from, name)) return from[name];
  const key = Object.keys(from).find((each) => each.toLowerCase() === name);
  return key === undefined ? undefined : from[key];
}
