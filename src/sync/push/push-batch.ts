import type { SyncRecord } from '../../core/model/record.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { type PushOutcome, pushOutcomeOf } from '../../core/scim/push-outcome.ts';
import {
  blockersToReplan,
  membersHoldingAddresses,
  releasedBy,
  usersWantingAddresses,
} from './address-conflicts.ts';
import { applyBatch, closeBlocking, resolveBatch } from './apply-people.ts';
import {
  type PeoplePlan,
  type PlannedPerson,
  planPeople,
  type ReadyStore,
  readyStore,
} from './plan-people.ts';
import type { PushPorts } from './push-ports.ts';
import { addToRun, openPushRun, type PushRun } from './push-run.ts';

export type PushOutcomes = ReadonlyMap<string, PushOutcome>;

const mostRepeats = 5;
const mostPlanned = 2_000;

/** What one batch of a store passes to the next. */
export interface OpenRun {
  run: PushRun | null;
  /** The store with its last configuration, compiled. */
  ready: ReadyStore | null;
  readonly endRun: () => Promise<void>;
}

interface Batch {
  readonly storeId: string;
  readonly open: OpenRun;
  readonly ids: readonly string[];
}

/** The outcome of each user as of now. Writes nothing. */
export async function outcomesNow(
  ports: PushPorts,
  { storeId, open, ids }: Batch,
): Promise<PushOutcomes> {
  const store = ids.length === 0 ? null : await ports.stores.get(storeId);
  if (store === null) return new Map();
  const plan = await planPeople(ports, { ready: readyOf(ports, open, store), ids });
  return outcomesAfter(ports, plan.people, { records: new Map(), store });
}

function readyOf(ports: PushPorts, open: OpenRun, store: DirectoryStore): ReadyStore {
  const isSame = open.ready?.store.configRevision === store.configRevision;
  const ready =
    isSame && open.ready !== null
      ? { ...open.ready, store }
      : readyStore(ports, store, ports.directories.of(store.directory));
  open.ready = ready;
  return ready;
}

/**
 * Plans and applies a batch. Repeats for users whose member or resource another process changed meanwhile, and once per
 * released address for the users that want it.
 */
export async function pushBatch(ports: PushPorts, batch: Batch): Promise<PushOutcomes> {
  const { open, storeId } = batch;
  const found = new Map<string, PushOutcome>();
  const followed = new Set<string | null>();
  let ids = batch.ids;
  for (let repeats = 0; ids.length > 0; ) {
    const store = await ports.stores.get(storeId);
    if (store === null) return found;
    const ready = readyOf(ports, open, store);
    const first = await planPeople(ports, { ready, ids });
    if (store.status === 'paused') {
      const paused = await outcomesAfter(ports, first.people, { records: new Map(), store });
      return new Map([...found, ...paused]);
    }
    const { plan, resolved } = await planAndApply(ports, { ready, first, asked: batch.ids });
    const mayRepeat = repeats < mostRepeats;
    const work = { storeId, open, ready, plan, resolved, mayRepeat };
    const { records, again } = await writeBatch(ports, work);
    for (const [id, outcome] of await outcomesAfter(ports, plan.people, { records, store })) {
      found.set(id, outcome);
    }
    if (again.length > 0) repeats += 1;
    const released = releasedBy(plan, [...records.values()]).filter(
      ({ emailKey }) => !followed.has(emailKey),
    );
    for (const { emailKey } of released) followed.add(emailKey);
    // A key is folded further than the addresses by which users are found.
    const wanted = released.flatMap(({ emailKey, fields }) => [emailKey ?? '', fields.email ?? '']);
    ids = [...new Set([...again, ...(await usersWantingAddresses(ports, storeId, wanted))])];
  }
  return found;
}

/**
 * Resolves a batch together with the users that keep an address which the batch wants: two that swap addresses are
 * pushed one after the other. Users outside the batch get no new report of a conflict or a problem.
 */
