import { emailKeyOf, spellingsOf } from '../../core/email.ts';
import { type Member, memberIdOf } from '../../core/model/member.ts';
import { recordId, type SyncRecord } from '../../core/model/record.ts';
import type { Run } from '../../core/model/run.ts';
import { namesAddress } from '../../core/names-address.ts';
import { placesNaming } from '../../core/places-naming.ts';
import { type ErasedPerson, eraseMentions, mentionsIn } from '../../core/plan/plan-erasure.ts';
import { foldText } from '../../core/scim/search-form.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { MemberStore } from '../../ports/members.ts';
import type { PersonStore } from '../../ports/people.ts';
import type { RecordStore } from '../../ports/records.ts';
import type { RunStore } from '../../ports/runs.ts';
import type { ScimUserStore } from '../../ports/scim.ts';

export interface FindErasurePorts {
  readonly members: Pick<MemberStore, 'byEmailKey' | 'byIds' | 'bySourceIds' | 'list'>;
  readonly records: Pick<RecordStore, 'byIds' | 'withAddress' | 'containing'>;
  readonly runs: Pick<RunStore, 'list'>;
  /** People who signed in as themselves. */
  readonly people: Pick<PersonStore, 'withAddress'>;
  readonly stores: Pick<DirectoryStores, 'list'>;
  readonly scim: { readonly users: Pick<ScimUserStore, 'withAddress'> };
}

/** A store whose configuration has the address, and its places there. */
export interface NamingStore {
  readonly store: string;
  readonly storeName: string;
  readonly places: readonly string[];
}

/** All that is stored about the people who have an address. */
export interface Erasure {
  /** Members that have the address, or still show it after it went to another member. */
  readonly members: readonly Member[];
  /** These, and the people who had the address and are no members. */
  readonly people: readonly ErasedPerson[];
  /** The records about them, of all runs. */
  readonly recordIds: readonly string[];
  /** Other members that have the address in a field, such as the manager. */
  readonly copies: readonly Member[];
  /** The records about other people that have it. */
  readonly mentions: readonly SyncRecord[];
  /** The previews whose configuration has it. */
  readonly previews: readonly Run[];
  /** The stores whose configuration has the address. It is left as it is: emptied, it could change who is in scope. */
  readonly configurations: readonly NamingStore[];
  /** The stores that may write about them. */
  readonly storeIds: readonly string[];
  /** Present addresses of members that had this one earlier: they belong to other people now. */
  readonly movedTo: readonly string[];
}

/** A person's id in one store, or in none. */
interface Trace {
  readonly storeId: string | null;
  readonly externalId: string | null;
  readonly memberId: string;
}

/** Finds all people who have an address, and every record about them. Reads all records once: it may take a while. */
export async function findErasure(ports: FindErasurePorts, email: string): Promise<Erasure> {
  const wanted = emailKeyOf(email);
  const runs = await ports.runs.list({});
  const storeOf = new Map(runs.map(({ id, storeId }) => [id, storeId]));
  const traces = (await ports.records.withAddress(wanted)).map((record) =>
    traceOf(record, storeOf.get(record.runId) ?? null),
  );
  const spellings = spellingsOf(email).map(foldText);
  for (const { id: externalId, storeId } of await ports.scim.users.withAddress(null, spellings)) {
    traces.push({ storeId, externalId, memberId: memberIdOf(storeId, externalId) });
  }
  const known = await membersOf(ports, traces);
  const holder = await ports.members.byEmailKey(wanted);
  if (holder !== null) known.set(holder.id, holder);
  const shows = ({ fields }: Member) => fields.email && emailKeyOf(fields.email) === wanted;
  const isTheirs = (member: Member) => member.emailKey === wanted || shows(member);
  const members = [...known.values()].filter(isTheirs);
  const left = traces.filter((trace) => ![...known.values()].some(isSame(trace)));
  const people = [...members.map(personOf), ...distinct(left)];
  const records = await recordsAbout(ports, storeOf, people);
  const names = namesAddress(email);
  const copies = await membersNaming(ports, { names, except: members });
  const own = new Set(records.map(({ id }) => id));
  const mentions = (await ports.records.containing(spellingsOf(email))).filter(
    (record) =>
      !own.has(record.id) &&
      JSON.stringify(eraseMentions(record, names)) !== JSON.stringify(record),
  );
  const places = [
    ...people,
    ...records,
    ...copies,
    ...mentions.map(({ runId }) => ({ storeId: storeOf.get(runId) ?? null })),
  ];
  return {
    members,
    people,
    recordIds: records.map(({ id }) => id),
    copies,
    mentions,
    previews: runs.filter(({ proposed }) => proposed !== null && names(JSON.stringify(proposed))),
    configurations: await configurationsNaming(ports, names),
    storeIds: [...new Set(places.map(({ storeId }) => storeId))].filter((id) => id !== null),
    movedTo: [...known.values()]
      .filter((member) => !isTheirs(member))
      .flatMap(({ fields }) => fields.email ?? []),
  };
}

