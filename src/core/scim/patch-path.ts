import { type Attribute, attributeNamed } from './attribute.ts';
import { type Filter, parseFilter } from './parse-filter.ts';
import { withoutPrefix } from './resolve-path.ts';
import {
  attributesOf,
  coreSchemaOf,
  enterpriseAttributes,
  enterpriseSchema,
  type ResourceType,
  standingSchema,
} from './schemas.ts';
import { badRequest } from './scim-error.ts';

/** A place in a resource, as the path of a PATCH operation names it (RFC 7644, section 3.5.2). */
export interface PatchPath {
  /** The extension that it is in; null for the core of the resource. */
  readonly extension: string | null;
  /** Null for the extension as a whole, or for all of the core. */
  readonly name: string | null;
  /** Its definition; null when no schema has it. */
  readonly attribute: Attribute | null;
  /** Which values of a list; null for all. */
  readonly filter: Filter | null;
  readonly sub: string | null;
}

const shape = /^(?<name>[A-Za-z$][\w$-]*)(?:\[(?<filter>[\s\S]*)\])?(?:\.(?<sub>[\w$-]+))?$/;

/** Reads a path. `ScimError` `invalidPath` for an invalid one, `mutability` when only the server may change it. */
export function parsePatchPath(type: ResourceType, path: string): PatchPath {
  const split = splitSchema(type, path);
  if (split === null) throw badRequest('invalidPath', 'The path is malformed.');
  const { extension, rest } = split;
  if (extension?.toLowerCase() === standingSchema.toLowerCase()) {
    throw badRequest('mutability', 'Only the server sets this extension.');
  }
  if (rest === null) return { extension, name: null, attribute: null, filter: null, sub: null };
  const { name, filter, sub } = shape.exec(rest)?.groups ?? {};
  if (name === undefined) throw badRequest('invalidPath', 'The path is malformed.');
  const attributes = attributesIn(type, extension);
  const attribute = attributeNamed(attributes, name) ?? null;
  if (extension === null && isServers(name)) {
    throw badRequest('mutability', `${name} can't be changed.`);
  }
  const inner =
    sub === undefined ? null : (attributeNamed(attribute?.subAttributes ?? [], sub) ?? null);
  if (sub !== undefined && attribute !== null && inner === null) {
    throw badRequest('invalidPath', `${attribute.name} has no attribute of this name.`);
  }
  if (filter !== undefined && attribute?.multiValued !== true) {
    throw badRequest('invalidPath', 'Only a list can be filtered.');
  }
  return {
    extension,
    name: attribute?.name ?? name,
    attribute,
    filter: filter === undefined ? null : parseFilter(filter),
    sub: inner?.name ?? sub ?? null,
  };
}

function attributesIn(type: ResourceType, extension: string | null): readonly Attribute[] {
  if (extension === null) return attributesOf[type];
  return extension === enterpriseSchema ? enterpriseAttributes : [];
}

const isServers = (name: string): boolean => /^(?:id|meta|groups|schemas)$/i.test(name);

/** A path may begin with the URN of its schema, or be that URN alone. Null for a malformed one. */
export function splitSchema(
  type: ResourceType,
  path: string,
): { readonly extension: string | null; readonly rest: string | null } | null {
  if (!/^urn:/i.test(path)) return { extension: null, rest: path };
  if (path.toLowerCase() === coreSchemaOf[type].toLowerCase()) {
    return { extension: null, rest: null };
  }
  const core = withoutPrefix(path, coreSchemaOf[type]);
  if (core !== null) return { extension: null, rest: core };
  if (type === 'User') {
    if (path.toLowerCase() === enterpriseSchema.toLowerCase()) {
      return { extension: enterpriseSchema, rest: null };
    }
    const enterprise = withoutPrefix(path, enterpriseSchema);
    if (enterprise !== null) return { extension: enterpriseSchema, rest: enterprise };
  }
  // In an extension without a schema, the last part may be an attribute or belong to the name.
  const named = /^(?<urn>urn:[^[\]\s]+:(?=[\w.-]*\d)[\w.-]+:[A-Za-z]+)(?::(?<rest>[^[\]\s:]+))?$/i;
  const { urn, rest } = named.exec(path)?.groups ?? {};
  return urn === undefined ? null : { extension: urn, rest: rest ?? null };
}
