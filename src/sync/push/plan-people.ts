import {
  type CompiledCriteria,
  compileCriteria,
  evaluate,
  groupReferences,
} from '../../core/criteria/criteria.ts';
import { type CompiledMapping, compileMapping } from '../../core/mapping/compile-mapping.ts';
import { mapUser } from '../../core/mapping/map-user.ts';
import type { Member } from '../../core/model/member.ts';
import type { SyncRecord } from '../../core/model/record.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { isAdoptable } from '../../core/plan/adoptable.ts';
import { planAroundOpenDecisions } from '../../core/plan/open-decisions.ts';
import {
  needsOnlyGoneMark,
  type PersonPlan,
  type PlanContext,
  planAdoption,
  planGone,
  planPerson,
} from '../../core/plan/plan-person.ts';
import { type Reading, readUser } from '../../core/plan/read-user.ts';
import type { ScimUser } from '../../core/scim/model.ts';
import type { PushedPerson } from '../../core/scim/push-outcome.ts';
import type { DirectoryProfile } from '../../ports/directory.ts';
import type { Ports } from '../../ports/index.ts';

export type PlanPeoplePorts = Pick<Ports, 'members' | 'records' | 'scim'>;

/** A store with what planning needs of its configuration, made ready. */
export interface ReadyStore {
  readonly store: DirectoryStore;
  readonly profile: DirectoryProfile;
  readonly mapping: CompiledMapping;
  readonly criteria: CompiledCriteria;
  readonly groupReferences: readonly string[];
}

export function readyStore(store: DirectoryStore, profile: DirectoryProfile): ReadyStore {
  return {
    store,
    profile,
    mapping: compileMapping(store.config.mapping),
    criteria: compileCriteria(store.config.criteria),
    groupReferences: groupReferences(store.config.criteria),
  };
}

export interface PlannedPerson extends Omit<PushedPerson, 'record' | 'holder' | 'isPaused'> {
  readonly externalId: string;
  /** The version of the resource that was planned on; null for somebody who was removed. */
  readonly version: number | null;
  /** The key of the address that the member is to have; null for who is no member by what was pushed. */
  readonly emailKey: string | null;
}

export interface PeoplePlan {
  readonly people: readonly PlannedPerson[];
  /** Blocking records whose change the source no longer asks for. */
  readonly over: readonly SyncRecord[];
  /** Inactive members of whom nothing is left to write but that they are gone. */
  readonly gone: readonly Member[];
}

/** What records of a batch say before they belong to a run. */
export const pendingRunId = 'pending';

/** Plans people on what was pushed of them, with the functions that a run over all of them uses. Writes nothing. */
export async function planPeople(
  ports: PlanPeoplePorts,
  { ready, ids }: { readonly ready: ReadyStore; readonly ids: readonly string[] },
): Promise<PeoplePlan> {
  const { store } = ready;
  const [users, members, standing, groups] = await Promise.all([
    ports.scim.users.byIds(store.id, ids),
    ports.members.bySourceIds(store.id, ids),
    readStandingOf(ports, store.id, ids),
    readGroups(ports, ready, ids),
  ]);
  const context = planContextOf(store);
  const readings = await readPeople(ready, { users, groups });
  const memberOf = new Map(members.map((member) => [member.externalId ?? '', member]));
  const strangers = [...readings.values()].filter(({ externalId }) => !memberOf.has(externalId));
  const adoptable = await findAdoptable(ports, { store, strangers });
  const missing = ids.filter((id) => !readings.has(id));
  const removed = missing.length === 0 ? [] : await ports.scim.users.removed(store.id, missing);
  const versions = new Map(users.map(({ id, version }) => [id, version]));
  const over: SyncRecord[] = [];
  const people = [...versions.keys(), ...removed].map((externalId): PlannedPerson => {
    const member = memberOf.get(externalId) ?? adoptable.get(externalId) ?? null;
    const reading = readings.get(externalId) ?? null;
    const about = { context, member, reading };
    const { barring, ...heeded } = heed(standing.get(externalId) ?? [], about);
    over.push(...heeded.noLongerNeeded);
    const version = versions.get(externalId) ?? null;
    const { verdict } = heeded;
    const isMember = reading?.kind === 'in-scope' && verdict.category !== 'skipped';
    const emailKey = isMember ? reading.emailKey : null;
    return { externalId, member, version, emailKey, verdict, barredBy: barring };
  });
  const gone = removed.flatMap((id) => memberOf.get(id) ?? []);
  return { people, over, gone: gone.filter((member) => needsOnlyGoneMark(context, member)) };
}

type GroupTest = (id: string, reference: string) => boolean | undefined;

