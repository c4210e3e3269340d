import { objectIds } from './object-id.ts';
import { seededRandom } from './random.ts';
import { makeUserGroup, type SystemUser, type UserGroup } from './system-user.ts';
import { departments, otherGroups } from './workplaces.ts';

const foundingSeconds = Date.UTC(2020, 10, 2) / 1000;

/** A group as a directory stores it. */
export interface StoredGroup {
  readonly group: UserGroup;
  /** The `_id`s of its members. */
  readonly members: Set<string>;
}

export type GroupMaker = (name: string, members: Iterable<string>) => StoredGroup;

/** Starts a series of groups of one organization, with ascending ids; the same seed gives the same groups. */
export function makeGroups(seed: number, organizationObjectId: string): GroupMaker {
  const nextId = objectIds(seededRandom(seed ^ 0x67726f75));
  let seconds = foundingSeconds;
  return (name, members) => {
    seconds += 60;
    const group = makeUserGroup({ id: nextId(seconds), name, organizationObjectId });
    return { group, members: new Set(members) };
  };
}

/** The first `count` groups of an organization: by department, then at random, then empty projects. */
export function firstGroups(
  make: GroupMaker,
  { count, seed, people }: { count: number; seed: number; people: readonly SystemUser[] },
): StoredGroup[] {
  const random = seededRandom(seed ^ 0x6d656d62);
  const ofDepartments = departments.map(({ name, group }) => ({
    name: group,
    has: (person: SystemUser) => person.department === name,
  }));
  const others = otherGroups.map(({ name, share }) => ({ name, has: () => random() < share }));
  const plans = [...ofDepartments, ...others].slice(0, count);
  while (plans.length < count) {
    plans.push({ name: `Project ${plans.length + 1}`, has: () => random() < 0.02 });
  }
  return plans.map(({ name, has }) => {
    const members = people.filter(has).map(({ _id }) => _id);
    return make(name, members);
  });
}
