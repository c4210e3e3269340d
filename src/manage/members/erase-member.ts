import { Conflict, NotFound } from '../../core/errors.ts';
import type { Actor } from '../../core/model/audit.ts';
import type { Run } from '../../core/model/run.ts';
import { emptyTexts, namesAddress } from '../../core/names-address.ts';
import type { Draft } from '../../core/plan/draft.ts';
import {
  type ErasedPerson,
  eraseMentions,
  eraseRecord,
  planEmptying,
  planErasure,
} from '../../core/plan/plan-erasure.ts';
import type { DirectoryStores } from '../../ports/directory-stores.ts';
import type { Ports } from '../../ports/index.ts';
import type { PersonStore, SessionStore } from '../../ports/people.ts';
import type { RunStore } from '../../ports/runs.ts';
import type { ScimGroupStore, ScimUserStore } from '../../ports/scim.ts';
import { type HeldLease, holdLease } from '../../sync/run/lease.ts';
import { resolveRuns } from '../../sync/run/records/resolve-runs.ts';
import { audited } from '../audit/audited.ts';
import { eraseFromAudit } from '../audit/erase-from-audit.ts';
import { eraseFromRevisions } from '../stores/revisions.ts';
import { carryOutEdit } from './carry-out-edit.ts';
import {
  type Erasure,
  type FindErasurePorts,
  findErasure,
  type NamingStore,
} from './find-erasure.ts';

/** The ports that an erasure uses. */
export interface ErasePorts
  extends Pick<
    Ports,
    'members' | 'records' | 'notices' | 'leases' | 'audit' | 'clock' | 'random' | 'revisions'
  > {
  readonly runs: Pick<
    RunStore,
    'get' | 'list' | 'insertUnderWay' | 'update' | 'amend' | 'redactProposed'
  >;
  readonly stores: Pick<DirectoryStores, 'get' | 'list'>;
  readonly people: Pick<PersonStore, 'withAddress' | 'remove'>;
  readonly sessions: Pick<SessionStore, 'endAllOf'>;
  readonly scim: {
    readonly users: Pick<ScimUserStore, 'withAddress' | 'remove'>;
    readonly groups: Pick<ScimGroupStore, 'leaveAll'>;
  };
}

/** What was erased, and the runs that store the fact without the person. */
export interface Erased
  extends Pick<Erasure, 'members' | 'recordIds' | 'copies' | 'mentions' | 'configurations'> {
  readonly runs: readonly Run[];
}

/** All that would be erased; `NotFound` when no member, no record and no user has the address. */
export async function findErasable(ports: FindErasurePorts, email: string): Promise<Erasure> {
  const erasure = await findErasure(ports, email);
  if (erasure.people.length > 0) return erasure;
  if ((await ports.people.withAddress(email)).length > 0) return erasure;
  throw new NotFound(`No member and no record has the address ${email}.`, {
    hint:
      erasure.movedTo.length > 0
        ? `Who had it is a member with another address now: ${erasure.movedTo.join(', ')}`
        : (erasure.configurations.map(wordNaming)[0] ??
          'See all members with: rollcall members list'),
  });
}

/**
 * Deletes the members that have an address, and all records about them. No run of their stores may
 * be at work meanwhile: it would write again what it has read of them. `Conflict` when one is, with
 * nothing changed. The members are deleted last, so that an interrupted erasure is repeated whole.
 */
export async function eraseMember(
  ports: ErasePorts,
  asked: { readonly email: string; readonly actor: Actor },
): Promise<Erased> {
  const { storeIds } = await findErasable(ports, asked.email);
  const { email, actor } = asked;
  return audited(
    ports,
    { actor, action: 'member-erased' },
    async () => {
      const erased = await eraseUnderLeases(ports, { email, by: actor.by, storeIds });
      await eraseUsers(ports, email);
      await eraseFromAudit(ports.audit, email);
      await eraseFromRevisions(ports, email);
      return erased;
    },
    ({ runs: [run] }) => (run === undefined ? {} : { runId: run.id }),
  );
}

/** Who signed in with the address is forgotten; what they did keeps their id. Their next sign-in is that of a new person. */
async function eraseUsers(
  { people, sessions }: Pick<ErasePorts, 'people' | 'sessions'>,
  email: string,
): Promise<void> {
  for (const { id } of await people.withAddress(email)) {
    await sessions.endAllOf({ kind: 'user', id });
    await people.remove(id);
  }
}

