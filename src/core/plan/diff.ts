import { customPrefix, type FieldName, isMemberField, memberFields } from '../model/fields.ts';
import { grantsText, type Member } from '../model/member.ts';
import type { Change } from '../model/record.ts';

/** The values that the mapping gives a member's fields; null is blank, an absent field is left as it is. */
export type DesiredFields = Readonly<Partial<Record<FieldName, string | null>>>;

/** A member's value of a field, null when blank. */
export function fieldOf(member: Pick<Member, 'fields' | 'custom'>, field: string): string | null {
  if (isMemberField(field)) return member.fields[field] ?? null;
  if (!field.startsWith(customPrefix)) return null;
  const name = field.slice(customPrefix.length);
  return Object.hasOwn(member.custom, name) ? (member.custom[name] ?? null) : null;
}

const positions = new Map<string, number>(memberFields.map((field, index) => [field, index]));
const byPosition = (a: string, b: string) =>
  (positions.get(a) ?? memberFields.length) - (positions.get(b) ?? memberFields.length) ||
  (a < b ? -1 : 1);

/** The fields that differ, in the order people read them. Without a member, all that aren't blank. */
export function diffFields(
  member: Pick<Member, 'fields' | 'custom'> | null,
  desired: DesiredFields,
): Change[] {
  const changes: Change[] = [];
  for (const field of Object.keys(desired).sort(byPosition)) {
    const to = desired[field as FieldName] ?? null;
    const from = member === null ? null : fieldOf(member, field);
    if (from !== to) changes.push({ field, from, to });
  }
  return changes;
}

/** All of a member, as changes to blank: what a deletion removes, and what an undo restores. */
export function removalChanges(member: Member): Change[] {
  const fields = [
    ...Object.keys(member.fields),
    ...Object.keys(member.custom).map((name) => `${customPrefix}${name}`),
  ].sort(byPosition);
  const marks = {
    status: member.status,
    statusBy: member.statusBy,
    inactiveCause: member.inactiveCause,
    emailKey: member.emailKey,
    groups: member.groups.length === 0 ? null : member.groups.join(','),
    roles: grantsText(member.roles),
    createdAt: member.createdAt.toISOString(),
  };
  return [
    ...fields.map((field) => ({ field, from: fieldOf(member, field), to: null })),
    ...Object.entries(marks).flatMap(([field, from]) =>
      from === null ? [] : [{ field, from, to: null }],
    ),
  ];
}
