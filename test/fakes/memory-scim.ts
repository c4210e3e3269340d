import { nameKey } from '../../src/core/same-name.ts';
import type { ScimGroup, ScimUser } from '../../src/core/scim/model.ts';
import { foldText, searchForm } from '../../src/core/scim/search-form.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ScimGroupStore, ScimSearch, ScimStore, ScimUserStore } from '../../src/ports/scim.ts';

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/**
 * Only the database has filters and orders: in memory everything is found by id, or by ids after an
 * id.
 */
function pageOf<T extends { readonly id: string }>(all: readonly T[], search: ScimSearch) {
  const { filter, sort } = search;
  const isAfterId = filter?.op === 'gt' && filter.attrPath === 'id';
  if (sort !== null) throw new Error('orders need a database');
  if (filter !== null && !isAfterId) throw new Error('filters need a database');
  const after = isAfterId ? String(filter.compValue) : '';
  const sorted = all.filter(({ id }) => id > after).toSorted(byId);
  return {
    total: sorted.length,
    resources: each(sorted.slice(search.skip, search.skip + search.limit)),
  };
}

/** SCIM resources in memory, with the guarantees of the port: versions and unique names. */
export class MemoryScim implements ScimStore {
  readonly allUsers = new Map<string, ScimUser>();
  readonly removedUsers = new Map<string, { readonly storeId: string; readonly at: Date }>();
  readonly allGroups = new Map<string, ScimGroup>();
  readonly memberships = new Map<string, Set<string>>();
  readonly #clock: Clock;
  #made = 0;
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly users: ScimUserStore = {
    insert: async ({ storeId, resource }) => {
      if (this.#isUserTaken(null, { storeId, resource })) return 'taken';
      const user = { ...this.#made24(), storeId, resource, pulledId: null };
      this.allUsers.set(user.id, user);
      return user;
    },
    replace: async (user) => {
      const present = this.allUsers.get(user.id);
      if (present?.version !== user.version || present.storeId !== user.storeId) return 'changed';
      if (this.#isUserTaken(user.id, user)) return 'taken';
      const next = { ...user, version: user.version + 1, updatedAt: this.#clock.now() };
      this.allUsers.set(user.id, next);
      return next;
    },
    byIds: async (storeId, ids) => this.#usersOf(storeId).filter(({ id }) => ids.includes(id)),
    search: async (search) => pageOf(this.#usersOf(search.storeId), search),
    remove: async ({ storeId, id, version }) => {
      const user = this.allUsers.get(id);
      if (user?.storeId !== storeId || (version !== null && user.version !== version)) return false;
      this.allUsers.delete(id);
      this.removedUsers.set(id, { storeId, at: this.#clock.now() });
      return true;
    },
    removed: async (storeId, ids) =>
      ids.filter((id) => this.removedUsers.get(id)?.storeId === storeId),
    versions: async (storeId, ids) =>
      new Map(
        this.#usersOf(storeId)
          .filter(({ id }) => ids.includes(id))
          .map(({ id, version }) => [id, version]),
      ),
    after: async (storeId, after, limit) =>
      this.#usersOf(storeId)
        .filter(({ id }) => after === null || id > after)
        .toSorted(byId)
        .slice(0, limit),
    count: async (storeId) => this.#usersOf(storeId).length,
    changedSince: async (storeId, since) =>
      [
        ...this.#usersOf(storeId).filter(({ updatedAt }) => updatedAt >= since),
        ...[...this.removedUsers].flatMap(([id, { storeId: of, at }]) =>
          of === storeId && at >= since ? [{ id }] : [],
        ),
      ]
        .map(({ id }) => id)
        .sort(),
    linked: async (storeId, { pulledIds, addresses }) =>
      this.#usersOf(storeId).filter((user) => {
        const form = searchForm('User', user.resource);
        const emails = (form['emails'] ?? []) as readonly { readonly value?: string }[];
        return (
          pulledIds.includes(user.pulledId ?? '') ||
          addresses.includes(String(form['userName'])) ||
          emails.some(({ value = '' }) => addresses.includes(value))
        );
      }),
    link: async (id, pulledId) => {
      const user = this.allUsers.get(id);
      if (user !== undefined) this.allUsers.set(id, { ...user, pulledId });
    },
    withAddress: async (storeId, folded) =>
      [...this.allUsers.values()]
        .filter((user) => {
          const { resource } = user;
          if (storeId !== null && user.storeId !== storeId) return false;
          const form = searchForm('User', resource);
          const emails = (form['emails'] ?? []) as readonly { readonly value?: string }[];
          return (
            folded.includes(String(form['userName'])) ||
            emails.some(({ value = '' }) => folded.includes(value))
          );
        })
        .toSorted(byId),
  };

  readonly groups: ScimGroupStore = {
    insert: async ({ storeId, resource }) => {
      if (this.#isGroupTaken(null, { storeId, resource })) return 'taken';
      const group = { ...this.#made24(), storeId, resource };
      this.allGroups.set(group.id, group);
      return group;
    },
    replace: async (group) => {
      const present = this.allGroups.get(group.id);
      if (present?.version !== group.version || present.storeId !== group.storeId) return 'changed';
      if (this.#isGroupTaken(group.id, group)) return 'taken';
      return this.#nextGroup(group);
    },
    byIds: async (storeId, ids) => this.#groupsOf(storeId).filter(({ id }) => ids.includes(id)),
    search: async (search) => pageOf(this.#groupsOf(search.storeId), search),
    touch: async (which) => {
      const group = this.#group(which);
      return group === null ? null : this.#nextGroup(group);
    },
    remove: async (which) => {
      if (this.#group(which) === null) return false;
      this.memberships.delete(which.id);
      return this.allGroups.delete(which.id);
    },
    named: async (storeId, name) =>
      this.#groupsOf(storeId)
        .filter(({ resource }) => foldText(String(resource['displayName'])) === foldText(name))
        .toSorted(byId),
    namedLike: async (storeId, names) =>
      this.#groupsOf(storeId)
        .filter(({ resource }) =>
          names.map(nameKey).includes(nameKey(String(resource['displayName']))),
        )
        .toSorted(byId),
    join: async ({ id }, userIds) => {
      this.memberships.set(id, new Set([...(this.memberships.get(id) ?? []), ...userIds]));
    },
    leave: async (id, userIds) => {
      for (const userId of userIds) this.memberships.get(id)?.delete(userId);
    },
    membersAmong: async (id, userIds) =>
      userIds.filter((userId) => this.memberships.get(id)?.has(userId)),
    memberCounts: async (_storeId, ids) =>
      new Map(ids.map((id) => [id, this.memberships.get(id)?.size ?? 0])),
    memberCount: async (id) => this.memberships.get(id)?.size ?? 0,
    members: async (id, after, limit) =>
      [...(this.memberships.get(id) ?? [])]
        .sort()
        .filter((userId) => after === null || userId > after)
        .slice(0, limit),
    membershipsOf: async (userIds) =>
      [...this.memberships].flatMap(([groupId, users]) =>
        [...users]
          .filter((userId) => userIds.includes(userId))
          .map((userId) => ({ groupId, userId })),
      ),
    leaveAll: async (userId) => {
      for (const users of this.memberships.values()) users.delete(userId);
    },
  };

  /** Deletes everything that was pushed into a store. */
  drop(storeId: string) {
    for (const { id } of this.#usersOf(storeId)) this.allUsers.delete(id);
    for (const [id, removed] of this.removedUsers) {
      if (removed.storeId === storeId) this.removedUsers.delete(id);
    }
    for (const { id } of this.#groupsOf(storeId)) {
      this.allGroups.delete(id);
      this.memberships.delete(id);
    }
  }

  #group({ storeId, id, version }: Parameters<ScimGroupStore['touch']>[0]): ScimGroup | null {
    const group = this.allGroups.get(id);
    if (group?.storeId !== storeId || (version !== null && group.version !== version)) return null;
    return group;
  }
  #nextGroup(group: ScimGroup): ScimGroup {
    const next = { ...group, version: group.version + 1, updatedAt: this.#clock.now() };
    this.allGroups.set(group.id, next);
    return next;
  }
  #made24() {
    this.#made += 1;
    const now = this.#clock.now();
    const id = this.#made.toString(16).padStart(24, '0');
    return { id, version: 1, createdAt: now, updatedAt: now };
  }
  #usersOf(storeId: string) {
    return [...this.allUsers.values()].filter((user) => user.storeId === storeId);
  }
  #groupsOf(storeId: string) {
    return [...this.allGroups.values()].filter((group) => group.storeId === storeId);
  }
  /** Two groups with one name are one, unless the directory tells them apart by their external ids. */
  #isGroupTaken(id: string | null, group: Pick<ScimGroup, 'storeId' | 'resource'>): boolean {
    const nameOf = ({ resource }: Pick<ScimGroup, 'resource'>) =>
      JSON.stringify([foldText(String(resource['displayName'])), resource['externalId'] ?? null]);
    return this.#groupsOf(group.storeId).some(
      (other) => other.id !== id && nameOf(other) === nameOf(group),
    );
  }
  #isUserTaken(id: string | null, user: Pick<ScimUser, 'storeId' | 'resource'>): boolean {
    const nameOf = ({ resource }: Pick<ScimUser, 'resource'>) =>
      foldText(String(resource['userName']));
    return this.#usersOf(user.storeId).some(
      (other) => other.id !== id && nameOf(other) === nameOf(user),
    );
  }
}
