import { customPrefix, memberFields } from '../core/model/fields.ts';
import type { MemberView } from '../manage/members/view-members.ts';
import { byteOrderMark, csvLine } from './csv.ts';

/**
 * Members as a CSV file, line by line. The named custom fields have columns of their own; the last
 * column has a member's other custom fields, as JSON.
 */
export async function* membersCsv(
  views: AsyncIterable<MemberView>,
  customFields: readonly string[],
): AsyncGenerator<string> {
  const marks = ['id', 'store', 'storeName', 'externalId', 'status', 'statusBy', 'inactiveCause'];
  const custom = customFields.map((name) => `${customPrefix}${name}`);
  const ends = ['managerEmail', 'createdAt', 'updatedAt', 'otherCustom'];
  yield byteOrderMark + csvLine([...marks, ...memberFields, ...custom, ...ends]);
  for await (const { member, storeName, managerEmail } of views) {
    const others = Object.entries(member.custom).filter(([name]) => !customFields.includes(name));
    yield csvLine([
      member.id,
      member.storeId ?? '',
      storeName ?? '',
      member.externalId ?? '',
      member.status,
      member.statusBy,
      member.inactiveCause ?? '',
      ...memberFields.map((field) => member.fields[field] ?? ''),
      ...customFields.map((name) => member.custom[name] ?? ''),
      managerEmail ?? '',
      member.createdAt.toISOString(),
      member.updatedAt.toISOString(),
      others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others)),
    ]);
  }
}
