import type { CriteriaExplanation } from '../core/criteria/explain.ts';
import { SourceError } from '../core/errors.ts';
import { noStoreText, type Reason, type SourceNow } from '../core/explain/source-now.ts';
import { explainField } from '../core/explain/why-field.ts';
import { explainStatus } from '../core/explain/why-status.ts';
import { type FieldTrace, traceMapping } from '../core/mapping/trace-mapping.ts';
import { customPrefix, type FieldName, memberFields } from '../core/model/fields.ts';
import type { Member } from '../core/model/member.ts';
import type { SyncRecord } from '../core/model/record.ts';
import { isUnreadable } from '../core/model/source-user.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import type { MappingRule } from '../core/model/store-config.ts';
import { conflictOf } from '../core/plan/claims.ts';
import { fieldOf } from '../core/plan/diff.ts';
import type { Draft } from '../core/plan/draft.ts';
import { planAroundOpenDecisions } from '../core/plan/open-decisions.ts';
import { planContextOf, planUser } from '../core/plan/plan-user.ts';
import type { SourceDirectory } from '../ports/directory.ts';
import type { DirectoryStores } from '../ports/directory-stores.ts';
import type { MemberStore } from '../ports/members.ts';
import type { RecordStore } from '../ports/records.ts';
import { askSource, type SourcePorts } from '../sync/source/ask-source.ts';
import {
  type FieldHistory,
  type FoundRecord,
  findConflicts,
  findHistory,
  type HistoryPorts,
} from './find-records.ts';
import { type PersonReading, readPerson } from './read-person.ts';

export interface MemberPorts extends SourcePorts, HistoryPorts {
  readonly stores: Pick<DirectoryStores, 'get' | 'list' | 'credential'>;
  readonly members: Pick<MemberStore, 'byEmailKey'>;
  readonly records: Pick<RecordStore, 'byIds' | 'page' | 'blocking'>;
}

/** Where one field of a member comes from. */
export interface FieldExplanation {
  readonly field: FieldName;
  /** Null when no rule of the mapping sets it. */
  readonly rule: MappingRule | null;
  /** The source's value and the mapped value; null when the source can't be read. */
  readonly trace: FieldTrace | null;
  readonly stored: string | null;
  readonly reason: Reason;
}

/** The explanation of a member. */
export interface MemberExplanation {
  readonly kind: 'member';
  readonly member: Member;
  /** The store it is synced from; null when it belongs to none. */
  readonly store: DirectoryStore | null;
  readonly source: SourceNow;
  readonly criteria: CriteriaExplanation | null;
  readonly runsFail: string | null;
  readonly reason: Reason;
  readonly status: Reason;
  /** Every field that is mapped or has a value, and the requested one. */
  readonly fields: readonly FieldExplanation[];
  /** The records that set the requested field, or the status. */
  readonly history: FieldHistory;
  /** What the next run would write or report; null when nothing, or when that is unknown. */
  readonly next: Draft | null;
  /** Blocking records: a held one awaits a decision, a rejected one keeps its change from being planned. */
  readonly blocking: readonly SyncRecord[];
  /** What the latest runs reported about other users with the same address at the source. */
  readonly conflicts: readonly FoundRecord[];
}

/** Explains a member; `field` is the requested field, or `status`. */
export async function explainMember(
  ports: MemberPorts,
  member: Member,
  field: FieldName | 'status',
): Promise<MemberExplanation> {
  const store = member.storeId === null ? null : await ports.stores.get(member.storeId);
  const { source, person } = await lookUp(ports, member, store);
  const runsFail = person?.runsFail ?? null;
  const { next, blocking } =
    store === null || runsFail !== null
      ? nothingPlanned
      : await planNext(ports, member, store, source);
  const statusSync = store?.config.settings.statusSync ?? null;
  return {
    kind: 'member',
    member,
    store,
    source,
    criteria: person?.criteria ?? null,
    runsFail,
    reason: whoseMember(member, store),
    status: explainStatus({ member, source, statusSync }),
    fields: await explainFields({ member, store, source, next, blocking, asked: field }),
    history: await findHistory(ports, member, field),
    next,
    blocking,
    conflicts: await findRivals(ports, member),
  };
}

async function findRivals(ports: MemberPorts, { fields }: Member): Promise<readonly FoundRecord[]> {
  const { email } = fields;
  if (email === undefined) return [];
  const stores = await ports.stores.list();
  const found = await Promise.all(
    stores.map(({ id }) => findConflicts(ports, { storeId: id, email })),
  );
  return found.flat();
}

