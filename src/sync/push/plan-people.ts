import {
  type CompiledCriteria,
  compileCriteria,
  evaluate,
  groupReferences,
} from '../../core/criteria/criteria.ts';
import { type MapUsers, openMapping } from '../../core/mapping/map-user.ts';
import type { Member } from '../../core/model/member.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { planAroundOpenDecisions } from '../../core/plan/open-decisions.ts';
import {
  type KnownUser,
  needsOnlyGoneMark,
  type PersonPlan,
  type PlanContext,
  planContextOf,
  planUser,
} from '../../core/plan/plan-user.ts';
import { type Reading, readUsers } from '../../core/plan/read-user.ts';
import { findByName } from '../../core/same-name.ts';
import type { ScimUser } from '../../core/scim/model.ts';
import type { PushedPerson } from '../../core/scim/push-outcome.ts';
import type { DirectoryProfile } from '../../ports/directory.ts';
import type { Ports } from '../../ports/index.ts';
import type { Pushed } from '../../ports/pushed.ts';
import { findOwnersOfAddresses } from '../run/listing/find-adoptable.ts';
import { byUser } from '../run/records/blocking-records.ts';
import { type AddressOwners, findOnce } from './address-owners.ts';

export type PlanPeoplePorts = Pick<Ports, 'members' | 'scim' | 'expressions'>;

/** A store with the parts of its configuration that planning needs, compiled. */
export interface ReadyStore {
  readonly store: DirectoryStore;
  readonly profile: DirectoryProfile;
  readonly map: MapUsers;
  readonly criteria: CompiledCriteria;
  readonly groupReferences: readonly string[];
}

export function readyStore(
  { expressions }: Pick<Ports, 'expressions'>,
  store: DirectoryStore,
  profile: DirectoryProfile,
): ReadyStore {
  return {
    store,
    profile,
    map: openMapping(store.config.mapping, expressions.forRun()),
    criteria: compileCriteria(store.config.criteria),
    groupReferences: groupReferences(store.config.criteria),
  };
}

export interface PlannedPerson extends Omit<PushedPerson, 'record' | 'holder' | 'isPaused'> {
  readonly externalId: string;
  /** The version of the resource that was planned on; null for a removed user. */
  readonly version: number | null;
  /** The key of the address that the member is to have; null when the pushed user makes no member. */
  readonly emailKey: string | null;
}

export interface PeoplePlan {
  readonly people: readonly PlannedPerson[];
  /** Blocking records to close: the source no longer asks for their change. */
  readonly closing: readonly SyncRecord[];
  /** Inactive members for which only the mark as gone is left to write. */
  readonly gone: readonly Member[];
  /** Who had the addresses that were looked up for the plan. */
  readonly owners: AddressOwners;
}

/** The run id in the records of a batch before they belong to a run. */
export const pendingRunId = 'pending';

/** Plans people on their pushed users, with the functions that a run uses. Writes nothing. */
export async function planPeople(
  ports: PlanPeoplePorts,
  { ready, pushed }: { readonly ready: ReadyStore; readonly pushed: Pushed },
): Promise<PeoplePlan> {
  const { store } = ready;
  const { users, removed, members, blocking } = pushed;
  const groups = await readGroups(
    ports,
    ready,
    users.map(({ id }) => id),
  );
  const context = planContextOf(store, pendingRunId);
  const readings = await readPeople(ready, { users, groups });
  const blockingOf = byUser(blocking);
  const memberOf = new Map(members.map((member) => [member.externalId ?? '', member]));
  const withoutMember = [...readings.values()].flatMap((reading) =>
    reading.kind === 'in-scope' && !memberOf.has(reading.externalId) ? [reading] : [],
  );
  const owners = findOnce(ports.members);
  const { adoptable } = await findOwnersOfAddresses({ members: owners, store }, withoutMember);
  const versions = new Map(users.map(({ id, version }) => [id, version]));
  const closing: SyncRecord[] = [];
  const people = [...versions.keys(), ...removed].map((externalId): PlannedPerson => {
    const member = memberOf.get(externalId) ?? adoptable.get(externalId) ?? null;
    const reading = readings.get(externalId) ?? 'gone';
    const own = blockingOf.get(externalId) ?? [];
    const { verdict, blockedBy, noLongerNeeded } = planAroundOpenDecisions(own, (barred) =>
      planPushed(context, { reading, member }, barred),
    );
    closing.push(...noLongerNeeded);
    const version = versions.get(externalId) ?? null;
    const isMember =
      reading !== 'gone' && reading.kind === 'in-scope' && verdict.category !== 'skipped';
    const emailKey = isMember ? reading.emailKey : null;
    const barring = own.find((each) => !noLongerNeeded.includes(each) && each.status === blockedBy);
    const barredBy =
      blockedBy === null || barring === undefined ? null : { by: blockedBy, record: barring };
    return { externalId, member, version, emailKey, verdict, barredBy };
  });
  const gone = removed
    .flatMap((id) => memberOf.get(id) ?? [])
    .filter((member) => needsOnlyGoneMark(context, member));
  return { people, closing, gone, owners };
}

type GroupTest = (id: string, reference: string) => boolean | undefined;

async function readPeople(
  { profile, criteria, map }: ReadyStore,
  pushed: { readonly users: readonly ScimUser[]; readonly groups: GroupTest },
): Promise<ReadonlyMap<string, Reading>> {
  const users = pushed.users.map(({ id, resource }) => profile.pushedUsers.read(id, resource));
  const readings = await readUsers(users, {
    emailOf: profile.emailOf,
    scopeOf: (user) => {
      const groups = (reference: string) => pushed.groups(user.externalId, reference);
      return evaluate(criteria, { user, groups });
    },
    map,
  });
  return new Map(readings.map((reading) => [reading.externalId, reading]));
}

/** Plans one user. A removal needs no further proof: the source itself has just pushed it. */
function planPushed(
  context: PlanContext,
  known: KnownUser,
  barred: ReadonlySet<string>,
): PersonPlan {
  const plan = planUser(context, known, barred);
  const { draft } = plan;
  return draft === null || draft.cause === null
    ? plan
    : { ...plan, draft: { ...draft, confirmed: true } };
}

/** Whether a user is in a group that the criteria name; undefined for a group that was not pushed. */
async function readGroups(
  { scim }: PlanPeoplePorts,
  { store, groupReferences: references }: ReadyStore,
  ids: readonly string[],
): Promise<GroupTest> {
  if (references.length === 0) return () => undefined;
  const [known, named, memberships] = await Promise.all([
    scim.groups.byIds(store.id, references),
    scim.groups.namedLike(store.id, references),
    scim.groups.membershipsOf(ids),
  ]);
  const groupIds = new Map(known.map(({ id }) => [id, id]));
  const withName = findByName(named, ({ resource }) => String(resource['displayName']));
  for (const name of references.filter((reference) => !groupIds.has(reference))) {
    const [only, ...others] = withName(name);
    if (only !== undefined && others.length === 0) groupIds.set(name, only.id);
  }
  const isIn = new Set(memberships.map(({ groupId, userId }) => `${groupId}.${userId}`));
  return (id, reference) => {
    const groupId = groupIds.get(reference);
    return groupId === undefined ? undefined : isIn.has(`${groupId}.${id}`);
  };
}
