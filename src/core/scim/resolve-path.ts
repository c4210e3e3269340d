import { type Attribute, attributeNamed, reference, text } from './attribute.ts';
import {
  attributesOf,
  coreSchemaOf,
  enterpriseAttributes,
  enterpriseSchema,
  type ResourceType,
} from './schemas.ts';
import { enterpriseKey } from './search-form.ts';

/** An attribute that a path names: its place in the search form, and its definition. */
export interface ResolvedPath {
  /** Dotted, in the attributes' own letters; `id` and `meta.…` name what the server stores. */
  readonly path: string;
  readonly attribute: Attribute;
}

const serverAttributes: readonly Attribute[] = [
  text('id', 'The id.', { caseExact: true }),
  text('meta.created', 'When it was made.'),
  text('meta.lastModified', 'When it was changed last.'),
  reference('meta.location', 'Where it is.'),
];

/** The attribute that a path of RFC 7644, section 3.10 names, whatever the case of its letters; null for none. */
export function resolvePath(type: ResourceType, path: string): ResolvedPath | null {
  const core = withoutPrefix(path, coreSchemaOf[type]);
  if (core !== null) return resolveIn(attributesOf[type], core, '');
  const extension = type === 'User' ? withoutPrefix(path, enterpriseSchema) : null;
  if (extension !== null) return resolveIn(enterpriseAttributes, extension, `${enterpriseKey}.`);
  const server = attributeNamed(serverAttributes, path);
  if (server !== undefined) return { path: server.name, attribute: server };
  return resolveIn(attributesOf[type], path, '');
}

/** What follows the URN of a schema and a colon; null when the path does not begin with it. */
export function withoutPrefix(path: string, schema: string): string | null {
  const prefix = `${schema.toLowerCase()}:`;
  return path.toLowerCase().startsWith(prefix) ? path.slice(prefix.length) : null;
}

function resolveIn(
  attributes: readonly Attribute[],
  path: string,
  prefix: string,
): ResolvedPath | null {
  const [first = '', second, ...more] = path.split('.');
  const outer = attributeNamed(attributes, first);
  if (outer === undefined || more.length > 0) return null;
  if (second === undefined) return { path: prefix + outer.name, attribute: outer };
  const inner = attributeNamed(outer.subAttributes ?? [], second);
  if (inner === undefined) return null;
  return { path: `${prefix}${outer.name}.${inner.name}`, attribute: inner };
}
