import { isObject, type JsonObject } from '../model/source-user.ts';
import { attributeNamed } from './attribute.ts';
import type { ScimGroup, ScimUser } from './model.ts';
import type { PushOutcome } from './push-outcome.ts';
import { withoutPrefix } from './resolve-path.ts';
import { attributesOf, coreSchemaOf, type ResourceType, standingSchema } from './schemas.ts';

/** Attributes that a client named, in lower case, without the URN of the core schema. */
interface Named {
  readonly whole: ReadonlySet<string>;
  /** The named sub-attributes of an attribute, or attributes of an extension. */
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Which attributes an answer has (RFC 7644, section 3.9); `only` null: all. */
export interface Projection {
  readonly only: Named | null;
  readonly without: Named;
}

const nothingNamed: Named = { whole: new Set(), parts: new Map() };
export const wholeResource: Projection = { only: null, without: nothingNamed };
/** For groups, which may have a great many members. */
export const withoutMembers: Projection = {
  only: null,
  without: { ...nothingNamed, whole: new Set(['members']) },
};

/** Reads `attributes` and `excludedAttributes`: names with commas between them, or a list of names. */
export function readProjection(
  type: ResourceType,
  attributes: unknown,
  excluded: unknown,
): Projection {
  const only = readNames(type, attributes);
  return { only: only.whole.size === 0 ? null : only, without: readNames(type, excluded) };
}

function readNames(type: ResourceType, value: unknown): Named {
  const whole = new Set<string>();
  const parts = new Map<string, Set<string>>();
  for (const text of [value].flat()) {
    for (const name of typeof text === 'string' ? text.split(',') : []) {
      const folded = name.trim().toLowerCase();
      const path = withoutPrefix(folded, coreSchemaOf[type]) ?? folded;
      if (path === '') continue;
      whole.add(path);
      const end = path.startsWith('urn:') ? path.lastIndexOf(':') : path.indexOf('.');
      if (end === -1) continue;
      const outer = path.slice(0, end);
      const [inner = ''] = path.slice(end + 1).split('.', 1);
      const inners = parts.get(outer);
      if (inners === undefined) parts.set(outer, new Set([inner]));
      else inners.add(inner);
    }
  }
  return { whole, parts };
}

/** Whether the answer has an attribute; if not, its lookups are skipped. */
export function isWanted({ only, without }: Projection, name: string): boolean {
  const wanted = name.toLowerCase();
  return !without.whole.has(wanted) && (only === null || isNamed(only, wanted));
}

/** For answers with several groups: members are left out unless `attributes` names them. */
export function forSeveralGroups(projection: Projection): Projection {
  const { only, without } = projection;
  if (only !== null && isNamed(only, 'members')) return projection;
  return { only, without: { ...without, whole: new Set([...without.whole, 'members']) } };
}

export const isNamed = ({ whole, parts }: Named, name: string): boolean =>
  whole.has(name) || parts.has(name);

interface Answer {
  /** The URL of a store's resources, without a final slash. */
  readonly baseUrl: string;
  readonly projection: Projection;
}

interface UserParts extends Answer {
  /** Null where they are not wanted. */
  readonly groups: readonly { readonly id: string; readonly name: string }[] | null;
  readonly standing: PushOutcome | null;
}

/** A user as clients see it. */
export function presentUser(user: ScimUser, parts: UserParts): JsonObject {
  const { baseUrl, groups, standing } = parts;
  const shown = {
    ...user.resource,
    ...(groups !== null && {
      groups: groups.map(({ id, name }) => ({
        value: id,
        $ref: `${baseUrl}/Groups/${id}`,
        display: name,
        type: 'direct',
      })),
    }),
    ...(standing !== null && {
      [standingSchema]: Object.fromEntries(
        Object.entries(standing).filter(([, value]) => value !== null),
      ),
    }),
  };
  return answerWith('User', user, shown, parts);
}

/** A group as clients see it. `members` are ids of users; null where they are not wanted. */
export function presentGroup(
  group: ScimGroup,
  parts: Answer & { readonly members: readonly string[] | null },
): JsonObject {
  const { baseUrl, members } = parts;
  const shown = {
    ...group.resource,
    ...(members !== null && {
      members: members.map((id) => ({ value: id, $ref: `${baseUrl}/Users/${id}`, type: 'User' })),
    }),
  };
  return answerWith('Group', group, shown, parts);
}

/** The version of a resource as an entity tag. It is weak, because answers show different attributes. */
export function etagOf({ version }: Pick<ScimUser, 'version'>): string {
  return `W/"${version}"`;
}

/**
 * The wanted ones of these attributes and of those that only the server sets. Strict readers refuse an answer with
 * attributes that no schema has: those are shown to clients that name them.
 */
function answerWith(
  type: ResourceType,
  resource: ScimUser | ScimGroup,
  shown: JsonObject,
  { baseUrl, projection }: Answer,
): JsonObject {
  const { only } = projection;
  const described = Object.entries(shown).filter(([name, value]) => {
    if (name.startsWith('urn:')) return isObject(value);
    const isDescribed = attributeNamed(attributesOf[type], name) !== undefined;
    return isDescribed || (only !== null && isNamed(only, name.toLowerCase()));
  });
  const extensions = described.map(([name]) => name).filter((name) => name.startsWith('urn:'));
  const whole = {
    schemas: [coreSchemaOf[type], ...extensions],
    id: resource.id,
    ...Object.fromEntries(described),
    meta: {
      resourceType: type,
      created: resource.createdAt.toISOString(),
      lastModified: resource.updatedAt.toISOString(),
      location: `${baseUrl}/${type}s/${resource.id}`,
      version: etagOf(resource),
    },
  };
  return project(whole, projection);
}

/** Keeps the wanted attributes; `schemas` and `id` are always among them. */
function project(resource: JsonObject, projection: Projection): JsonObject {
  const { only, without } = projection;
  const entries = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'schemas' || name === 'id') return [[name, value]];
    if (!isWanted(projection, name)) return [];
    const key = name.toLowerCase();
    const kept = only === null || only.whole.has(key) ? null : (only.parts.get(key) ?? null);
    return [[name, projectValue(value, kept, without.parts.get(key) ?? null)]];
  });
  return Object.fromEntries(entries);
}

/** The value with these sub-attributes only, null: with all, and without the hidden ones. */
function projectValue(
  value: unknown,
  kept: ReadonlySet<string> | null,
  hidden: ReadonlySet<string> | null,
): unknown {
  if (kept === null && hidden === null) return value;
  const pick = (one: unknown): unknown =>
    isObject(one)
      ? Object.fromEntries(
          Object.entries(one).filter(([key]) => {
            const sub = key.toLowerCase();
            return kept?.has(sub) !== false && hidden?.has(sub) !== true;
          }),
        )
      : one;
  return Array.isArray(value) ? value.map(pick) : pick(value);
}
