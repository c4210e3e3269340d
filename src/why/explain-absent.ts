import type { CriteriaExplanation } from '../core/criteria/explain.ts';
import type { Reason, SourceNow } from '../core/explain/source-now.ts';
import { type AbsentFacts, whyAbsent } from '../core/explain/why-absent.ts';
import type { Member } from '../core/model/member.ts';
import type { DirectoryStore } from '../core/model/store.ts';
import { decide } from '../core/plan/decision-table.ts';
import type { SourceDirectory } from '../ports/directory.ts';
import type { Ports } from '../ports/index.ts';
import type { MemberStore } from '../ports/members.ts';
import { askSource, type SourcePorts } from '../sync/source/ask-source.ts';
import { findAtSource } from '../sync/source/find-by-email.ts';
import { type FoundRecord, findByAddress, findLatest, type HistoryPorts } from './find-records.ts';
import { type PersonReading, readPerson } from './read-person.ts';

export interface AbsentPorts extends SourcePorts, HistoryPorts, Pick<Ports, 'expressions'> {
  readonly members: Pick<MemberStore, 'bySourceIds' | 'keptFrom' | 'headsInIdRange'>;
}

/** Why a person is no member of one store. */
export interface AbsentExplanation {
  readonly store: DirectoryStore;
  readonly source: SourceNow;
  readonly criteria: CriteriaExplanation | null;
  readonly reason: Reason;
  /** The latest record about the person; null when no stored run has one. */
  readonly latest: FoundRecord | null;
}

/** Explains why a store imported no user with this address; `owner` is the member that has the address. */
export async function explainAbsent(
  ports: AbsentPorts,
  person: {
    readonly store: DirectoryStore;
    readonly email: string;
    readonly owner: Member | null;
    /** How long the directory may take to answer; without it, as long as reading all users takes. */
    readonly answerMs?: number;
  },
): Promise<AbsentExplanation> {
  const { store, email, owner } = person;
  // Looking for an address maps all users, as a run does.
  const open = ports.expressions.forRun();
  const known = await knownAddress(ports, store);
  const asked = await askSource(
    ports,
    store,
    (directory) => readAll(directory, store, { email, known, open }),
    person.answerMs,
  );
  const { source, chosen, rivals }: AtSource =
    'unreachable' in asked
      ? { source: { is: 'unreachable', reason: asked.unreachable }, chosen: null, rivals: [] }
      : asked.answer;
  const found = chosen?.user.externalId ?? null;
  const members = await findKnown(ports, store, found);
  const latest =
    found === null
      ? await findByAddress(ports, { storeId: store.id, email })
      : await findLatest(ports, { storeId: store.id, externalId: found });
  const criteria = chosen?.criteria ?? null;
  const reason = whyAbsent({
    store,
    statusSync: store.config.settings.statusSync,
    source,
    criteria,
    runsFail: chosen?.runsFail ?? null,
    ...members,
    owner,
    rivals,
  });
  return { store, source, criteria, reason, latest };
}

interface AtSource {
  readonly source: SourceNow;
  /** The user that a run would import, or else the first. */
  readonly chosen: PersonReading | null;
  /** Source ids of the others that a run would import. */
  readonly rivals: readonly string[];
}

async function readAll(
  directory: SourceDirectory,
  { config }: DirectoryStore,
  asked: Pick<Parameters<typeof findAtSource>[1], 'email' | 'known' | 'open'>,
): Promise<AtSource> {
  const all: PersonReading[] = [];
  for (const user of await findAtSource(directory, { mapping: config.mapping, ...asked })) {
    all.push(await readPerson(directory, config, { user, open: asked.open }));
  }
  const { statusSync } = config.settings;
  const claimants = all.filter(
    ({ reading }) =>
      reading.kind === 'in-scope' && decide(reading.state, 'none', statusSync) !== 'skip',
  );
  const chosen = claimants[0] ?? all[0] ?? null;
  if (chosen === null) return { source: { is: 'absent' }, chosen, rivals: [] };
  const { user, reading } = chosen;
  const rivals = claimants.slice(1).map((claimant) => claimant.user.externalId);
  return { source: { is: 'found', user, reading }, chosen, rivals };
}

const mostHeads = 20;

/** The address of a user that the directory had when a run last looked; null when there is none among the first. */
async function knownAddress(
  { members }: Pick<AbsentPorts, 'members'>,
  { id: storeId }: DirectoryStore,
): Promise<string | null> {
  const range = { storeId, after: null, upTo: null, limit: mostHeads };
  const present = (await members.headsInIdRange(range)).find(
    ({ inactiveCause }) => inactiveCause !== 'gone',
  );
  if (present === undefined) return null;
  const [member] = await members.bySourceIds(storeId, [present.externalId]);
  return member?.fields.email ?? null;
}

/** The members that a source id has already: one of the store, and one kept from a removed store. */
async function findKnown(
  { members }: Pick<AbsentPorts, 'members'>,
  store: DirectoryStore,
  externalId: string | null,
): Promise<Pick<AbsentFacts, 'sameId' | 'kept'>> {
  if (externalId === null) return { sameId: null, kept: null };
  const origin = { directory: store.directory, orgId: store.orgId };
  const [[sameId = null], [kept = null]] = await Promise.all([
    members.bySourceIds(store.id, [externalId]),
    members.keptFrom(origin, [externalId]),
  ]);
  return { sameId, kept };
}
