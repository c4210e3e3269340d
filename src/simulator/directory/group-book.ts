import { didYouMean } from '../../core/suggest.ts';
import { Refused } from '../refused.ts';
import { firstGroups, type GroupMaker, makeGroups, type StoredGroup } from './make-groups.ts';
import { hashOf } from './random.ts';
import type { SystemUser, UserGroup } from './system-user.ts';

interface GroupBookOptions {
  readonly seed: number;
  readonly organizationId: string;
  readonly count: number;
  readonly people: readonly SystemUser[];
}

/** The groups of a directory and their members. Groups are named by id or name, members by id. */
export class GroupBook {
  readonly #make: GroupMaker;
  readonly #groups = new Map<string, StoredGroup>();

  constructor({ seed, organizationId, count, people }: GroupBookOptions) {
    this.#make = makeGroups(seed, organizationId);
    for (const stored of firstGroups(this.#make, { count, seed, people })) this.#put(stored);
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Every group, in an order that is always the same and arbitrary. */
  all(): readonly UserGroup[] {
    return [...this.#groups.values()]
      .map(({ group }) => group)
      .sort((left, right) => hashOf(left.id) - hashOf(right.id));
  }

  find(idOrName: string): UserGroup | undefined {
    return this.#stored(idOrName)?.group;
  }

  /** The ids of a group's members, in an order that is always the same and arbitrary. */
  membersOf(idOrName: string): readonly string[] {
    return [...this.#get(idOrName).members].sort((left, right) => hashOf(left) - hashOf(right));
  }

  groupsOf(userId: string): readonly UserGroup[] {
    return this.all().filter(({ id }) => this.#groups.get(id)?.members.has(userId) ?? false);
  }

  create(name: string): UserGroup {
    if (this.find(name) !== undefined) throw new Refused(`A group "${name}" exists already.`);
    return this.#put(this.#make(name, []));
  }

  rename(idOrName: string, name: string): UserGroup {
    const stored = this.#get(idOrName);
    return this.#put({ ...stored, group: { ...stored.group, name } });
  }

  remove(idOrName: string): UserGroup {
    const { group } = this.#get(idOrName);
    this.#groups.delete(group.id);
    return group;
  }

  addMember(idOrName: string, userId: string): void {
    this.#get(idOrName).members.add(userId);
  }

  removeMember(idOrName: string, userId: string): void {
    this.#get(idOrName).members.delete(userId);
  }

  forget(userId: string): void {
    for (const { members } of this.#groups.values()) members.delete(userId);
  }

  #put(stored: StoredGroup): UserGroup {
    this.#groups.set(stored.group.id, stored);
    return stored.group;
  }

  #stored(idOrName: string): StoredGroup | undefined {
    const byId = this.#groups.get(idOrName);
    return byId ?? [...this.#groups.values()].find(({ group }) => group.name === idOrName);
  }

  #get(idOrName: string): StoredGroup {
    const stored = this.#stored(idOrName);
    if (stored !== undefined) return stored;
    const names = this.all().map(({ name }) => name);
    throw new Refused(`There is no group "${idOrName}".${didYouMean(idOrName, names)}`);
  }
}
