import { z } from 'zod';
import { collectCustom } from '../../core/custom-attributes.ts';
import type { SourceGroup } from '../../core/model/group.ts';
import {
  isObject,
  type JsonObject,
  type ListedUser,
  type SourceState,
  type SourceUser,
} from '../../core/model/source-user.ts';
import type { Organization } from '../../ports/directory.ts';
import { isTooDeep, mostLevels } from './record-depth.ts';

/** JumpCloud's ids are 24 hex digits; this accepts any id that is safe in a path and a key. */
const idPattern = /^[A-Za-z0-9_-]{1,128}$/;
const idSchema = z.string().regex(idPattern);

const states = ['ACTIVATED', 'STAGED', 'SUSPENDED'] as const satisfies readonly SourceState[];

const attributeSchema = z.object({ name: z.string(), value: z.unknown() });
const organizationSchema = z.object({ _id: idSchema, displayName: z.string().catch('') });
const groupSchema = z.object({
  id: idSchema,
  name: z.string(),
  membershipMethod: z.string().optional().catch(undefined),
  memberQueryErrorFlags: z.array(z.string()).nullish().catch(undefined),
});
const graphObjectSchema = z.object({ id: idSchema });

/** Rows are not validated here: each is read on its own. */
const rows = z.custom<readonly unknown[]>(Array.isArray);

/** The list answers of v1: rows and how many there are in all. */
export const listSchema = z.object({
  results: rows,
  totalCount: z.number().int().nonnegative(),
});

/** The list answers of v2. */
export const bareListSchema = rows;

/** The `_id` of a v1 row; null when it can't be read. */
export function readUserId(row: unknown): string | null {
  if (typeof row !== 'object' || row === null || !('_id' in row)) return null;
  const { _id: id } = row;
  return typeof id === 'string' && idPattern.test(id) ? id : null;
}

/**
 * Reads a `systemuser`. Only an unknown state or nesting without end makes it unreadable: any other field of an unexpected type stays in the
 * record, and the mapping reports it.
 */
export function readUser(externalId: string, row: unknown): ListedUser {
  if (isTooDeep(row)) {
    return { externalId, unreadable: `it is nested more than ${mostLevels} levels deep` };
  }
  const record = row as JsonObject;
  const state = readState(record);
  if (typeof state !== 'string') return { externalId, ...state };
  const { organization, attributes } = record;
  let custom: SourceUser['custom'] | undefined;
  return {
    externalId,
    state,
    orgId: typeof organization === 'string' && organization !== '' ? organization : null,
    record,
    // Computed on demand, because few stores map custom attributes.
    get custom() {
      custom ??= readCustom(attributes);
      return custom;
    },
    ...(isScalar(attributes) && { customIsUnreadable: true }),
  };
}

/** The address of the record, well-formed or not. */
export function readEmail({ email }: JsonObject): string | null {
  return typeof email === 'string' ? email : null;
}

/**
 * A user is suspended when `suspended` is true or `state` says so; a staged user is staged whatever `suspended` says.
 * `suspended: true` occurs beside `state: "ACTIVATED"`, and older answers have no state. A locked account is not
 * suspended.
 */
function readState({
  state,
  suspended,
}: JsonObject): SourceState | { readonly unreadable: string } {
  const known = states.find((one) => one === state);
  if (suspended === true && known !== 'STAGED') return 'SUSPENDED';
  if (known !== undefined) return known;
  if (state !== undefined && state !== null) {
    return { unreadable: `its state is ${shown(state)}; known are ${states.join(', ')}` };
  }
  if (suspended === false) return 'ACTIVATED';
  if (suspended === undefined || suspended === null) {
    return { unreadable: 'it has neither "state" nor "suspended"' };
  }
  return { unreadable: `"suspended" is ${shown(suspended)}, not true or false` };
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}

function isScalar(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

/** A list of names and values; also an object with a key for each name. */
function readCustom(attributes: unknown): SourceUser['custom'] {
  if (isObject(attributes)) return collectCustom(Object.entries(attributes));
  if (!Array.isArray(attributes)) return {};
  const readable = attributes.flatMap((entry) => attributeSchema.safeParse(entry).data ?? []);
  return collectCustom(readable.map(({ name, value }) => [name, value]));
}

/** Null when the row is not an organization. */
export function readOrganization(row: unknown): Organization | null {
  const organization = organizationSchema.safeParse(row).data;
  return organization === undefined
    ? null
    : { id: organization._id, name: organization.displayName };
}

/** Null when the row is not a group. */
export function readGroup(row: unknown): SourceGroup | null {
  const group = groupSchema.safeParse(row).data;
  if (group === undefined || isTooDeep(row)) return null;
  const { id, name, membershipMethod } = group;
  const flags = group.memberQueryErrorFlags ?? [];
  return {
    id,
    name,
    record: row as JsonObject,
    doubt: flags.length === 0 ? null : `its rule has errors (${flags.join(', ')})`,
    isUnderReview: membershipMethod === 'DYNAMIC_REVIEW_REQUIRED',
  };
}

/** The `id` of a v2 graph object; null for the empty records that JumpCloud's associations may hold. */
export function readGraphId(row: unknown): string | null {
  return graphObjectSchema.safeParse(row).data?.id ?? null;
}