function whoseMember(member: Member, store: DirectoryStore | null): Reason {
  if (store !== null) return { code: 'imported', message: `A member, imported by ${store.name}.` };
  return { code: member.keptFrom === null ? 'by-hand' : 'kept', message: noStoreText(member) };
}

interface LookedUp {
  readonly source: SourceNow;
  readonly person: PersonReading | null;
}

async function lookUp(
  ports: MemberPorts,
  { externalId }: Member,
  store: DirectoryStore | null,
): Promise<LookedUp> {
  if (store === null || externalId === null) return { source: { is: 'none' }, person: null };
  const asked = await askSource(ports, store, async (directory) => {
    const answer = await directory.getUser(externalId);
    if (answer.found) return readPerson(directory, store.config, answer.user);
    if (directory.removalsAreExplicit !== true) await requireEmptyList(directory, externalId);
    return null;
  });
  if ('unreachable' in asked)
    return { source: { is: 'unreachable', reason: asked.unreachable }, person: null };
  const person = asked.answer;
  if (person === null) return { source: { is: 'absent' }, person: null };
  return { source: { is: 'found', user: person.user, reading: person.reading }, person };
}

/** A user that is not found by id is absent only when a list filtered by its id is empty too. */
async function requireEmptyList(
  directory: Pick<SourceDirectory, 'listByIds'>,
  externalId: string,
): Promise<void> {
  const shown = await directory.listByIds([externalId]);
  if (shown?.size === 0) return;
  const reason =
    shown === null
      ? 'its lists filtered by an id prove nothing'
      : 'a list filtered by its id shows it';
  throw new SourceError(
    'retriable',
    'user-failed',
    `the source does not find the user by id, but ${reason}`,
  );
}

type Planned = Pick<MemberExplanation, 'next' | 'blocking'>;

const nothingPlanned: Planned = { next: null, blocking: [] };

/** What a run would plan for the member now, by the functions that runs plan with. */
async function planNext(
  { members, records }: Pick<MemberPorts, 'members' | 'records'>,
  member: Member,
  store: DirectoryStore,
  source: SourceNow,
): Promise<Planned> {
  if (source.is !== 'found' && source.is !== 'absent') return nothingPlanned;
  const context = planContextOf(store, 'next');
  const reading = source.is === 'absent' ? 'gone' : source.reading;
  const all = await records.blocking(store.id, [member.externalId ?? '']);
  const { verdict, noLongerNeeded } = planAroundOpenDecisions(all, (barred) =>
    planUser(context, { reading, member }, barred),
  );
  const { draft } = verdict;
  const blocking = all.filter((record) => !noLongerNeeded.includes(record));
  if (draft === null || draft.claim === null) return { next: draft, blocking };
  const owner = await members.byEmailKey(draft.claim);
  if (owner === null || owner.id === member.id) return { next: draft, blocking };
  return { next: conflictOf({ ...draft, seq: 0 }, owner), blocking };
}

async function explainFields({
  asked,
  ...known
}: Pick<MemberExplanation, 'member' | 'store' | 'source' | 'next' | 'blocking'> & {
  readonly asked: FieldName | 'status';
}): Promise<readonly FieldExplanation[]> {
  const { member, store, source } = known;
  const mapping = store?.config.mapping ?? {};
  const isReadable = source.is === 'found' && !isUnreadable(source.user);
  const traces = isReadable ? await traceMapping(mapping, source.user) : new Map();
  const custom = new Set([
    ...Object.keys(member.custom).map((name) => `${customPrefix}${name}` as FieldName),
    ...(Object.keys(mapping) as FieldName[]).filter((name) => name.startsWith(customPrefix)),
  ]);
  const names = new Set<FieldName>([...memberFields, ...[...custom].sort()]);
  if (asked !== 'status') names.add(asked);
  const isOfInterest = (field: FieldName): boolean =>
    field === asked || mapping[field] !== undefined || fieldOf(member, field) !== null;
  return [...names].filter(isOfInterest).map((field) => {
    const facts = {
      rule: mapping[field] ?? null,
      trace: traces.get(field) ?? null,
      stored: fieldOf(member, field),
    };
    return { field, ...facts, reason: explainField({ ...known, ...facts, field }) };
  });
}
