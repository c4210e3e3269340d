import { isObject, type JsonObject } from '../model/source-user.ts';
import type { ScimGroup, ScimUser } from './model.ts';
import type { PushOutcome } from './push-outcome.ts';
import { withoutPrefix } from './resolve-path.ts';
import { coreSchemaOf, type ResourceType, standingSchema } from './schemas.ts';

/** Which attributes an answer has (RFC 7644, section 3.9), folded; `only` null: all. */
export interface Projection {
  readonly only: readonly string[] | null;
  readonly without: readonly string[];
}

export const wholeResource: Projection = { only: null, without: [] };
/** For groups, which may have a great many members. */
export const withoutMembers: Projection = { only: null, without: ['members'] };

/** Reads `attributes` and `excludedAttributes`: names with commas between them, or a list of names. */
export function readProjection(attributes: unknown, excluded: unknown): Projection {
  const only = names(attributes);
  return { only: only.length === 0 ? null : only, without: names(excluded) };
}

function names(value: unknown): readonly string[] {
  const texts = [value].flat().filter((each) => typeof each === 'string');
  return texts.flatMap((text) =>
    text
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  );
}

/** Whether the answer has an attribute; if not, its lookups are skipped. */
export function isWanted(type: ResourceType, { only, without }: Projection, name: string): boolean {
  const wanted = name.toLowerCase();
  const begins = (path: string): boolean => {
    const bare = bareName(type, path);
    return bare === wanted || bare.startsWith(`${wanted}.`) || bare.startsWith(`${wanted}:`);
  };
  if (without.some((path) => bareName(type, path) === wanted)) return false;
  return only === null || only.some(begins);
}

const bareName = (type: ResourceType, path: string): string =>
  withoutPrefix(path, coreSchemaOf[type].toLowerCase()) ?? path;

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

/** The wanted ones of these attributes and of those that only the server sets. */
function answerWith(
  type: ResourceType,
  resource: ScimUser | ScimGroup,
  shown: JsonObject,
  { baseUrl, projection }: Answer,
): JsonObject {
  const extensions = Object.keys(shown).filter((key) => key.startsWith('urn:'));
  const whole = {
    schemas: [coreSchemaOf[type], ...extensions],
    id: resource.id,
    ...shown,
    meta: {
      resourceType: type,
      created: resource.createdAt.toISOString(),
      lastModified: resource.updatedAt.toISOString(),
      location: `${baseUrl}/${type}s/${resource.id}`,
      version: etagOf(resource),
    },
  };
  return project(type, whole, projection);
}

/** Keeps the wanted attributes; `schemas` and `id` are always among them. */
function project(type: ResourceType, resource: JsonObject, projection: Projection): JsonObject {
  const { only, without } = projection;
  if (only === null && without.length === 0) return resource;
  const keep = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'schemas' || name === 'id') return [[name, value]];
    const kept = projectValue(value, {
      only: only === null ? null : pathsBeneath(type, only, name),
      without: pathsBeneath(type, without, name),
    });
    return kept === undefined ? [] : [[name, kept]];
  });
  return Object.fromEntries(keep);
}

/** What follows an attribute's name in these paths; `''` for the attribute as a whole. */
function pathsBeneath(
  type: ResourceType,
  paths: readonly string[],
  name: string,
): readonly string[] {
  const wanted = name.toLowerCase();
  const separator = wanted.startsWith('urn:') ? ':' : '.';
  return paths.flatMap((path) => {
    const bare = bareName(type, path);
    if (bare === wanted) return [''];
    return bare.startsWith(wanted + separator) ? [bare.slice(wanted.length + 1)] : [];
  });
}

function projectValue(value: unknown, { only, without }: Projection): unknown {
  if (without.includes('') || only?.length === 0) return undefined;
  const subs = only === null || only.includes('') ? null : only.map(firstName);
  const hidden = without.map(firstName);
  const pick = (one: unknown): unknown =>
    isObject(one)
      ? Object.fromEntries(
          Object.entries(one).filter(([key]) => {
            const sub = key.toLowerCase();
            return (subs === null || subs.includes(sub)) && !hidden.includes(sub);
          }),
        )
      : one;
  return Array.isArray(value) ? value.map(pick) : pick(value);
}

const firstName = (path: string): string => path.split('.')[0] ?? path;
