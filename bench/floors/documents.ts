import type { Change } from '../../src/core/model/record.ts';
import type { MemberDocument } from '../../src/mongo/models/member.model.ts';
import type { RecordDocument } from '../../src/mongo/models/record.model.ts';
import type { Row } from './fetch-pages.ts';

const storeId = '5f0000000000000000000001';
const runId = '5f0000000000000000000002';

/** As long as a SHA-256 in base64; the floors compare none. */
const fingerprint = 'A'.repeat(43).concat('=');

interface Typed {
  readonly type: string;
  readonly [key: string]: unknown;
}

/**
 * The documents that a first import by the default mapping leaves of one user, put together with as little work as
 * can be. Null for who is staged, and so no member.
 */
export function documentsOf(
  row: Row,
  { seq, now }: { readonly seq: number; readonly now: Date },
): { readonly member: MemberDocument; readonly record: RecordDocument } | null {
  const { _id: externalId, state } = row;
  if (state === 'STAGED') return null;
  const isSuspended = state === 'SUSPENDED';
  const status = isSuspended ? 'inactive' : 'active';
  const fields = fieldsOf(row);
  const emailKey = String(row['email']).toLowerCase();
  const memberId = `${storeId}.${externalId}`;
  const recordId = `${runId}.${externalId}`;
  const changes: Change[] = Object.entries(fields).map(([field, to]) => ({
    field,
    from: null,
    to,
  }));
  changes.push({ field: 'status', from: null, to: status });
  if (isSuspended) changes.push({ field: 'inactiveCause', from: null, to: 'suspended' });
  return {
    member: {
      _id: memberId,
      status,
      statusBy: 'sync',
      ...(isSuspended && { inactiveCause: 'suspended' as const }),
      fields,
      custom: {},
      groups: [],
      revision: 1,
      createdAt: now,
      updatedAt: now,
      storeId,
      externalId,
      emailKey,
      lastRecord: recordId,
      fingerprint,
    },
    record: {
      _id: recordId,
      runId,
      action: 'create',
      status: 'applied',
      reason: 'new in the directory',
      changes,
      confirmed: false,
      seq,
      externalId,
      memberId,
      email: String(row['email']),
      claim: emailKey,
    },
  };
}

function fieldsOf(row: Row): Readonly<Record<string, string>> {
  const phones = (row['phoneNumbers'] ?? []) as readonly Typed[];
  const address = ofType((row['addresses'] ?? []) as readonly Typed[], 'work');
  const all = {
    email: row['email'],
    firstName: row['firstname'],
    lastName: row['lastname'],
    displayName: row['displayname'],
    secondaryEmail: row['alternateEmail'],
    employeeId: row['employeeIdentifier'],
    jobTitle: row['jobTitle'],
    department: row['department'],
    location: row['location'],
    company: row['company'],
    costCenter: row['costCenter'],
    employeeType: row['employeeType'],
    phone: ofType(phones, 'work')?.['number'],
    mobile: ofType(phones, 'mobile')?.['number'],
    manager: row['manager'],
    street: address?.['streetAddress'],
    city: address?.['locality'],
    state: address?.['region'],
    postalCode: address?.['postalCode'],
    country: address?.['country'],
  };
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (typeof value === 'string' && value !== '') fields[name] = value;
  }
  return fields;
}

function ofType(items: readonly Typed[], type: string): Typed | undefined {
  return items.find((item) => item.type === type);
}
