import type { SyncRecord } from '../../core/model/record.ts';
import type { DirectoryStore } from '../../core/model/store.ts';
import { type PushOutcome, pushOutcomeOf } from '../../core/scim/push-outcome.ts';
import type { Pushed } from '../../ports/pushed.ts';
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

/** Each time another writer was first, which comes to an end: a record that fails would need a sync. */
const mostRepeats = 50;
const mostPlanned = 2_000;

/** What one batch of a store passes to the next. */
export interface OpenRun {
  run: PushRun | null;
  /** The store with its last configuration, compiled. */
  ready: ReadyStore | null;
  /** Runs into which nothing is written any more, and which are to be ended. */
  readonly left: PushRun[];
}

/** Leaves the open run. The next one has time for its expressions again. */
export function leaveRun(open: OpenRun): void {
  if (open.run !== null) open.left.push(open.run);
  open.run = null;
  open.ready = null;
}

interface Batch {
  readonly storeId: string;
  readonly open: OpenRun;
  readonly ids: readonly string[];
}

/** What one push is planned on, read before its turn. */
export interface ReadAhead extends Pushed {
  /** How many batches of the store this process had begun. */
  readonly batchesBefore: number;
  /** Whether the request wrote the user after this was read. */
  readonly isWrittenSince: boolean;
}

/** The outcome of each user as of now. Writes nothing. */
export async function outcomesNow(
  ports: PushPorts,
  { storeId, open, ids }: Batch,
): Promise<PushOutcomes> {
  const pushed = ids.length === 0 ? null : await ports.pushed.read(storeId, ids);
  const store = pushed?.store ?? null;
  if (pushed === null || store === null) return new Map();
  const plan = await planPeople(ports, { ready: readyOf(ports, open, store), pushed });
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
export async function pushBatch(
  ports: PushPorts,
  batch: Batch & { readonly ahead: ReadAhead | null },
): Promise<PushOutcomes> {
  const { open, storeId } = batch;
  const found = new Map<string, PushOutcome>();
  const followed = new Set<string | null>();
  let { ids, ahead } = batch;
  for (let repeats = 0; ids.length > 0; ) {
    const pushed: Pushed = ahead ?? (await ports.pushed.read(storeId, ids));
    const { store } = pushed;
    if (store === null) return found;
    const ready = readyOf(ports, open, store);
    const first = await planPeople(ports, { ready, pushed });
    const isProven = ahead?.isWrittenSince !== true || writesMember(first);
    ahead = null;
    if (!isProven) continue;
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
 * Whether applying a plan shows that the member is still as it was read. A plan that leaves a member as it was before
 * the resource was written overlooks what another process has written to it since then.
 */
function writesMember({ people }: PeoplePlan): boolean {
  return people.every(({ verdict }) => verdict.draft?.status === 'planned');
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
    const blockers = await blockersToReplan({ storeId, plan, records: resolved });
    const ids = [...plan.people.map(({ externalId }) => externalId), ...blockers];
    const isEnough = blockers.length === 0 || ids.length > mostPlanned;
    const next = isEnough
      ? plan
      : await planPeople(ports, { ready, pushed: await ports.pushed.read(storeId, ids) });
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
  if (isPushedAgain) leaveRun(open);
  open.run ??= await openPushRun(ports, ready.store);
  const { run } = open;
  const categories = new Map(
    plan.people.map(({ externalId, verdict }) => [externalId, verdict.category]),
  );
  const placed = addToRun(run, resolved, (id) => categories.get(id) ?? 'inScope');
  for (const { externalId, version } of plan.people) if (version === null) run.gone.add(externalId);
  const changed: string[] = [];
  const { records, again } = await applyBatch(ports, {
    runId: run.run.id,
    storeId,
    records: placed,
    mayRepeat,
    async onWritten(ids) {
      if (mayRepeat) changed.push(...(await changedSince(ports, { storeId, plan, ids })));
    },
  });
  for (const id of again) run.people.delete(id);
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
    readonly ids: readonly string[];
  },
): Promise<readonly string[]> {
  const planned = new Map(
    about.plan.people.map(({ externalId, version }) => [externalId, version]),
  );
  const ids = about.ids.filter((id) => typeof planned.get(id) === 'number');
  if (ids.length === 0) return [];
  const versions = await ports.scim.users.versions(about.storeId, ids);
  return ids.filter((id) => versions.get(id) !== planned.get(id));
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
