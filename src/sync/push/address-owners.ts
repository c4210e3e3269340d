import type { Member } from '../../core/model/member.ts';
import type { MemberStore } from '../../ports/members.ts';

/** Finds the members that have addresses. */
export type AddressOwners = Pick<MemberStore, 'byEmailKeys'>;

/**
 * Looks up each address once: one plan decides everything on the members that had the addresses when it was made. The
 * unique index refuses an address that another member got since then.
 */
export function findOnce(members: AddressOwners): AddressOwners {
  const ownerOf = new Map<string, Member | null>();
  return {
    async byEmailKeys(keys) {
      const unknown = keys.filter((key) => !ownerOf.has(key));
      const found = unknown.length === 0 ? [] : await members.byEmailKeys(unknown);
      for (const key of unknown) ownerOf.set(key, null);
      for (const owner of found) ownerOf.set(owner.emailKey ?? '', owner);
      return keys.flatMap((key) => ownerOf.get(key) ?? []);
    },
  };
}