async function configurationsNaming(
  { stores }: Pick<FindErasurePorts, 'stores'>,
  names: (text: string) => boolean,
): Promise<readonly NamingStore[]> {
  return (await stores.list())
    .map((store) => ({
      store: store.id,
      storeName: store.name,
      places: placesNaming(store.config, names),
    }))
    .filter(({ places }) => places.length > 0);
}

/** Reads all members. */
async function membersNaming(
  { members }: Pick<FindErasurePorts, 'members'>,
  {
    names,
    except,
  }: { readonly names: (text: string) => boolean; readonly except: readonly Member[] },
): Promise<readonly Member[]> {
  const theirs = new Set(except.map(({ id }) => id));
  const found: Member[] = [];
  for await (const member of members.list({})) {
    if (!theirs.has(member.id) && mentionsIn(member, names).length > 0) found.push(member);
  }
  return found;
}

function traceOf(
  { externalId, memberId }: Pick<SyncRecord, 'externalId' | 'memberId'>,
  storeId: string | null,
): Trace {
  return { storeId, externalId, memberId: memberId ?? memberIdOf(storeId ?? '', externalId ?? '') };
}

/** Those of them that are members, by id: an adopted member has an id of its own. */
async function membersOf(
  { members }: FindErasurePorts,
  traces: readonly Trace[],
): Promise<Map<string, Member>> {
  const found = [...(await members.byIds(traces.map(({ memberId }) => memberId)))];
  for (const storeId of new Set(traces.map((trace) => trace.storeId))) {
    if (storeId === null) continue;
    const ofStore = traces.filter((trace) => trace.storeId === storeId);
    const externalIds = ofStore.flatMap(({ externalId }) => externalId ?? []);
    found.push(...(await members.bySourceIds(storeId, externalIds)));
  }
  return new Map(found.map((member) => [member.id, member]));
}

const isSame =
  (trace: Trace) =>
  ({ id, storeId, externalId }: Member): boolean =>
    id === trace.memberId ||
    (storeId !== null && storeId === trace.storeId && externalId === trace.externalId);

function personOf({ id, storeId, externalId, revision }: Member): ErasedPerson {
  return { storeId, externalId, memberId: id, revision };
}

function distinct(traces: readonly Trace[]): readonly ErasedPerson[] {
  const byId = new Map(traces.map((trace) => [trace.memberId, { ...trace, revision: 0 }]));
  return [...byId.values()];
}

const runsAtOnce = 200;

/** The records of people are found by the ids that are derived from run and person. */
async function recordsAbout(
  { records }: FindErasurePorts,
  storeOf: ReadonlyMap<string, string | null>,
  people: readonly ErasedPerson[],
): Promise<readonly { readonly id: string; readonly storeId: string | null }[]> {
  const runIds = people.length === 0 ? [] : [...storeOf.keys()];
  const ids = people.flatMap(({ externalId, memberId }) => [externalId ?? [], memberId].flat());
  const found: { id: string; storeId: string | null }[] = [];
  for (let at = 0; at < runIds.length; at += runsAtOnce) {
    const batch = runIds.slice(at, at + runsAtOnce);
    const derived = batch.flatMap((runId) => ids.map((id) => recordId(runId, id)));
    for (const record of await records.byIds(derived)) {
      const storeId = storeOf.get(record.runId) ?? null;
      if (people.some(isAbout(record, storeId))) found.push({ id: record.id, storeId });
    }
  }
  return found;
}

/** People of two stores can have one source id. */
const isAbout =
  (record: SyncRecord, storeId: string | null) =>
  (person: ErasedPerson): boolean =>
    record.memberId === person.memberId ||
    (storeId === person.storeId &&
      record.externalId !== null &&
      record.externalId === person.externalId);
