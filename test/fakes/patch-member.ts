import type { Member } from '../../src/core/model/member.ts';
import { type MemberPatch, withoutBlanks } from '../../src/core/plan/apply-record.ts';

/** A member as it is after a write: what `MemberStore.updateMany` does in the database. */
export function patchMember(
  member: Member,
  write: { readonly patch: MemberPatch; readonly recordId: string; readonly now: Date },
): Member {
  const { fields, custom, ...rest } = write.patch;
  return {
    ...member,
    ...rest,
    fields: withoutBlanks({ ...member.fields, ...fields }),
    custom: withoutBlanks({ ...member.custom, ...custom }),
    revision: member.revision + 1,
    lastRecord: write.recordId,
    updatedAt: write.now,
  };
}
