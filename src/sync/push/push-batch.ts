import type { DirectoryStore } from '../../core/model/store.ts';
import { type Standing, standingOf } from '../../core/scim/standing.ts';
import { applyBatch, closeOver, settleBatch } from './apply-people.ts';
import {
  type PeoplePlan,
  planPeople,
  type PlannedPerson,
  type ReadyStore,
  readyStore,
} from './plan-people.ts';
import { openPushRun, type PushRun, takeInto } from './push-run.ts';
import type { PusherPorts } from './pusher.ts';

export type Standings = ReadonlyMap<string, Standing>;

const mostRepeats = 5;

/** What one batch of a store leaves for the next. */
export interface OpenRun {
  run: PushRun | null;
  /** The store's configuration as it was last, made ready. */
  ready: ReadyStore | null;
  readonly endRun: () => Promise<void>;
}

interface Batch {
  readonly storeId: string;
  readonly open: OpenRun;
  readonly ids: readonly string[];
}

/** How people stand, without changing anything. */
export async function standingsNow(
  ports: PusherPorts,
  { storeId, open, ids }: Batch,
): Promise<Standings> {
  const store = ids.length === 0 ? null : await ports.stores.get(storeId);
  if (store === null) return new Map();
  const plan = await planPeople(ports, { ready: readyOf(open, store), ids });
  return standingsAfter(plan.people, { records: new Map(), store });
}

function readyOf(open: OpenRun, store: DirectoryStore): ReadyStore {
  const isSame = open.ready?.store.configRevision === store.configRevision;
  const ready = isSame && open.ready !== null ? { ...open.ready, store } : readyStore(store);
  open.ready = ready;
  return ready;
}

/** Again for those whose member or resource was changed by another process meanwhile, until none was. */
export async function pushBatch(ports: PusherPorts, batch: Batch): Promise<Standings> {
  const { open, storeId } = batch;
  const found = new Map<string, Standing>();
  let ids = batch.ids;
  for (let repeat = 0; ids.length > 0; repeat += 1) {
    const store = await ports.stores.get(storeId);
    if (store === null) return found;
    const ready = readyOf(open, store);
    const plan = await planPeople(ports, { ready, ids });
    if (store.status === 'paused') {
      return standingsAfter(plan.people, { records: new Map(), store });
    }
    const { records, again } = await writeBatch(ports, {
      ...batch,
      ready,
      plan,
      mayRepeat: repeat < mostRepeats,
    });
    for (const [id, standing] of standingsAfter(plan.people, { records, store })) {
      found.set(id, standing);
    }
    ids = again;
  }
  return found;
}

type Records = ReadonlyMap<string, Parameters<typeof standingOf>[0]['record']>;

async function writeBatch(
  ports: PusherPorts,
  work: Batch & {
    readonly ready: ReadyStore;
    readonly plan: PeoplePlan;
    readonly mayRepeat: boolean;
  },
): Promise<{ readonly records: Records; readonly again: readonly string[] }> {
  const { open, ready, plan, storeId, mayRepeat } = work;
  await closeOver(ports, plan);
  const settled = await settleBatch(ports, ready, plan);
  if (settled.length === 0) return { records: new Map(), again: [] };
  // One record a person and run: who comes again opens the next one.
  const comesAgain = settled.some(({ externalId }) => open.run?.people.has(externalId ?? ''));
  if (comesAgain) await open.endRun();
  open.run ??= await openPushRun(ports, ready.store);
  const { run } = open;
  const categories = new Map(
    plan.people.map(({ externalId, verdict }) => [externalId, verdict.category]),
  );
  const placed = takeInto(run, settled, (id) => categories.get(id) ?? 'inScope');
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
 * Whose resource another process changed after it was read here: that one found the member as it was before this write,
 * and may have had nothing to do.
 */
async function changedSince(
  ports: PusherPorts,
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

function standingsAfter(
  people: readonly PlannedPerson[],
  { records, store }: { readonly records: Records; readonly store: DirectoryStore },
): Standings {
  return new Map(
    people.map((person) => [
      person.externalId,
      standingOf({
        ...person,
        record: records.get(person.externalId) ?? null,
        isPaused: store.status === 'paused',
      }),
    ]),
  );
}
