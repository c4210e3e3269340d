import { emailKeyOf, spellingsOf } from '../../core/email.ts';
import { SourceError } from '../../core/errors.ts';
import type { SourceGroup } from '../../core/model/group.ts';
import type { SourceUser } from '../../core/model/source-user.ts';
import { findByName, howItDiffers } from '../../core/same-name.ts';
import type { ScimGroup, ScimUser } from '../../core/scim/model.ts';
import type { Filter } from '../../core/scim/parse-filter.ts';
import { foldText } from '../../core/scim/search-form.ts';
import { didYouMean } from '../../core/suggest.ts';
import type {
  DirectoryProfile,
  GroupWalkEnd,
  ListedPage,
  SourceDirectory,
  WalkEnd,
} from '../../ports/directory.ts';
import type { ScimStore } from '../../ports/scim.ts';

const pageSize = 500;
const memberPageSize = 5000;

/**
 * The pushed users and groups of a store, as a directory: full runs, previews, approvals and explanations use it like
 * any other. It is complete, and its removals are proven, because the directory pushed them.
 */
export function openPushed(
  { users, groups }: ScimStore,
  storeId: string,
  profile: DirectoryProfile,
): SourceDirectory {
  const asListed = ({ id, resource }: ScimUser): SourceUser =>
    profile.pushedUsers.read(id, resource);
  return {
    profile,
    removalsAreExplicit: true,
    organizations: async () => [],
    walkUsers: () => walkUsers(users, storeId, asListed),
    async getUser(externalId) {
      const [user] = await users.byIds(storeId, [externalId]);
      if (user !== undefined) return { found: true, user: asListed(user) };
      const [removed] = await users.removed(storeId, [externalId]);
      if (removed !== undefined) return { found: false };
      throw new SourceError('retriable', 'user-failed', `nobody pushed a user ${externalId}`);
    },
    async listByIds(externalIds) {
      return new Set((await users.byIds(storeId, externalIds)).map(({ id }) => id));
    },
    async findByEmail(email) {
      const wanted = emailKeyOf(email);
      const found = await users.withAddress(storeId, spellingsOf(email).map(foldText));
      return found.map(asListed).filter(({ record }) => {
        const address = profile.emailOf(record);
        return address !== null && emailKeyOf(address) === wanted;
      });
    },
    async resolveGroups(references) {
      const known = await groups.byIds(storeId, references);
      const found = new Map(known.map(({ id }) => [id, id]));
      const names = references.filter((reference) => !found.has(reference));
      const withName = findByName(await groups.namedLike(storeId, names), nameOf);
      for (const name of names) {
        found.set(name, await chooseNamed(groups, { storeId, name, named: withName(name) }));
      }
      return found;
    },
    async *walkGroupMembers(groupId) {
      for (let after: string | null = null; ; ) {
        const page: readonly string[] = await groups.members(groupId, after, memberPageSize);
        if (page.length > 0) yield page;
        if (page.length < memberPageSize) return null;
        after = page.at(-1) ?? null;
      }
    },
    walkGroups: () => walkGroups(groups, storeId),
    hasGroup: async (groupId) => (await groups.byIds(storeId, [groupId])).length > 0,
    async groupsOf(externalId) {
      return (await groups.membershipsOf([externalId])).map(({ groupId }) => groupId);
    },
  };
}

/** A user pushed during the walk has a greater id than all before; a removal only lowers the total. */
async function* walkUsers(
  users: ScimStore['users'],
  storeId: string,
  asListed: (user: ScimUser) => SourceUser,
): AsyncGenerator<ListedPage, WalkEnd> {
  const totalBefore = await users.count(storeId);
  let after: string | null = null;
  let pages = 0;
  for (;;) {
    const found: readonly ScimUser[] = await users.after(storeId, after, pageSize);
    pages += 1;
    if (found.length > 0) {
      yield { users: found.map(asListed), withoutId: 0, total: totalBefore, inOrder: true };
    }
    if (found.length < pageSize) break;
    after = found.at(-1)?.id ?? null;
  }
  // The walk reads Rollcall's own database by id, so no total needs to be reached.
  return { broken: null, totalBefore, totalAfter: 0, pages, requests: 0 };
}

async function* walkGroups(
  groups: ScimStore['groups'],
  storeId: string,
): AsyncGenerator<readonly SourceGroup[], GroupWalkEnd> {
  for (let after: string | null = null; ; ) {
    const filter: Filter | null =
      after === null ? null : { op: 'gt', attrPath: 'id', compValue: after };
    const search = { storeId, filter, sort: null, skip: 0, limit: pageSize };
    const page: SourceGroup[] = [];
    for await (const group of (await groups.search(search)).resources) {
      const { id, resource: record } = group;
      page.push({ id, name: nameOf(group), record, doubt: null, isUnderReview: false });
    }
    if (page.length > 0) yield page;
    if (page.length < pageSize) return { broken: null, total: null };
    after = page.at(-1)?.id ?? null;
  }
}

async function chooseNamed(
  groups: ScimStore['groups'],
  {
    storeId,
    name,
    named,
  }: { readonly storeId: string; readonly name: string; readonly named: readonly ScimGroup[] },
): Promise<string> {
  const [first, ...others] = named;
  if (first !== undefined && others.length === 0) return first.id;
  if (first !== undefined) {
    const ids = named.map((group) => `${group.id}${howItDiffers(nameOf(group), name)}`).join(', ');
    throw groupMissing(
      `${named.length} pushed groups are named "${name}": name the one by its id (${ids})`,
    );
  }
  const all = await groups.search({ storeId, filter: null, sort: null, skip: 0, limit: 1000 });
  const names: string[] = [];
  for await (const group of all.resources) names.push(nameOf(group));
  throw groupMissing(`no group "${name}" was pushed.${didYouMean(name, names)}`);
}

const nameOf = ({ resource }: ScimGroup): string => String(resource['displayName']);

function groupMissing(message: string): SourceError {
  return new SourceError('fatal', 'group-missing', message, {
    hint: 'Bind the group to the application in the directory, or change the store’s criteria.',
  });
}