async function eraseUnderLeases(
  ports: ErasePorts,
  asked: { readonly email: string; readonly by: string; readonly storeIds: readonly string[] },
): Promise<Erased> {
  const { storeIds } = asked;
  const leases: HeldLease[] = [];
  try {
    for (const storeId of storeIds) leases.push(await leaseOf(ports, storeId));
    const { members, people, recordIds, ...found } = await findErasable(ports, asked.email);
    if (found.storeIds.some((id) => !storeIds.includes(id))) throw changedMeanwhile();
    const checkHeld = (): void => {
      for (const lease of leases) lease.checkHeld();
    };
    await eraseRecords(ports, { recordIds, by: asked.by, checkHeld });
    await erasePushed(ports, people);
    const copied = await eraseCopies(ports, found, { ...asked, checkHeld });
    const runs = await deletePeople(ports, { people, by: asked.by, checkHeld });
    const { copies, mentions, configurations } = found;
    return { members, recordIds, copies, mentions, configurations, runs: [...runs, ...copied] };
  } finally {
    for (const lease of leases) await lease.release();
  }
}

const changedMeanwhile = () =>
  new Conflict('What is known of them changed meanwhile.', { hint: 'Give the command again.' });

async function leaseOf(ports: ErasePorts, storeId: string): Promise<HeldLease> {
  // No other process knows this run yet, so no cancellation can be requested.
  const run = { id: 'erasure', storeId };
  const lease = await holdLease({ ...ports, runs: { get: async () => null } }, run, {
    holder: `erasure:${ports.random()}`,
    signal: new AbortController().signal,
  });
  if (lease !== null) return lease;
  const store = await ports.stores.get(storeId);
  throw new Conflict(
    `A run of ${JSON.stringify(store?.name ?? storeId)} is at work, and may be about them: nothing was changed.`,
    { hint: 'Give the command again when it has ended. See it with: rollcall runs list' },
  );
}

/** Says where a store's configuration has an address, without the address. */
export function wordNaming({ storeName, places }: NamingStore): string {
  return `The configuration of ${JSON.stringify(storeName)} has the address (${places.join(', ')}), and an erasure leaves it there.`;
}

interface Erasing {
  readonly by: string;
  readonly checkHeld: () => void;
}

const recordsAtOnce = 500;

async function eraseRecords(
  ports: Pick<ErasePorts, 'records' | 'runs' | 'clock'>,
  { recordIds, by, checkHeld }: Erasing & { readonly recordIds: readonly string[] },
): Promise<void> {
  const at = ports.clock.now();
  const closed = new Set<string>();
  for (let from = 0; from < recordIds.length; from += recordsAtOnce) {
    checkHeld();
    const records = await ports.records.byIds(recordIds.slice(from, from + recordsAtOnce));
    await ports.records.redactMany(records.map((record) => eraseRecord(record, { by, at })));
    for (const { runId, status } of records) if (status === 'held') closed.add(runId);
  }
  await resolveRuns(ports, [...closed]);
}

/** What other members, records about them, and previews have of the person. */
async function eraseCopies(
  ports: ErasePorts,
  { copies, mentions, previews }: Pick<Erasure, 'copies' | 'mentions' | 'previews'>,
  { email, by, checkHeld }: Erasing & { readonly email: string },
): Promise<readonly Run[]> {
  const names = namesAddress(email);
  checkHeld();
  for (let from = 0; from < mentions.length; from += recordsAtOnce) {
    const batch = mentions.slice(from, from + recordsAtOnce);
    await ports.records.redactMany(batch.map((record) => eraseMentions(record, names)));
  }
  for (const { id, proposed } of previews) {
    if (proposed !== null) await ports.runs.redactProposed(id, emptyTexts(proposed, names));
  }
  return editByStore(ports, { items: copies, by, checkHeld }, (runId, member) =>
    planEmptying(runId, member, names),
  );
}

/** The pushed users: if they stayed, a run would create the members again. */
async function erasePushed(
  { scim }: Pick<ErasePorts, 'scim'>,
  people: readonly ErasedPerson[],
): Promise<void> {
  for (const { storeId, externalId } of people) {
    if (storeId === null || externalId === null) continue;
    const isRemoved = await scim.users.remove({ storeId, id: externalId, version: null });
    if (isRemoved) await scim.groups.leaveAll(externalId);
  }
}

function deletePeople(
  ports: ErasePorts,
  { people, ...erasing }: Erasing & { readonly people: readonly ErasedPerson[] },
): Promise<readonly Run[]> {
  return editByStore(ports, { items: people, ...erasing }, planErasure);
}

/** One run for each store, like any edit by hand. */
async function editByStore<Item extends { readonly storeId: string | null }>(
  ports: ErasePorts,
  { items, by, checkHeld }: Erasing & { readonly items: readonly Item[] },
  plan: (runId: string, item: Item) => Draft,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (const storeId of new Set(items.map((item) => item.storeId))) {
    checkHeld();
    const ofStore = items.filter((item) => item.storeId === storeId);
    const { run, failure } = await carryOutEdit(ports, { storeId, by }, (runId) =>
      ofStore.map((item) => plan(runId, item)),
    );
    if (failure !== null) throw changedMeanwhile();
    runs.push(run);
  }
  return runs;
}