async function planAndApply(
  ports: PushPorts,
  work: {
    readonly ready: ReadyStore;
    readonly first: PeoplePlan;
    readonly asked: readonly string[];
  },
): Promise<{ readonly plan: PeoplePlan; readonly resolved: readonly SyncRecord[] }> {
  const { ready, first } = work;
  const storeId = ready.store.id;
  const asked = new Set(work.asked);
  for (let plan = first; ; ) {
    await closeBlocking(ports, plan);
    const resolved = await resolveBatch(ports, ready, plan);
    const blockers = await blockersToReplan(ports, { storeId, plan, records: resolved });
    const ids = [...plan.people.map(({ externalId }) => externalId), ...blockers];
    const isEnough = blockers.length === 0 || ids.length > mostPlanned;
    const next = isEnough ? plan : await planPeople(ports, { ready, ids });
    if (next.people.length <= plan.people.length) {
      const isNews = ({ externalId, status }: SyncRecord) =>
        status !== 'reported' || asked.has(externalId ?? '');
      return { plan, resolved: resolved.filter(isNews) };
    }
    plan = next;
  }
}

type Records = ReadonlyMap<string, SyncRecord>;

async function writeBatch(
  ports: PushPorts,
  work: Omit<Batch, 'ids'> & {
    readonly ready: ReadyStore;
    readonly plan: PeoplePlan;
    readonly resolved: readonly SyncRecord[];
    readonly mayRepeat: boolean;
  },
): Promise<{ readonly records: Records; readonly again: readonly string[] }> {
  const { open, ready, plan, resolved, storeId, mayRepeat } = work;
  if (resolved.length === 0) return { records: new Map(), again: [] };
  // A run has one record per user: a user that is pushed again opens the next run.
  const isPushedAgain = resolved.some(({ externalId }) => open.run?.people.has(externalId ?? ''));
  if (isPushedAgain) await open.endRun();
  open.run ??= await openPushRun(ports, ready.store);
  const { run } = open;
  const categories = new Map(
    plan.people.map(({ externalId, verdict }) => [externalId, verdict.category]),
  );
  const placed = addToRun(run, resolved, (id) => categories.get(id) ?? 'inScope');
  for (const { externalId, version } of plan.people) if (version === null) run.gone.add(externalId);
  const { records, again } = await applyBatch(ports, {
    runId: run.run.id,
    storeId,
    records: placed,
    mayRepeat,
  });
  for (const id of again) run.people.delete(id);
  const changed = mayRepeat ? await changedSince(ports, { storeId, plan, records }) : [];
  return {
    records: new Map(records.map((record) => [record.externalId ?? '', record])),
    again: [...new Set([...again, ...changed])],
  };
}

/**
 * The users whose resource another process changed after it was read here: that process saw the member before this
 * write, and may have had nothing to do.
 */
async function changedSince(
  ports: PushPorts,
  about: {
    readonly storeId: string;
    readonly plan: PeoplePlan;
    readonly records: readonly { readonly externalId: string | null; readonly status: string }[];
  },
): Promise<readonly string[]> {
  const written = new Set(
    about.records.filter(({ status }) => status === 'applied').map(({ externalId }) => externalId),
  );
  const people = about.plan.people.filter(({ externalId }) => written.has(externalId));
  if (people.length === 0) return [];
  const ids = people.map(({ externalId }) => externalId);
  const versions = await ports.scim.users.versions(about.storeId, ids);
  return people
    .filter(({ externalId, version }) => version !== null && versions.get(externalId) !== version)
    .map(({ externalId }) => externalId);
}

async function outcomesAfter(
  ports: PushPorts,
  people: readonly PlannedPerson[],
  { records, store }: { readonly records: Records; readonly store: DirectoryStore },
): Promise<PushOutcomes> {
  const holders = await membersHoldingAddresses(ports, people, records);
  const isPaused = store.status === 'paused';
  return new Map(
    people.map((person) => {
      const { externalId } = person;
      const record = records.get(externalId) ?? null;
      const holder = holders.get(externalId) ?? null;
      return [externalId, pushOutcomeOf({ ...person, record, holder, isPaused })];
    }),
  );
}
