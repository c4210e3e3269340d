import type { Member } from '../model/member.ts';
import type { DirectoryStore } from '../model/store.ts';

/**
 * Whether a new user at the source may take over the member that has their e-mail address: one that
 * was never in a directory; or, in a store that is pushed into, one kept from a removed store of
 * the same origin, since a store that is added again gives all users new source ids.
 */
export function isAdoptable(
  { storeId, externalId, emailKey, keptFrom }: Member,
  { via, directory, orgId }: Pick<DirectoryStore, 'via' | 'directory' | 'orgId'>,
): boolean {
  if (emailKey === null) return false;
  if (externalId === null) return true;
  const isOfOrigin = keptFrom?.directory === directory && keptFrom.orgId === orgId;
  return via === 'scim' && storeId === null && isOfOrigin;
}
