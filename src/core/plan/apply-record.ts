import { customPrefix, isMemberField, type MemberField } from '../model/fields.ts';
import {
  type InactiveCause,
  type Member,
  type MemberStatus,
  type Origin,
  type RoleGrant,
  readGrants,
} from '../model/member.ts';
import type { Change, SyncRecord } from '../model/record.ts';

/** The parts of a member that a write changes. Null means: remove it. */
export interface MemberPatch {
  readonly fields?: Readonly<Partial<Record<MemberField, string | null>>>;
  readonly custom?: Readonly<Record<string, string | null>>;
  readonly status?: MemberStatus;
  readonly statusBy?: Member['statusBy'];
  readonly inactiveCause?: InactiveCause | null;
  readonly emailKey?: string | null;
  readonly storeId?: string | null;
  readonly externalId?: string | null;
  readonly keptFrom?: Origin | null;
  readonly groups?: readonly string[];
  readonly roles?: readonly RoleGrant[];
  readonly createdAt?: Date;
  /** Of every write: one without a fingerprint removes the member's. */
  readonly fingerprint: string | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What a record writes to its member: its changes and its claim, and nothing else. */
export function patchOf(
  record: Pick<SyncRecord, 'changes' | 'claim' | 'fingerprint'>,
): MemberPatch {
  const patch: Writable<MemberPatch> = { fingerprint: record.fingerprint };
  const fields: Partial<Record<MemberField, string | null>> = {};
  const custom: Record<string, string | null> = {};
  for (const { field, to } of record.changes) {
    if (isMemberField(field)) fields[field] = to;
    else if (field.startsWith(customPrefix)) custom[field.slice(customPrefix.length)] = to;
    else Object.assign(patch, markPatch(field, to));
  }
  if (Object.keys(fields).length > 0) patch.fields = fields;
  if (Object.keys(custom).length > 0) patch.custom = custom;
  if (record.claim !== null) patch.emailKey = record.claim;
  return patch;
}

function markPatch(field: string, to: Change['to']): Partial<MemberPatch> {
  switch (field) {
    case 'status':
      return { status: to as MemberStatus };
    case 'statusBy':
      return { statusBy: to as Member['statusBy'] };
    case 'inactiveCause':
      return { inactiveCause: to as InactiveCause | null };
    case 'store':
      // The groups are those of the store that the member leaves.
      return to === null ? { storeId: to, groups: [], roles: [] } : { storeId: to };
    case 'externalId':
      return { externalId: to };
    case 'keptFrom':
      return { keptFrom: to === null ? null : parseOrigin(to) };
    case 'groups':
      return { groups: to?.split(',') ?? [] };
    case 'roles':
      return { roles: readGrants(to) };
    case 'emailKey':
      return { emailKey: to };
    case 'createdAt':
      return to === null ? {} : { createdAt: new Date(to) };
    default:
      throw new Error(`a record changes '${field}', which no member has`);
  }
}

function parseOrigin(text: string): Origin {
  const [directory = '', orgId = ''] = text.split(':');
  return { directory, orgId };
}

/** The member that a create record creates or restores. */
export function memberFrom(
  record: Pick<SyncRecord, 'id' | 'changes' | 'claim' | 'memberId' | 'externalId' | 'fingerprint'>,
  into: { readonly storeId: string | null; readonly now: Date },
): Member {
  if (record.memberId === null)
    throw new Error(`record ${record.id} creates a member without an id`);
  const patch = patchOf(record);
  return {
    id: record.memberId,
    storeId: into.storeId,
    externalId: record.externalId,
    keptFrom: null,
    status: patch.status ?? 'active',
    statusBy: patch.statusBy ?? 'sync',
    inactiveCause: patch.inactiveCause ?? null,
    absence: null,
    fingerprint: patch.fingerprint,
    fields: withoutBlanks(patch.fields ?? {}),
    custom: withoutBlanks(patch.custom ?? {}),
    groups: patch.groups ?? [],
    leftGroupsAt: null,
    roles: patch.roles ?? [],
    emailKey: patch.emailKey ?? null,
    revision: 1,
    lastRecord: record.id,
    createdAt: patch.createdAt ?? into.now,
    updatedAt: into.now,
  };
}

/** The values without the blank ones: a blank field has no key. */
export function withoutBlanks(
  values: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined && value !== null) kept[name] = value;
  }
  return kept;
}