/** Reads the users one after the other, since the time limit of an expression runs on the clock. */
async function readPeople(
  { profile, criteria, mapping }: ReadyStore,
  pushed: { readonly users: readonly ScimUser[]; readonly groups: GroupTest },
): Promise<ReadonlyMap<string, Reading>> {
  const readings = new Map<string, Reading>();
  for (const { id, resource } of pushed.users) {
    const groups = (reference: string) => pushed.groups(id, reference);
    const reading = await readUser(profile.pushedUsers.read(id, resource), {
      emailOf: profile.emailOf,
      scopeOf: (user) => evaluate(criteria, { user, groups }),
      map: (user) => mapUser(mapping, user),
    });
    readings.set(id, reading);
  }
  return readings;
}

/** Plans one user without the blocked changes, and names the record that blocked one. */
function heed(own: readonly SyncRecord[], about: Parameters<typeof judge>[0]) {
  const heeded = planAroundOpenDecisions(own, (barred) => judge(about, barred));
  const { blockedBy: by, noLongerNeeded } = heeded;
  const record = own.find((each) => !noLongerNeeded.includes(each) && each.status === by);
  return { ...heeded, barring: by === null || record === undefined ? null : { by, record } };
}

function planContextOf(store: DirectoryStore): PlanContext {
  return {
    runId: pendingRunId,
    storeId: store.id,
    origin: { directory: store.directory, orgId: store.orgId },
    statusSync: store.config.settings.statusSync,
  };
}

/** Plans one user. A removal needs no further proof: the source itself has just pushed it. */
function judge(
  about: {
    readonly context: PlanContext;
    readonly member: Member | null;
    readonly reading: Reading | null;
  },
  barred: ReadonlySet<string>,
): PersonPlan {
  const { context, member, reading } = about;
  if (reading === null) {
    return {
      category: 'inScope',
      draft: member === null ? null : planGone(context, member, barred),
    };
  }
  const isStranger = member !== null && member.storeId !== context.storeId;
  const verdict =
    isStranger && reading.kind === 'in-scope'
      ? planAdoption(context, reading, member, barred)
      : planPerson(context, reading, isStranger ? null : member, barred);
  const { draft } = verdict;
  const isRemoval = draft !== null && draft.cause !== null;
  return isRemoval ? { ...verdict, draft: { ...draft, confirmed: true } } : verdict;
}

async function readStandingOf(
  { records }: PlanPeoplePorts,
  storeId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SyncRecord[]>> {
  const found = new Map<string, readonly SyncRecord[]>();
  for (const record of await records.blocking(storeId, ids)) {
    const person = record.externalId ?? '';
    found.set(person, [...(found.get(person) ?? []), record]);
  }
  return found;
}

/** Whether a user is in a group that the criteria name; undefined for a group that was not pushed. */
async function readGroups(
  { scim }: PlanPeoplePorts,
  { store, groupReferences: references }: ReadyStore,
  ids: readonly string[],
): Promise<GroupTest> {
  if (references.length === 0) return () => undefined;
  const groupIds = new Map<string, string>();
  for (const reference of references) {
    const [byId] = await scim.groups.byIds(store.id, [reference]);
    const named = (await scim.groups.named(store.id, reference)).filter(
      ({ resource }) => resource['displayName'] === reference,
    );
    const [only, ...others] = named;
    if (byId !== undefined) groupIds.set(reference, byId.id);
    else if (only !== undefined && others.length === 0) groupIds.set(reference, only.id);
  }
  const memberships = await scim.groups.membershipsOf(ids);
  const isIn = new Set(memberships.map(({ groupId, userId }) => `${groupId}.${userId}`));
  return (id, reference) => {
    const groupId = groupIds.get(reference);
    return groupId === undefined ? undefined : isIn.has(`${groupId}.${id}`);
  };
}

/** Members that new people take over: those who were never in a directory, and those kept from a removed store. */
async function findAdoptable(
  { members }: PlanPeoplePorts,
  about: { readonly store: DirectoryStore; readonly strangers: readonly Reading[] },
): Promise<ReadonlyMap<string, Member>> {
  const claimants = new Map<string, string[]>();
  for (const reading of about.strangers) {
    if (reading.kind !== 'in-scope') continue;
    const { emailKey, externalId } = reading;
    claimants.set(emailKey, [...(claimants.get(emailKey) ?? []), externalId]);
  }
  if (claimants.size === 0) return new Map();
  const found = new Map<string, Member>();
  for (const owner of await members.byEmailKeys([...claimants.keys()])) {
    if (!isAdoptable(owner, about.store)) continue;
    for (const externalId of claimants.get(owner.emailKey ?? '') ?? [])
      found.set(externalId, owner);
  }
  return found;
}
